"""The published schemas say what `poc` reads, so that an editor and the command agree."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema_rs import Draft202012Validator

from poc import schemas
from poc.engine.contract import REQUIRED
from poc.engine.owners import SIGNERS
from poc.engine.problems import InvalidFile
from poc.engine.yamlfile import parse, read
from tests.governance.sample import SAMPLE, TEMPLATE

PRICES = """\
currency: USD
caps: {perDay: 5, perRequest: 0.05}
models:
  - {provider: openai, model: s, inPerM: 0.1, outPerM: 0.4, source: a page, checkedOn: 2026-01-02}
"""


def sample(name: str, folder: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    if name == "prices":
        (folder / "prices.yaml").write_text(PRICES)
        return parse(folder / "prices.yaml", name)[0]
    path = TEMPLATE / "governance" if name == "checklist" else SAMPLE
    return parse(path / f"{name}.yaml", name)[0]


def mistakes(name: str, data: Any) -> list[str]:  # noqa: ANN401
    return [one.message for one in Draft202012Validator(schemas.schema(name)).iter_errors(data)]


@pytest.mark.parametrize("name", schemas.MODELS)
def test_the_published_schema_is_the_one_of_the_model(name: str) -> None:
    published = TEMPLATE / schemas.FOLDER / f"{name}.json"
    assert published.read_text("utf-8") == schemas.text(name)


def test_no_schema_is_left_over() -> None:
    published = {path.stem for path in (TEMPLATE / schemas.FOLDER).iterdir()}
    assert published == set(schemas.MODELS)


def test_writing_them_gives_those_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    schemas.main()
    for name in schemas.MODELS:
        written = tmp_path / "governance" / "schemas" / f"{name}.json"
        assert written.read_text("utf-8") == schemas.text(name)


@pytest.mark.parametrize("name", schemas.MODELS)
def test_a_valid_file_is_valid_by_its_schema(name: str, tmp_path: Path) -> None:
    data = sample(name, tmp_path)
    schemas.MODELS[name].model_validate(data)
    assert mistakes(name, data) == []


@pytest.mark.parametrize("name", schemas.MODELS)
def test_a_key_that_is_misspelt_is_refused_by_the_schema_too(name: str, tmp_path: Path) -> None:
    data = sample(name, tmp_path)
    assert mistakes(name, data | {"vershion": 1})
    assert schemas.schema(name)["title"] == f"governance/{name}.yaml"


@pytest.mark.parametrize("group", REQUIRED, ids=lambda group: group[0])
@pytest.mark.parametrize("how", ["removed", "a should"])
def test_a_contract_without_a_mandatory_must_is_refused_by_both(
    tmp_path: Path, group: tuple[str, ...], how: str
) -> None:
    data = sample("criteria", tmp_path)
    kept = [one for one in data["criteria"] if one["type"] not in group]
    if how == "a should":
        kept += [one | {"priority": "should"} for one in data["criteria"] if one["type"] in group]
    data["criteria"] = kept
    assert len(mistakes("criteria", data)) == 1
    path = tmp_path / "criteria.yaml"
    path.write_text(yaml.safe_dump(data))
    with pytest.raises(InvalidFile, match=f"no criterion of type {' or '.join(group)} has"):
        read(path, schemas.MODELS["criteria"], "governance/criteria.yaml")


@pytest.mark.parametrize("role", SIGNERS)
def test_owners_without_a_signer_are_refused_by_the_schema_too(tmp_path: Path, role: str) -> None:
    data = sample("owners", tmp_path)
    data["roles"].pop(role)
    assert mistakes("owners", data)


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("criteria", {"maxLooks": 0}),
        ("criteria", {"maxLooks": "many"}),
        ("criteria", {"confidence": 1.5}),
        ("criteria", {"interval": "bayes"}),
        ("charter", {"intent": "fun"}),
        ("charter", {"riskClass": "low"}),
        ("owners", {"version": 2}),
    ],
)
def test_a_value_out_of_range_is_refused_by_the_schema_too(
    tmp_path: Path, name: str, edit: dict[str, Any]
) -> None:
    assert mistakes(name, sample(name, tmp_path) | edit)
