"""A mistake in a governance file is one sentence with file, line and key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from poc.engine.charter import Charter
from poc.engine.contract import Contract
from poc.engine.owners import Owners
from poc.engine.problems import InvalidFile
from poc.engine.yamlfile import Strict, parse, read
from tests.governance.sample import SAMPLE

MODELS: dict[str, type[Strict]] = {"charter": Charter, "criteria": Contract, "owners": Owners}


def mistakes(folder: Path, name: str, old: str, new: str) -> list[str]:
    text = (SAMPLE / f"{name}.yaml").read_text("utf-8")
    assert old in text
    path = folder / f"{name}.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidFile) as caught:
        read(path, MODELS[name], f"governance/{name}.yaml")
    return list(caught.value.lines)


@pytest.mark.parametrize("name", MODELS)
def test_the_sample_is_valid(name: str) -> None:
    read(SAMPLE / f"{name}.yaml", MODELS[name])


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("criteria", "maxLooks: 3", "maxLoks: 3", "criteria.yaml:7: maxLoks: is not a key this"),
        ("criteria", "maxLooks: 3", "maxLooks: many", "criteria.yaml:7: maxLooks: input should be"),
        ("criteria", "maxLooks: 3", "maxLooks: 0", "maxLooks: input should be greater than"),
        ("criteria", "2099-12-18", "18.12.2099", "YYYY-MM-DD, not '18.12.2099'"),
        ("criteria", "2099-12-18", "20991218", "YYYY-MM-DD, not 20991218"),
        ("criteria", "2099-12-18", "2099-12-18T07:30:00", "YYYY-MM-DD"),
        ("criteria", "value: 2500", "value: .inf", "criteria.yaml:31: .inf is no number"),
        ("criteria", "value: 2500", "value: -.INF", "-.INF is no number to reckon with"),
        ("criteria", "value: 2500", "value: .nan", ".nan is no number to reckon with"),
        ("criteria", "value: 2500", "value: 2.5e+999", "2.5e+999 is no number to reckon with"),
        ("criteria", "value: 2500", 'value: "nan"', "finite number, not 'nan'"),
        ("criteria", "value: 2500", "value: 1e999", "finite number, not '1e999'"),
        ("criteria", "value: 2500", "value: 02500", "02500 is read as another number"),
        ("criteria", "value: 2500", "value: 2:30", "2:30 is read as another number"),
        ("criteria", "load: twice the peak", "load: .nan", "criteria.yaml:30: .nan is no number"),
        ("criteria", "at: 1x}", 'at: 1x, slices: ["1x"]}', "one figure; take out the slices"),
        ("criteria", "level: sandbox}", "level: x, slices: [all, b]}", "INT-1: integration is one"),
        ("criteria", "confidence: 0.95", "confidence: 1", "less than 1, not 1"),
        ("criteria", "confidence: 0.95", "confidence: 0.79", "greater than or equal to 0.8"),
        ("criteria", "maxLooks: 3", "maxLooks: 21", "less than or equal to 20, not 21"),
        ("criteria", "value: 0.02,", "value: -0.1,", "such as 0.97 for 97 %"),
        (
            "criteria",
            "metric: latency_p95_ms",
            "metric: Latency",
            "indicator.metric: string should",
        ),
        (
            "criteria",
            "bound: upper, minSamples: 120",
            "bound: lower, minSamples: 120",
            "by the upper",
        ),
        ("criteria", "op: lte, value: 2500", "op: gt, value: 2500", "latency asks for at most"),
        ("criteria", "op: gt, value: 0,", "op: lt, value: 0,", "value asks for at least"),
        ("criteria", "requestsPerMonth: 10000", "requestsPerMonth: 0", "volume.requestsPerMonth:"),
        ("criteria", "version: 1", "version: 2", "criteria.yaml:2: version: input should be 1"),
        ("criteria", "id: HUM-1", "id: QUAL-1", "QUAL-1 stands here twice"),
        ("criteria", "id: HUM-1", "id: hum", "criteria.yaml:18: criteria.2.id:"),
        ("criteria", "op: gte, value: 0.9,", "op: lte, value: 0.9,", "quality asks for at least"),
        ("criteria", "value: 0.9,", "value: 90,", "such as 0.97 for 97 %"),
        ("criteria", "bound: lower", "bound: point", "decided by the lower, not point"),
        ("criteria", ", minSamples: 100, expected: 0.97", "", "QUAL-1: add minSamples"),
        (
            "criteria",
            "priority: must\n    owner: production\n    statement: Nobody",
            "priority: should\n    owner: production\n    statement: Nobody",
            "no criterion of type latency has",
        ),
        ("criteria", "priority: must", "priority: should", "no criterion of type quality has"),
        ("criteria", "priority: must", "priority: perhaps", "'must' or 'should', not 'perhaps'"),
        ("criteria", "owner: evaluation", "owner: eva", "criteria.1.owner: input should be"),
        ("charter", "intent: production", "intent: fun", "charter.yaml:3: intent: input should be"),
        ("charter", "intent: production", "intent: research\ninten: x", "inten: is not a key"),
        ("charter", "allow: [public]", "allow: [internal, public]", "both allows and redacts"),
        ("charter", "allow: [public]", "allow: [special]", "names special, which is not under"),
        ("charter", "agreed: 2026-01-12", "agreed: yes", "charter.yaml:19: integrations.1.agreed"),
        ("owners", "sponsor:", "sponsr:", "roles.sponsr"),
        ("owners", 'handle: "@ana-brandt", ', 'handle: "ana brandt", ', "roles.sponsor.handle"),
        ("owners", "person: Mo Lund", "person: ravi  SEN", "holds both risk and model"),
        ("owners", "person: Ana Brandt,", "person: Ana Brandt, due: pilot,", "cannot be due later"),
    ],
)
def test_a_mistake_names_file_line_and_key(
    tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    lines = mistakes(tmp_path, name, old, new)
    assert any(said in line for line in lines), lines
    assert all(line.startswith(f"governance/{name}.yaml:") for line in lines)
    assert not any("\n" in line for line in lines)


def test_several_mistakes_are_all_named(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, "criteria", "confidence: 0.95\nmaxLooks: 3", "confidance: 1\nmax: 3")
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: 1\nb: [1, 2\nc: 3\n", r"f.yaml:\d: this is not valid YAML"),
        (b"a: 1\n\tb: 2\n", r"f.yaml:2: this is not valid YAML.*spaces"),
        (b"a: 1\na: 2\n", r"f.yaml:2: a stands here twice"),
        (b"", "is empty"),
        (b"# only a comment\n", "is empty"),
        (b"a: \xff\xfe\n", "save it as UTF-8"),
        (b"[1]: 2\n", "a key must be a word"),
        (b"a: 1\n1: x\n", "f.yaml:2: the key 1 is no word; quote it"),
        (b"a: 1\non: x\n", "f.yaml:2: the key on is no word; quote it"),
        (b"x" * 1_000_001, "is larger"),
        (b"a: !!python/object/apply:os.system [ls]\n", "not valid YAML"),
        (b"just text\n", "f.yaml:1: the file"),
        (b"a: &x [*x]\n", "f.yaml is not valid YAML"),
        (b"a: 0b_\n", "f.yaml holds a number that cannot be read"),
        (b"a: " + b"9" * 5000 + b"\n", "f.yaml holds a number that cannot be read"),
        (b'a: "\\ud800"\n', "f.yaml:1: this is not valid YAML"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    with pytest.raises(InvalidFile, match=said):
        read(path, Owners, "f.yaml")


def test_names_that_stand_for_names_are_not_worth_billions(tmp_path: Path) -> None:
    levels = [b"a0: &a0 [x, x, x, x, x, x, x, x]"]
    for number in range(1, 12):
        names = b", ".join([b"*a%d" % (number - 1)] * 8)
        levels.append(b"a%d: &a%d [%s]" % (number, number, names))
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\n".join(levels))
    with pytest.raises(InvalidFile, match="f.yaml holds more than 50000 values"):
        read(path, Owners, "f.yaml")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1_000", 1000),
        ("0", 0),
        ("0.5", 0.5),
        ("-0.25", -0.25),
        ("'010'", "010"),
        ("10:30x", "10:30x"),
    ],
)
def test_plain_numbers_and_quoted_words_are_what_they_look_like(
    tmp_path: Path, written: str, value: object
) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(f"a: {written}\nb: 2026-01-02\n")
    assert parse(path, "f.yaml") == (
        {"a": value, "b": "2026-01-02"},
        {(): 1, ("a",): 1, ("b",): 2},
    )


def test_the_line_of_an_entry_in_a_list_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("a:\n  - x: 1\n\n  - x: 2\n    y: 3\n")
    lines = parse(path, "f.yaml")[1]
    assert (lines["a", 0], lines["a", 1], lines["a", 1, "y"]) == (2, 4, 5)


def test_a_file_as_large_as_allowed_is_read(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("a: 1\n#" + "x" * 999_994)
    assert parse(path, "f.yaml")[0] == {"a": 1}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Path.mkdir, "f.yaml cannot be read: Is a directory"),
        (lambda p: p.symlink_to(p), "cannot be"),
    ],
)
def test_what_is_no_readable_file_says_why(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    make(tmp_path / "f.yaml")
    with pytest.raises(InvalidFile, match=said):
        read(tmp_path / "f.yaml", Owners, "f.yaml")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="f.yaml is missing"):
        read(tmp_path / "f.yaml", Owners, "f.yaml")
