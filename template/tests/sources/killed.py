"""Builds an index and is killed in the middle: `python -m tests.sources.killed ROOT PATH AFTER`."""

import os
import signal
import sys
from pathlib import Path

from poc.sources import building, index
from tests.sources.letters import letters


def main() -> None:
    after = int(sys.argv[3])
    building.BATCH = 7

    def die(messages: int) -> None:
        if messages >= after:
            os.kill(os.getpid(), signal.SIGKILL)

    index.build(Path(sys.argv[1]), Path(sys.argv[2]), letters(), die)


if __name__ == "__main__":
    main()
