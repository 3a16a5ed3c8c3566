"""The command `poc`. Commands are imported only when called, so that help is quick."""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from poc.engine.problems import Exit, PocError

COMMANDS = {
    "next": "what to do now, and who",
    "kickoff": "lead a meeting through contract, budget, owners and scope, in the browser",
    "contract": "write the contract on one page, to print and sign",
    "plan": "how many labelled cases the contract needs",
    "profile": "what a mailbox or export really holds, on one page",
    "sample": "draw cases at random from real messages",
    "label": "have people label a set, and settle what they say",
    "baseline": "how it is done today: how well, and in how many minutes",
    "seal": "lock the decision set away until a contract is in force",
    "owners": "who owns what, and the CODEOWNERS file made of it",
    "cost": "what it costs at 1, 10 and 100 times the volume, and whether it pays",
    "lock": "put the contract in force",
    "amend": "change a contract in force, in daylight",
    "score": "score the production checklist by evidence",
    "verdict": "go or no-go, with reasons",
    "gate": "refuse what must not be merged",
}

EPILOG = """\
exit codes:
  0  done; a verdict of GO; every gate passes
  1  an error nobody foresaw
  2  the command line is not right
  3  a governance file holds a mistake; the message names file, line and key
  4  refused; the message says what has to happen first
  5  verdict NO-GO
  6  verdict NOT YET MEASURED
  7  verdict INCONCLUSIVE
  8  the ledger does not hold together
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; see the help for what each code means."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in arguments
    try:
        parser = _parser(next((one for one in arguments if one in COMMANDS), ""))
        options = parser.parse_args(arguments)
        if not options.command:
            parser.print_help()
            return Exit.OK
        as_json = options.json
        outcome = options.run(options, Path(options.root).resolve())
    except PocError as error:
        return _refuse(error.code, error.lines, as_json)
    except KeyboardInterrupt:
        return _refuse(Exit.REFUSED, ["Stopped before it was done."], as_json)
    except Exception as error:
        if os.environ.get("POC_DEBUG"):
            raise
        if isinstance(error, OSError):
            place = f"{error.filename}: " if error.filename else ""
            return _refuse(Exit.REFUSED, [f"{place}{error.strerror or error}."], as_json)
        told = " ".join(f"{type(error).__name__}: {error}".split())
        line = f"poc: an error nobody foresaw: {told} (run it with POC_DEBUG=1, and report it)"
        return _refuse(Exit.BUG, [line], as_json)
    if as_json:
        _say(json.dumps(outcome.data, indent=1, ensure_ascii=False))
    elif outcome.text:
        _say(outcome.text)
    return int(outcome.code)


def _parser(wanted: str) -> argparse.ArgumentParser:
    """The parser; only the wanted command fills in its own options."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print JSON for programs")
    common.add_argument("--root", default=".", metavar="DIR", help="the project, by default here")
    parser = argparse.ArgumentParser(
        prog="poc",
        description="What was agreed, what was measured, and what follows.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    for name, text in COMMANDS.items():
        one = commands.add_parser(
            name, help=text, description=text[:1].upper() + text[1:] + ".", parents=[common]
        )
        if name == wanted:
            module = importlib.import_module(f"poc.commands.{name}")
            module.add(one)
            one.set_defaults(run=module.run)
    return parser


def _refuse(code: Exit, lines: Sequence[str], as_json: bool) -> int:
    if as_json:
        _say(json.dumps({"error": {"code": int(code), "lines": list(lines)}}, indent=1))
    else:
        print("\n".join(lines), file=sys.stderr)
    return int(code)


def _say(text: str) -> None:
    """Print; a reader that has gone away, or a narrow encoding, changes no exit code."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
