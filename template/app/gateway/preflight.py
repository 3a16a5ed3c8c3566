"""`python -m app.gateway.preflight`: does the chosen model work? One line per check.

Ends with 1 when a check failed, else with 0. Costs two small model calls; prints no key. Lines
to add to a file stand below their check, indented.
"""

import argparse
import asyncio
import importlib
import json
import re
import sys
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stdout
from dataclasses import asdict

from app.case import AnyUseCase
from app.gateway.checks import run
from app.gateway.probe import Check
from app.settings import SettingsError, load


async def _collect(usecase: AnyUseCase, as_json: bool) -> list[Check]:
    checks = []
    async for check in run(load(), usecase):
        checks.append(check)
        if not as_json:
            _show(check)
    return checks


def _show(check: Check) -> None:
    detail = re.sub(r"\n(?! )", "; ", check.detail)
    print(f"{check.status} {check.name}: {detail}", flush=True)


def main(argv: Sequence[str] | None = None, usecase: AnyUseCase | None = None) -> int:
    """Run the checks for this project's use case, or for the one given."""
    parser = argparse.ArgumentParser(prog="preflight", description="Does the chosen model work?")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead")
    as_json = parser.parse_args(argv).json
    if usecase is None:
        usecase = importlib.import_module("app.usecase").USE_CASE
    try:
        # The one document stays alone on standard output, whatever is logged.
        with redirect_stdout(sys.stderr) if as_json else nullcontext():
            checks = asyncio.run(_collect(usecase, as_json))
    except SettingsError as error:
        checks = [Check("settings", "FAIL", str(error))]
        if not as_json:
            _show(checks[0])
    failed = any(check.status == "FAIL" for check in checks)
    if as_json:
        print(json.dumps({"ok": not failed, "checks": [asdict(check) for check in checks]}))
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
