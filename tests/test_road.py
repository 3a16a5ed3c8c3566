"""From a folder of messages to a verdict, by the commands a team types and the pages it uses.

Messages, people and figures of the kickoff are made up; every figure of evidence is measured.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import yaml
from builds import Environment, environment, installed, running
from conftest import git, render

MAILS = 300
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
LABELLER = Path(__file__).parent / "labeller.py"
PEOPLE = ("person-reviewer", "person-submitter-reviewer", "person-admin")
OK, REFUSED, NO_GO = 0, 4, 5
ID = re.compile(r" ([A-Z]+-\d) ")
SIGNERS = {
    "sponsor": "Ana Brandt",
    "production": "Ole Vang",
    "evaluation": "Eva Noor",
    "risk": "Ravi Sen",
}


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> tuple[Environment, Path, Path]:
    """An installed project without the cases of its evaluation, which are the team's mail here."""
    folder = tmp_path_factory.mktemp("road")
    project = installed(render(folder / "poc"))
    cases = project / "evals" / "cases" / "evaluation.jsonl"
    rows = [json.loads(line) for line in cases.read_text("utf-8").splitlines()]
    first_of = {one["family"]: one for one in reversed(rows)}
    own = [first_of[name] for name in sorted(first_of)[:MAILS]]
    cases.unlink()
    inbox, truth = folder / "inbox", {}
    inbox.mkdir()
    for number, row in enumerate(own):
        raw = mail(row, number)
        (inbox / f"{number:04}.eml").write_bytes(raw)
        truth[f"m-{hashlib.sha256(raw).hexdigest()[:12]}"] = {
            one: row[one] for one in ("expected", "edge")
        }
    (folder / "truth.json").write_text(json.dumps(truth))
    git(project, "add", "-A")
    git(project, "commit", "-qm", "start")
    return environment(project), inbox, folder / "truth.json"


def mail(row: dict[str, Any], number: int) -> bytes:
    """The message of a case as a mail with a day of its own."""
    body = row.get("body")
    raw: bytes = body.encode() if body is not None else base64.b64decode(row["body_base64"])
    day = START + timedelta(hours=6 * number)
    if row["content_type"].startswith("message/rfc822"):
        dated = f"Date: {day:%a, %d %b %Y %H:%M:%S +0000}\n".encode()
        return dated + re.sub(rb"(?m)^Date:.*\n", b"", raw, count=1)
    text, subject = raw.decode("utf-8", "replace"), ""
    if row["content_type"] == "application/json":
        text, subject = json.loads(raw)["body"], json.loads(raw).get("subject") or ""
    message = EmailMessage()
    message["Date"], message["From"] = day, f"customer{number}@example.org"
    message["Subject"] = " ".join(subject.split())[:200]
    message.set_content(text)
    return message.as_bytes()


def labelled(env: Environment, name: str, person: str, truth: Path, mistakes: float) -> int:
    """One person labels what there is for them; the number of their labels."""
    service, issuer = env.variables["APP_PUBLIC_URL"], env.variables["APP_ISSUER"]
    said = env.python(str(LABELLER), service, issuer, name, person, str(truth), str(mistakes))
    return int(said)


def edit(project: Path, name: str, change: Callable[[Any], None]) -> None:
    """Answer the kickoff's questions in a governance file."""
    path = project / "governance" / f"{name}.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "utf-8")


def kickoff(project: Path) -> None:
    """What a kickoff meeting agrees, and one criterion more than the draft has."""
    today = date.today()  # noqa: DTZ011 - a day of the calendar
    later = today + timedelta(days=30)

    def owners(data: Any) -> None:  # noqa: ANN401 - YAML
        for role, name in SIGNERS.items():
            handle = "@" + name.lower().replace(" ", "-")
            data["roles"][role] |= {"person": name, "handle": handle, "accepted": today}

    def charter(data: Any) -> None:  # noqa: ANN401 - YAML
        data |= {"riskClass": "limited", "notice": "A machine sorts your message first."}
        data["production"]["target"] = later + timedelta(days=100)
        for one in data["blockers"]:
            one["due"] = later
        for one in data["integrations"]:
            one |= {"owner": "Mara Lind", "agreed": today}

    def criteria(data: Any) -> None:  # noqa: ANN401 - YAML
        data["decisionDate"] = later
        first = data["criteria"][0]
        second = json.loads(json.dumps(first)) | {"id": "QUAL-2", "statement": "All are right."}
        second["indicator"]["metric"] = "accuracy"
        second["objective"] |= {"value": 0.97, "minSamples": 100, "expected": 0.99}
        data["criteria"].insert(1, second)

    for name, change in (("owners", owners), ("charter", charter), ("criteria", criteria)):
        edit(project, name, change)


