"""The real service with the tests' own use case: `python -m tests.api.service`.

`--laptop` runs it as `make run` does, together with the local identity provider.
"""

import sys
from pathlib import Path

import pytest

from app import main as service
from local import serve
from tests.api.usecase import Labelling, offline_calibration

CALIBRATION = Path("calibration.json")


def main(arguments: list[str]) -> None:
    """Start it in the current folder, which takes the calibration unless it holds one."""
    if arguments == ["--laptop"]:
        serve.SERVICE = (sys.executable, "-m", "tests.api.service")
        sys.argv = ["serve"]
        serve.main()
        return
    if not CALIBRATION.exists():
        CALIBRATION.write_text(offline_calibration().model_dump_json())
    service.CALIBRATION = CALIBRATION
    pytest.MonkeyPatch().setattr("app.main.usecase.USE_CASE", Labelling())
    service.main()


if __name__ == "__main__":
    main(sys.argv[1:])
