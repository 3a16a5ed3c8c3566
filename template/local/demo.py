"""Shows the service at work: `python -m local.demo` (`make demo`).

Starts it with its local identity provider, signs in, sends the use case's messy samples, says
what became of each, and stops it again. Exit 0 when every sample was stored with an outcome.
"""

import signal
import subprocess
import sys
import textwrap
from typing import Any

import httpx2

from app.api.explain import explanation, headline, route_taken
from app.api.views import CaseView
from app.case import Sample
from app.settings import Settings, load
from app.usecase import USE_CASE
from local.serve import check_ports, started
from local.token import TokenError, fetch_token


def show(number: int, sample: Sample, reply: httpx2.Response) -> bool:
    """Print what became of one sample; False when it was not stored."""
    print(f"\n{number}. {sample.title} ({sample.content_type.split(';')[0]}, {size(sample.body)})")
    if reply.status_code != 201:
        print(f"   NOT STORED: {reply.status_code} {reply.text[:200]}")
        return False
    case = CaseView.model_validate(reply.json())
    _line(f"{headline(case)}. {explanation(case)}")
    _line("Route: " + " -> ".join(route_taken(case)))
    if case.notes:
        _line("Repaired: " + ", ".join(str(note["code"]).replace("_", " ") for note in case.notes))
    if case.decision and case.decision.answer:
        said = "Answer" if case.status == "answered" else "Proposal"
        _line(f"{said}: {in_words(case.decision.answer)}")
    return True


def in_words(answer: dict[str, Any]) -> str:
    """An answer's own fields on one line, those that hold something first-hand."""
    filled = {name: value for name, value in answer.items() if value not in (None, [], "")}
    return "; ".join(f"{name.replace('_', ' ')}: {_told(value)}" for name, value in filled.items())


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def size(body: bytes) -> str:
    """A size a person reads."""
    return f"{len(body)} bytes" if len(body) < 10_000 else f"{len(body) / 1_000_000:.1f} MB"


def _line(text: str) -> None:
    print(textwrap.fill(text, 96, initial_indent="   ", subsequent_indent="     "))


def run(settings: Settings) -> bool:
    """Send every sample as a submitter; True when all of them were stored."""
    base = f"http://{settings.host}:{settings.port}"
    token = fetch_token(settings, "submitter")
    print("Signed in as a submitter with a token of the local identity provider.")
    stored = True
    with httpx2.Client(base_url=base, timeout=60) as client:
        refused = client.post("/v1/cases", content=b"{}")
        print(f"Without a token the service answers {refused.status_code}.")
        for number, sample in enumerate(USE_CASE.samples(), 1):
            reply = client.post(
                "/v1/cases",
                content=sample.body,
                headers={
                    "authorization": f"Bearer {token}",
                    "content-type": sample.content_type,
                },
            )
            stored = show(number, sample, reply) and stored
    return stored


def main() -> None:
    """Start, show, stop."""
    settings = load()
    check_ports(settings)
    subprocess.run([sys.executable, "-m", "app.records.migrate"], check=True)
    print("Starting the service and its local identity provider ...", flush=True)
    command = [sys.executable, "-m", "local.serve", "--quiet"]
    with subprocess.Popen(command, start_new_session=True) as child:
        try:
            if not started(settings, child):
                sys.exit(child.wait() or 1)
            stored = run(settings)
        except TokenError as error:
            sys.exit(str(error))
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(30)
    if not stored:
        sys.exit("Some samples were not stored; see above.")
    print(
        "\nAll samples were stored with their outcome. Next:\n"
        f"  make run             then try your own at {settings.public_url}/try\n"
        "  app/usecase/         the folder to make yours; its README.md says how\n"
        "  make evals           how good the answers are, on cases it never saw"
    )


if __name__ == "__main__":
    main()
