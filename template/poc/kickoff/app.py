"""The routes of the kickoff page."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from poc.checklist.attestations import budget_accepted
from poc.engine import governance
from poc.engine.problems import InvalidFile, PocError
from poc.kickoff import acceptance, views
from poc.kickoff.answers import Answers, read
from poc.kickoff.desk import Desk, Stale, data
from poc.kickoff.filling import sections
from poc.kickoff.guard import BODY_LIMIT, Guard, Seal
from poc.kickoff.questions import FILES, Step, steps
from poc.kickoff.saving import BASE, Again, bases, save
from poc.money.forecast import forecast_for
from poc.money.plan import needs
from poc.pages.contract import render_contract

SHARED = Path(__file__).parents[2] / "app" / "api" / "static"
STATIC = {
    "pico.css": (SHARED / "pico.classless.min.css", "text/css"),
    "kickoff.css": (views.FOLDER / "static" / "kickoff.css", "text/css"),
    "kickoff.js": (views.FOLDER / "static" / "kickoff.js", "text/javascript"),
}
FIELDS = 3_000
UNFORESEEN = "An error nobody foresaw"
AGAIN = "Run again with POC_DEBUG=1 to see where, and report it."
# The contract is one file with its style in it, and no script.
PAPER = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
Form = Mapping[str, str]


def build(root: Path, port: int) -> tuple[Guard, "Kickoff"]:
    """The application behind its guard, for a server on this port of the loopback address."""
    kickoff = Kickoff(root)
    handlers = {HTTPException: kickoff.error, Exception: kickoff.error}
    app = Starlette(routes=kickoff.routes(), exception_handlers=handlers)
    return Guard(RequestBodyLimitMiddleware(app, BODY_LIMIT), port), kickoff


class Kickoff:
    """The page of one project; `written` are the files it has changed."""

    def __init__(self, root: Path) -> None:
        self.desk, self.seal = Desk(root), Seal()
        self.written: dict[str, None] = {}

    def routes(self) -> list[Route]:
        """Every address of the page."""
        return [
            Route("/", self.start),
            Route("/step/{step}", self.show, methods=["GET"]),
            Route("/step/{step}", self.save, methods=["POST"]),
            Route("/step/{step}/figures", self.figures, methods=["POST"]),
            Route("/contract", self.contract),
            Route("/static/{name}", self.static),
        ]

    async def start(self, request: Request) -> Response:
        """To the first page."""
        return RedirectResponse(f"/step/{steps()[0].id}", 303)

    async def show(self, request: Request) -> Response:
        """One page, or what to mend before it can be shown."""
        step = _step(request)
        saved = request.query_params.get("saved", "").split(".")
        try:
            pages = self._pages()
            if step not in pages:
                return RedirectResponse(f"/step/{pages[0].id}", 303)
        except InvalidFile as error:
            return self._mistakes(step, error)
        return self._page(step, [one for one in (*FILES, "attestations") if one in saved])

    async def save(self, request: Request) -> Response:
        """Save a page and go on, or show it again with what is in the way."""
        step, form = _step(request), await self._form(request)
        try:
            result = save(self.desk, step, views.needed(step), form)
            if isinstance(result, Again):
                return self._page(step, again=result)
            self.written |= dict.fromkeys(result.files)
            if form.get("go") == "accept":
                return self._accept(step, form, result.files)
            return _onward(_target(self._pages(), step, form.get("go", "")), result.files)
        except InvalidFile as error:
            return self._mistakes(step, error)

    async def figures(self, request: Request) -> Response:
        """What the answers typed so far mean."""
        step, form = _step(request), await self._form(request)
        try:
            known = {
                name: self.desk.seen(name, form.get(f"{BASE}{name}", ""))
                for name in views.needed(step)
            }
            seen = {name: one for name, one in known.items() if one is not None}
            now = data(seen if len(seen) == len(known) else self.desk.open(views.needed(step)))
        except InvalidFile as error:
            return HTMLResponse(
                views.fragment(self.desk, step, {}, Answers(general=[*error.lines]))
            )
        answers = read(sections(step, now, form), now)
        return HTMLResponse(views.fragment(self.desk, step, now, answers))

    async def contract(self, request: Request) -> Response:
        """The contract as `poc contract` writes it."""
        try:
            whole = governance.load(self.desk.root)
            page = render_contract(
                whole,
                forecast_for(whole.contract, whole.budget),
                budget_accepted(whole.budget, whole.owners, whole.attestations, today()),
                needs(whole.contract),
            )
        except PocError as error:
            return self._mistakes(steps()[-1], error)
        return HTMLResponse(page.html, headers={"content-security-policy": PAPER})

    async def static(self, request: Request) -> Response:
        """Style and script."""
        path, kind = STATIC.get(request.path_params["name"], (None, ""))
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, media_type=kind)

    async def error(self, request: Request, error: Exception) -> Response:
        """Anything the page does not know, in words."""
        if isinstance(error, HTTPException):
            status, said = error.status_code, error.detail
        else:
            status, said = 500, f"{UNFORESEEN}: {type(error).__name__}: {error}"
            print(f"poc: {said}. {AGAIN}", file=sys.stderr)
        return HTMLResponse(views.draw("error.html", self.desk.root, said=said), status)

    def _pages(self) -> list[Step]:
        return views.route(self.desk.open(["charter"])["charter"].data)

    def _page(self, step: Step, saved: Sequence[str] = (), again: Again | None = None) -> Response:
        try:
            html = views.page(self.desk, step, self.seal.value, today(), again, saved)
        except InvalidFile as error:
            return self._mistakes(step, error)
        return HTMLResponse(html, again.status if again else 200)

    def _mistakes(self, step: Step, error: PocError) -> Response:
        return HTMLResponse(views.mistakes(self.desk.root, step, error), 409)

    def _accept(self, step: Step, form: Form, files: list[str]) -> Response:
        """Accept the budget, as long as it is the one whose figures were on the page."""
        if files:
            lines = ["What you typed is saved. Read the figures once more, then accept them."]
            return self._page(step, again=self._once_more(step, "Not accepted yet", lines))
        try:
            name = form.get("accept.person", "")
            written = acceptance.accept(self.desk, form.get(f"{BASE}budget", ""), name, today())
        except Stale:
            lines = ["The budget changed since this page was loaded. Read the figures once more."]
            return self._page(step, again=self._once_more(step, "Not accepted", lines))
        except PocError as error:
            return self._page(step, again=self._once_more(step, "Not accepted", [*error.lines]))
        self.written |= dict.fromkeys(written)
        return _onward(step, written)

    def _once_more(self, step: Step, title: str, lines: list[str]) -> Again:
        documents = self.desk.open(views.needed(step))
        parts = sections(step, data(documents))
        return Again(409, parts, bases(documents), title, lines)

    async def _form(self, request: Request) -> dict[str, str]:
        """The fields of a form of this page. Raises `HTTPException` for any other."""
        async with request.form(max_files=0, max_fields=FIELDS) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
        if not self.seal.holds(fields.get("seal", "")):
            raise HTTPException(403, "This form is not of this page. Load the page again.")
        return fields


def today() -> date:
    """The day in UTC, as every command has it."""
    return datetime.now(UTC).date()


def _step(request: Request) -> Step:
    wanted = request.path_params["step"]
    found = next((one for one in steps() if one.id == wanted), None)
    if found is None:
        raise HTTPException(404, "There is no such page.")
    return found


def _target(pages: list[Step], step: Step, go: str) -> Step:
    """Where a button leads, on the path the charter now gives."""
    by_name = {one.id: one for one in pages}
    if go in by_name:
        return by_name[go]
    if step not in pages:
        return pages[0]
    move = {"next": 1, "back": -1}.get(go, 0)
    return pages[max(0, min(pages.index(step) + move, len(pages) - 1))]


def _onward(step: Step, files: list[str]) -> Response:
    names = ".".join(Path(one).stem for one in files)
    return RedirectResponse(f"/step/{step.id}" + (f"?saved={names}" if names else ""), 303)
