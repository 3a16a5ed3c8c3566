"""A placeholder is no person, and an unusual name is one."""

import pytest

from poc.engine.owners import Owners


@pytest.mark.parametrize(
    "name", ["", " ", "TODO", "tbd", "To be named", "N/A", "Product Persona", "Jane Doe", "<name>"]
)
def test_placeholders_are_no_names(name: str) -> None:
    assert (
        not Owners.model_validate(
            {"version": 1, "roles": {one: {"person": name} for one in _SIGNERS}}
        )
        .role("sponsor")
        .named
    )


@pytest.mark.parametrize("name", ["Ana Brandt", "Nonette Nabors", "Xavier Todd", "李雷", "O'Neil"])
def test_names_are_names(name: str) -> None:
    roles = {one: {"person": name if one == "sponsor" else ""} for one in _SIGNERS}
    assert Owners.model_validate({"version": 1, "roles": roles}).role("sponsor").named


_SIGNERS = ("sponsor", "production", "evaluation", "risk")
