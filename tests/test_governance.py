"""The governance files of a rendered project: seeded by the answers once, never touched again."""

import json
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, TEMPLATE, git, render, tree
from copier import run_update

AGREED = ("charter", "criteria", "budget", "prices", "owners", "attestations")


def poc(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `poc` of a project, installed or not."""
    return subprocess.run(
        [sys.executable, "-m", "poc.cli", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
    )


def agreed(project: Path, name: str) -> dict[str, object]:
    data: dict[str, object] = yaml.safe_load(
        (project / "governance" / f"{name}.yaml").read_text("utf-8")
    )
    return data


@pytest.mark.parametrize("data_class", ["public", "internal", "customer_pii", "special"])
@pytest.mark.parametrize("provider", ["offline", "anthropic"])
def test_answers_seed_valid_files(data_class: str, provider: str, tmp_path: Path) -> None:
    project = render(
        tmp_path / "poc",
        problem='Letters: "sorted" by hand # today',
        sponsor="Ana O'Neil",
        production_owner="Team: Ops",
        decision_date="2099-02-28",
        requests_per_month=1234,
        data_class=data_class,
        provider=provider,
    )
    assert agreed(project, "owners")["roles"]["sponsor"]["person"] == "Ana O'Neil"  # type: ignore[index]
    assert agreed(project, "owners")["roles"]["production"]["person"] == "Team: Ops"  # type: ignore[index]
    assert str(agreed(project, "criteria")["decisionDate"]) == "2099-02-28"
    assert agreed(project, "criteria")["volume"]["requestsPerMonth"] == 1234  # type: ignore[index]
    charter = agreed(project, "charter")
    assert charter["component"] == 'Letters: "sorted" by hand # today'
    assert (data_class in charter["dataPolicy"]["classes"]) or data_class == "public"  # type: ignore[index]
    assert ("model" in charter["dataPolicy"]["destinations"]) == (provider != "offline")  # type: ignore[index]
    done = poc(project, "verdict", "--json")
    assert done.returncode == 6, done.stderr
    assert json.loads(done.stdout)["verdict"]["word"] == "NOT YET MEASURED"


def test_a_fresh_project_says_what_is_missing_and_who_has_to_act(project: Path) -> None:
    done = poc(project, "next", "--all")
    assert done.returncode == 0
    for said in ("Name the sponsor owner", "Decide the risk class", "Set the day of the decision"):
        assert said in done.stdout
    refused = poc(project, "lock")
    assert refused.returncode == 4
    assert "Traceback" not in refused.stderr


def test_nothing_is_refused_in_a_fresh_project(tmp_path: Path) -> None:
    project = render(tmp_path / "poc")
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "start")
    done = poc(project, "gate")
    assert done.returncode == 0, done.stdout
    assert "to come" in done.stdout


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A clone of the template whose newest commit is the working tree."""
    clone = tmp_path / "template"
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
    listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for path in {*listed, *git(clone, "ls-files").splitlines()}:
        source, target = ROOT / path, clone / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_file():
            target.write_bytes(source.read_bytes())
        else:
            target.unlink(missing_ok=True)
    git(clone, "add", "-A")
    git(clone, "commit", "-q", "--allow-empty", "-m", "now")
    return clone


def test_an_update_never_reverts_what_was_agreed(released: Path, tmp_path: Path) -> None:
    project = render(tmp_path / "poc", source=released, sponsor="Ana")
    git(project, "init", "-q", "-b", "main")
    for name in AGREED:
        path = project / "governance" / f"{name}.yaml"
        path.write_text(
            path.read_text("utf-8").replace("version: 1", "# ours\nversion: 1") + "# ours\n"
        )
    (project / "project.toml").write_text('[project]\nname = "Ours"\n')
    guideline = project / "evals" / "guideline.md"
    guideline.write_text("# Ours\n")
    signoffs = project / "governance" / "signoffs"
    signoffs.mkdir()
    (signoffs / "sponsor.yaml").write_text("role: sponsor\n")
    (project / "governance" / "ledger.jsonl").write_text("{}\n")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "kickoff")
    before = {path: data for path, data in tree(project).items() if path.startswith("governance/")}

    (released / "template" / "evals" / "guideline.md").write_text("# Newer\n")
    for path in sorted((released / "template" / "governance").iterdir()):
        if path.is_file():
            path.write_text(path.read_text("utf-8").replace("version: 1", "version: 1  # newer"))
    git(released, "add", "-A")
    git(released, "commit", "-q", "-m", "newer")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_update(
            project,
            data={"sponsor": "Bo"},
            defaults=True,
            overwrite=True,
            vcs_ref="HEAD",
            quiet=True,
        )
    assert git(project, "diff", "--name-only", "--diff-filter=U") == ""
    after = tree(project)
    for name, data in before.items():
        if name != "governance/checklist.yaml":
            assert after[name] == data, name
    assert b"# newer" in after["governance/checklist.yaml"]
    assert guideline.read_text() == "# Ours\n"
    assert not (project / "tests" / "governance").exists()
    assert (project / "project.toml").read_text() == '[project]\nname = "Ours"\n'


def test_what_is_agreed_is_seeded_once_and_listed(project: Path) -> None:
    rows = yaml.safe_load((ROOT / "copier.yml").read_text())["_skip_if_exists"]
    agreed = [f"/governance/{name}.yaml" for name in AGREED]
    assert sorted(rows) == sorted([*agreed, "/evals/guideline.md"])
    for name in AGREED:
        assert (project / "governance" / f"{name}.yaml").is_file()
    assert (TEMPLATE / "governance" / "checklist.yaml").is_file()
