"""What was agreed at kickoff, as far as the start page shows it: read from `governance/`."""

from pathlib import Path
from typing import Any

import yaml

_CLASSES = ("special", "customer_pii", "internal", "public")


def agreed(folder: Path = Path("governance")) -> list[tuple[str, str]]:
    """Label and value of each fact; empty is missing. A file that cannot be read says nothing.

    The service runs without the folder, and `poc` says what is wrong with a file.
    """
    owners, contract, charter = (_read(folder / f"{name}.yaml") for name in _FILES)
    classes = _at(charter, "dataPolicy", "classes")
    most = next((one for one in _CLASSES if one in classes), "") if classes else ""
    return [
        ("Sponsor", _text(_at(owners, "roles", "sponsor", "person"))),
        ("Production owner", _text(_at(owners, "roles", "production", "person"))),
        ("Decision date", _text(_at(contract, "decisionDate"))),
        ("Requests a month", _text(_at(contract, "volume", "requestsPerMonth"))),
        ("Most sensitive data", most.replace("_", " ")),
    ]


_FILES = ("owners", "criteria", "charter")


def _read(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - makes texts only
    except (OSError, ValueError, yaml.YAMLError):
        return None


def _at(data: Any, *keys: str) -> Any:  # noqa: ANN401
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _text(value: object) -> str:
    return value if isinstance(value, str) and value not in ("null", "~") else ""
