"""The real service with letters to label: `python -m tests.labels.serve`, also with `--laptop`."""

import sys

import pytest

from local import serve
from tests.api import service
from tests.labels.desk import Letter, Letters


def main(arguments: list[str]) -> None:
    """Start it in the current folder, as `tests.api.service` does."""
    if arguments == ["--laptop"]:
        serve.SERVICE = (sys.executable, "-m", "tests.labels.serve")
        sys.argv = ["serve"]
        serve.main()
        return
    patch = pytest.MonkeyPatch()
    patch.setattr(service, "Labelling", lambda: Letters(Letter))
    service.main(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