def in_ci(env: Environment, run: str) -> Environment:
    """The same project in a CI job that declares itself as staging and holds the key."""
    key = (env.project / "data" / "sets" / "decision" / "key").read_text()
    return Environment(
        env.project,
        env.variables
        | {
            "CI": "true",
            "GITHUB_RUN_ID": run,
            "POC_SET_KEY": key,
            "APP_ENVIRONMENT": "staging",
            "APP_SESSION_SECRET": "s" * 40,
            "APP_ISSUER": "https://identity.example.org",
            "APP_PUBLIC_URL": "https://service.example.org",
            "APP_DATABASE_URL": "postgresql://service@database.example.org/poc",
        },
    )


@pytest.mark.heavy
def test_from_a_folder_of_mail_to_a_verdict(road: tuple[Environment, Path, Path]) -> None:
    env, inbox, truth = road
    project = env.project
    said = env.poc(f"profile {inbox} --write")
    assert f"{MAILS} messages in {MAILS} files" in said
    assert (project / "governance" / "profile.json").exists()

    for name, cases in (("decision", 150), ("development", 150)):
        said = env.poc(f"sample {inbox} --set {name} --origin production --cases {cases}")
        assert "distinct messages lie in data/sets" in said

    with running(env):
        for name in ("decision", "development"):
            env.poc(f"label start {name}")
            cases = len((project / "data" / "sets" / name / "cases.jsonl").read_text().splitlines())
            assert labelled(env, name, PEOPLE[0], truth, 0.04) == cases
            assert labelled(env, name, PEOPLE[1], truth, 0.04) == cases
            refused = env.poc(f"label collect {name}", REFUSED)
            assert "waiting for a third" in refused
            thirds = labelled(env, name, PEOPLE[2], truth, 0.0)
            assert 0 < thirds < cases / 4
            assert f"{thirds} were settled by a third person" in env.poc(f"label collect {name}")
        env.poc("label start decision --study today --cases 30")
        assert labelled(env, "today", PEOPLE[2], truth, 0.1) == 30
        assert "of 30 cases" in env.poc("baseline study decision today")

    assert "is sealed in governance/sets/decision.sealed" in env.poc("seal")
    assert "of your cases" in env.make("train")
    kickoff(project)
    env.poc("lock --by 'Ana Brandt'")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "The contract, the sets, the trained baseline")
    assert "data/" not in git(project, "ls-files")

    ci = in_ci(env, "1")
    said = ci.make("evals", "SPLIT=decision")
    assert "Look 1 at the decision set is in governance/ledger.jsonl" in said
    said = ci.poc("verdict", NO_GO)
    assert said.startswith("NO-GO - ")
    row = {found[1]: line for line in table(said) if (found := ID.search(line))}
    assert row["QUAL-2"].startswith("x not met")
    assert row["QUAL-1"].startswith("? inconclusive")
    assert "Decision set scored 1 of 3 times." in said
    found = json.loads(ci.poc("verdict --json", NO_GO))
    first = next(one for one in found["verdict"]["findings"] if one["id"] == "QUAL-1")
    assert first["casesMissing"] > 0
    assert first["evidence"] == "build/evidence/evals-decision.json"
    score = json.loads(ci.poc("score --json"))
    instrument = next(one for one in score["items"] if one["id"] == "EVAL-3")
    assert instrument["outcome"] == "pass"
    looks_end(env, project)


def table(said: str) -> list[str]:
    """The lines of the verdict that are about a criterion."""
    return [line for line in said.splitlines() if ID.search(line[:24])]


def looks_end(env: Environment, project: Path) -> None:
    """Two more looks are agreed; then none is given, nor is one at an altered file."""
    for run in ("2", "3"):
        in_ci(env, run).make("evals", "SPLIT=decision")
        # Each run is a fresh clone, so it has no rows of an earlier one.
        for rows in (project / "build" / "evals").glob("*/rows.jsonl"):
            rows.unlink()
    refused = in_ci(env, "4")
    with pytest.raises(AssertionError, match="All 3 agreed looks at the decision set are taken"):
        refused.make("evals", "SPLIT=decision")
    sealed = project / "governance" / "sets" / "decision.sealed"
    raw = bytearray(sealed.read_bytes())
    raw[len(raw) // 2] ^= 1
    sealed.write_bytes(raw)
    with pytest.raises(AssertionError, match="its digest differs"):
        refused.make("evals", "SPLIT=decision")
