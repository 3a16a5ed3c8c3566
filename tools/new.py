"""`make new DEST=../my-poc`: renders this clone's own state, asking Copier's questions."""

import sys
import warnings
from pathlib import Path

import yaml
from copier import run_copy
from copier.errors import CopierError

ROOT = Path(__file__).parents[1]


def one_line(error: Exception) -> str:
    """What is wrong, without the way Copier found it."""
    return " ".join(str(error).split()) or type(error).__name__


def main() -> None:
    """Render into the given folder; a bad answer or folder is one clear line and exit 1."""
    arguments = [one for one in sys.argv[1:] if one]
    if not arguments:
        sys.exit("Say where: make new DEST=../my-poc")
    destination = Path(arguments[0]).expanduser().absolute()
    if destination.exists() and any(destination.iterdir()):
        sys.exit(f"{destination} is not empty; choose a new folder.")
    answers = dict(part.split("=", 1) for part in arguments[1:])
    warnings.simplefilter("ignore")  # a clone with local changes is what is wanted here
    try:
        run_copy(
            str(ROOT), destination, data=answers, vcs_ref="HEAD", quiet=True, defaults=bool(answers)
        )
    except (CopierError, ValueError, yaml.YAMLError) as error:
        sys.exit(f"Nothing was written: {one_line(error)}")
    except KeyboardInterrupt:
        sys.exit("Nothing was written.")


if __name__ == "__main__":
    main()
