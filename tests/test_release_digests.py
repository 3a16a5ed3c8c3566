"""What a project may not edit in silence is listed as it ships."""

import json
import subprocess
import sys

import pytest
from conftest import ROOT, TEMPLATE

from tools.release import main, rendered

SCHEMAS = TEMPLATE / "governance" / "schemas"


def test_the_list_of_the_release_is_current() -> None:
    assert main(["--check"]) == 0


def test_the_list_names_the_checklist_the_schemas_and_the_engine() -> None:
    listed = json.loads((TEMPLATE / "poc" / "release.json").read_text("utf-8"))["files"]
    assert "governance/checklist.yaml" in listed
    assert "poc/engine/verdict.py" in listed
    assert "poc/release.json" not in listed
    schemas = sorted((TEMPLATE / "governance" / "schemas").glob("*.json"))
    assert {f"governance/schemas/{one.name}" for one in schemas} <= set(listed)
    assert not [path for path in listed if not (TEMPLATE / path).is_file()]


def test_writing_it_twice_gives_the_same() -> None:
    assert rendered(ROOT) == rendered(ROOT)


@pytest.mark.parametrize("name", sorted(path.stem for path in SCHEMAS.glob("*.json")))
def test_a_schema_says_what_the_models_say(name: str) -> None:
    asked = [sys.executable, "-c", f"from poc.schemas import text; print(text({name!r}), end='')"]
    done = subprocess.run(asked, cwd=TEMPLATE, capture_output=True, text=True, check=True)
    assert (SCHEMAS / f"{name}.json").read_text("utf-8") == done.stdout, "run: make renew"
