"""Plugin for pytest: what the tests marked with an item say about it, as a record.

Mark with `pytest.mark.item("AUTH-1")`. A whole run writes `build/evidence/tests.json`; a narrowed
one writes nothing and says why. Nothing heavy is imported before the run is over.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

MARK = "item"
_NAME = re.compile(r"[A-Z]{2,6}-[1-9][0-9]?")
_KEY = "poc_checklist"  # what a worker of xdist hands to the main process
# Options that leave tests out, and how a person calls them.
_NARROWING = {
    "keyword": "-k",
    "deselect": "--deselect",
    "ignore": "--ignore",
    "ignore_glob": "--ignore-glob",
    "lf": "--lf",
    "stepwise": "--sw",
    "collectonly": "--collect-only",
    "setuponly": "--setup-only",
    "setupplan": "--setup-plan",
}


class Seen(NamedTuple):
    """What happened, in the main process, to the tests of a run."""

    marked: dict[str, list[str]]
    outcomes: dict[str, str]


class Recorder:
    """Follows one run. `narrowed` says why nothing may be recorded, empty while it may."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._worker = hasattr(config, "workerinput")
        self._started = datetime.now(UTC)
        self._seen = Seen({}, {})
        self._narrowed = "" if self._worker else _narrowing(config)
        self._told = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note who is marked, before anybody leaves a test out."""
        for item in items:
            names = {name for mark in item.iter_markers(MARK) if (name := _name(mark))}
            if names:
                self._seen.marked[item.nodeid] = sorted(names)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A mark nobody can read proves nothing, and would do so in silence."""
        if any(_name(mark) is None for mark in item.iter_markers(MARK)):
            pytest.fail(f'write the mark as pytest.mark.{MARK}("AUTH-1")', pytrace=False)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """A marked test that is left out makes the run a part of one."""
        for item in items:
            if item.nodeid in self._seen.marked:
                self._narrow(f"{item.nodeid} was left out")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that cannot be read may hold anything."""
        if report.failed:
            self._narrow(f"{report.nodeid or 'the tests'} could not be collected")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the worst of set-up, call and tear-down; only a call can pass."""
        before = self._seen.outcomes.get(report.nodeid, "")
        if report.failed:
            self._seen.outcomes[report.nodeid] = "failed"
        elif report.skipped or hasattr(report, "wasxfail"):
            self._seen.outcomes[report.nodeid] = before or "skipped"
        elif report.when == "call":
            self._seen.outcomes[report.nodeid] = before or "passed"

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:  # noqa: ANN401 - of xdist
        """Take what a worker collected; the main process collects nothing itself."""
        found = getattr(node, "workeroutput", {}).get(_KEY)
        if found is not None:
            self._seen.marked.update(found["marked"])
            self._narrow(found["narrowed"])

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Record a whole run, or say why it is none."""
        if self._worker:
            handed = {"marked": self._seen.marked, "narrowed": self._narrowed}
            self._config.workeroutput[_KEY] = handed  # type: ignore[attr-defined]
            return
        if exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self._narrow("the run did not come to its end")
        if session.shouldfail or session.shouldstop:
            self._narrow("the run was stopped early")
        for test in self._seen.marked:
            if self._seen.outcomes.get(test) == "skipped":
                self._narrow(f"{test} was skipped")
        if self._seen.marked and not self._narrowed:
            from poc.checklist.testimony import write

            path = Path(self._config.rootpath)
            self._told = write(path, self._seen, self._started)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line about the record, where any test is marked."""
        if self._seen.marked and (self._told or self._narrowed):
            told = self._told or f"nothing was recorded, because {self._narrowed}."
            terminalreporter.write_line(f"checklist: {told}")

    def _narrow(self, why: str) -> None:
        self._narrowed = self._narrowed or why


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and follow the run."""
    config.addinivalue_line("markers", f'{MARK}("AUTH-1"): proves this item of the checklist')
    config.pluginmanager.register(Recorder(config), "poc-checklist-recorder")


def _narrowing(config: pytest.Config) -> str:
    for option, name in _NARROWING.items():
        if getattr(config.option, option, None):
            return f"{name} was given"
    wanted = {(config.rootpath / path).resolve() for path in config.getini("testpaths")}
    given = {_place(config, one) for one in config.args}
    if wanted and given != wanted:
        return "only a part of the tests was asked for"
    return ""


def _place(config: pytest.Config, argument: str) -> Path:
    return (config.invocation_params.dir / argument).resolve()


def _name(mark: pytest.Mark) -> str | None:
    """The item a mark names, None when it is not written right."""
    name = mark.args[0] if len(mark.args) == 1 and not mark.kwargs else None
    return name if isinstance(name, str) and _NAME.fullmatch(name) else None
