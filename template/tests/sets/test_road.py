"""`poc next` leads from a mailbox to a scored decision set, a step at a time."""

from pathlib import Path

from tests.governance import staging
from tests.governance.console import Console
from tests.sets.mails import label


def data_step(poc: Console) -> str:
    """The step that names a command of the way of the data, empty when there is none."""
    every = poc.json("poc next")["steps"]
    found = [one for one in every if one["where"] != "governance/checklist.yaml"]
    words = ("poc profile", "poc sample", "poc label", "poc baseline", "poc seal", "make evals")
    return next((w for one in found for w in words if w in one["what"]), "")


def test_each_step_is_named_until_it_is_done(agreed: tuple[Path, Console], inbox: Path) -> None:
    root, poc = agreed
    assert data_step(poc) == "poc profile"
    (root / "governance" / "profile.json").write_text("{}")
    assert data_step(poc) == "poc sample"
    poc.type(f"poc sample {inbox} --set decision --origin production --class internal --cases 30")
    assert data_step(poc) == "poc label"
    label(root, "decision")
    assert data_step(poc) == "poc baseline"
    poc.type("poc baseline import --accuracy 0.9 --cases 100 --source 'Report of 2025, page 3'")
    assert data_step(poc) == "poc seal"
    poc.type("poc seal")
    assert data_step(poc) == "make evals"
    staging.look(root)
    assert data_step(poc) == ""
