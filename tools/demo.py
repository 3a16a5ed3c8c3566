"""`make demo`: renders a POC with the default answers into build/demo and shows it at work."""

import shutil
import subprocess
import sys
import time
import warnings
from pathlib import Path

from copier import run_copy

ROOT = Path(__file__).parents[1]
DESTINATION = ROOT / "build" / "demo"


# What `poc verdict` ends with while nothing was agreed and measured: the honest word of day one.
NOT_YET_MEASURED = 6


def step(title: str, *command: str, code: int = 0) -> None:
    """Run one step in the rendered project; its failure ends the demo with its own message."""
    print(f"\n== {title}", flush=True)
    if subprocess.run(command, cwd=DESTINATION, check=False).returncode != code:
        sys.exit(f"The demo stopped at: {title}")


def main() -> None:
    """Render, install, evaluate, run."""
    started = time.monotonic()
    print(
        f"== Render a POC with the default answers into {DESTINATION.relative_to(ROOT)}", flush=True
    )
    # The environment is kept, so that a second demo is quick; everything else is made anew.
    for path in DESTINATION.iterdir() if DESTINATION.exists() else ():
        if path.name not in (".venv", ".tools", "uv.lock"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a clone with local changes is what is wanted here
        run_copy(str(ROOT), DESTINATION, defaults=True, vcs_ref="HEAD", quiet=True, overwrite=True)
    uv = Path(sys.executable).parent / "uv"
    make = ("make", "--no-print-directory", f"PYTHON={sys.executable}", f"UV={uv}")
    step("Install it, with what its evals need", *make, "setup")
    step("Measure its answers on cases it never saw", *make, "evals")
    step("Start it, sign in, send messy tickets", *make, "demo")
    poc = str(Path(".venv") / "bin" / "poc")
    step("Go or no-go?", poc, "verdict", "--write", code=NOT_YET_MEASURED)
    step("What is missing, and who has to act", poc, "next")
    print(
        f"\nDone in {time.monotonic() - started:.0f} s. The project lies in build/demo:\n"
        "  cd build/demo && make run       the try-it page: http://127.0.0.1:8000/try\n"
        "  cd build/demo && make kickoff   agree what good enough means, in the browser\n"
        "  build/demo/app/usecase/         the folder to edit\n"
        "  build/demo/README.md            where everything else lives\n"
        "Your own, with your answers: make new DEST=../my-poc"
    )


if __name__ == "__main__":
    main()
