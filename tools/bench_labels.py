"""How long a labelling page takes with 5,000 cases: `python tools/bench_labels.py`.

Wants the dependencies of a generated project. Runs the site in this process on SQLite: two people
have labelled, and each page and each save of a third is timed. Ends with 1 when the median page
takes longer than the limit; the slowest are those of whatever else the machine was doing.
"""

# mypy: disable-error-code="import-not-found"

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "template"))

from app.records.labels.models import NewLabel
from app.records.migrate import migrate
from app.telemetry import logs
from tests.api.world import World
from tests.labels.desk import Desk, Letters, opened, signed_in

CASES = 5000
LIMIT = 100.0
SAMPLES = 50


async def timed(work: Awaitable[object], into: list[float]) -> None:
    """Wait for something, and note the milliseconds."""
    started = time.perf_counter()
    await work
    into.append((time.perf_counter() - started) * 1000)


async def measure(world: World) -> dict[str, list[float]]:
    """Milliseconds of what is done, half-way through a round."""
    taken: dict[str, list[float]] = {"start": [], "import": [], "page": [], "save": []}
    await timed(opened(world.records, CASES), taken["start"])
    for person, number in (("ada", CASES), ("ben", CASES // 2)):
        value = {"tone": "quiet", "formal": True}
        labels = [NewLabel(f"case-{n:04}", "answer", value) for n in range(number)]
        imported = world.records.import_labels("development", labels, person, "bench")
        await timed(imported, taken["import"])
    async with signed_in(world, "person-reviewer") as browser:
        desk = Desk(browser)
        for _ in range(SAMPLES):
            await timed(desk.look(), taken["page"])
            await timed(desk.say(), taken["save"])
    return taken


def main() -> None:
    """Print medians and the slowest, and say whether the limit holds."""
    logs.configure("error")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/app.db"
        migrate(url)
        world = World(url, Path(folder), usecase=Letters())
        try:
            taken = asyncio.run(measure(world))
        finally:
            world.close()
    for name, all_of in taken.items():
        median = statistics.median(all_of)
        print(f"{name:<8}median {median:>7.1f} ms, slowest {max(all_of):>7.1f} ms")
    if statistics.median(taken["page"]) > LIMIT:
        sys.exit(f"The median page took longer than {LIMIT:.0f} ms.")


if __name__ == "__main__":
    main()
