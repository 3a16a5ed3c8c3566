"""A use case with every kind of field, a round of it, and people who label on its pages."""

import contextlib
import html
import re
from collections.abc import AsyncIterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

import httpx2
from pydantic import BaseModel, ConfigDict

from app.case import Guess, ReviewSheet
from app.records import Records
from app.records.labels.fields import fields_of
from app.records.labels.form import Edge, Form
from app.records.labels.models import LabelCase, LabelRound, Purpose
from tests.api.usecase import Labelling, NoteIn
from tests.api.world import World
from tests.identity.people import hidden_fields, query

REVIEWER, SECOND, THIRD = "person-reviewer", "person-submitter-reviewer", "person-admin"
GUIDELINE = "# How\n\nRead it twice,\nthen decide.\n\n- loud: it shouts\n- quiet: it does not\n"
MODEL = "the-model-says-loud"


class Tone(StrEnum):
    LOUD = "loud"
    QUIET = "quiet"


class Letter(BaseModel):
    """What is labelled: two lists, one of them with null, a flag, and three things to write."""

    model_config = ConfigDict(extra="forbid")

    tone: Tone | None
    formal: bool
    pages: int
    total: float | None
    sent: date | None
    names: list[str]
    comment: str = ""


class Short(BaseModel):
    """Two lists and nothing to write."""

    tone: Tone | None
    formal: bool
    comment: str = ""


class Letters(Labelling):
    """Notes whose tone is to be said; the baseline always answers."""

    name = "letters"
    answer_type: Any = Short

    def __init__(self, answer_type: type[BaseModel] = Short) -> None:
        super().__init__()
        self.answer_type = answer_type

    def baseline(self, case: NoteIn) -> Guess[Any]:
        answer: dict[str, Any] = {"tone": "loud", "formal": True, "comment": MODEL}
        more: dict[str, Any] = {"pages": 1, "total": None, "sent": None, "names": []}
        kept = {k: v for k, v in {**answer, **more}.items() if k in self.answer_type.model_fields}
        return Guess(self.answer_type.model_validate(kept), {"certainty": 0.9})

    def review_sheet(self, case: NoteIn, answer: Any) -> ReviewSheet:  # noqa: ANN401
        proposed = "nothing" if answer is None else f"{answer.tone} ({MODEL})"
        return ReviewSheet(
            case.subject or "(no subject)", (("Proposed", proposed), ("Text", case.body))
        )


EDGES = (
    Edge(id="two_tones", title="Two tones in one", held=False),
    Edge(id="blank", title="Nothing but blanks", held=True),
)


def a_round(
    name: str = "development",
    purpose: Purpose = "labels",
    answer_type: type[BaseModel] = Short,
    edges: Sequence[Edge] = EDGES,
) -> LabelRound:
    form = Form(fields=fields_of(answer_type), edges=tuple(edges))
    return LabelRound(name, purpose, name, 7, "0" * 64, form, GUIDELINE)


def letters(count: int) -> list[LabelCase]:
    return [
        LabelCase(f"case-{n:04}", f"Letter {n}", (("Text", f"The text of letter {n}."),))
        for n in range(count)
    ]


async def opened(records: Records, count: int, of: LabelRound | None = None) -> LabelRound:
    """Start a round with so many letters."""
    of = of or a_round()
    assert await records.start_labels(of, letters(count), "test") is None
    return of


class Desk:
    """One person's browser at a round."""

    def __init__(self, browser: httpx2.AsyncClient, name: str = "development") -> None:
        self.browser, self.name = browser, name
        self.page = ""

    async def look(self) -> str | None:
        """Load the page; the case on it, None when nothing is left."""
        reply = await self.browser.get(f"/label/{self.name}", follow_redirects=True)
        assert reply.status_code == 200, reply.text
        self.page = reply.text
        return self.case

    @property
    def case(self) -> str | None:
        form = self.page.partition('id="label"')[2].partition("</form>")[0]
        return hidden_fields(form).get("case")

    @property
    def text(self) -> str:
        """The words of the page as a person reads them."""
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", self.page)).split())

    async def say(self, tone: str = "quiet", said: str = "answer", **more: str) -> httpx2.Response:
        """Fill in the form that was looked at and send it; what came back at once."""
        values = {"field.tone": tone, "field.formal": "yes"} if said == "answer" else {}
        return await self.send(f"/label/{self.name}", said=said, **{**values, **more})

    async def back(self) -> httpx2.Response:
        """Press "back to the one before"."""
        form = self.page.partition('id="back"')[2].partition("</form>")[0]
        return await self.send(f"/label/{self.name}/back", case=hidden_fields(form)["case"])

    async def send(self, path: str, **fields: str) -> httpx2.Response:
        token = hidden_fields(self.page).get("csrf", "")
        return await self.browser.post(
            path, data={"csrf": token, "case": self.case or "", **fields}
        )


@contextlib.asynccontextmanager
async def desks(world: World, *people: str, name: str = "development") -> AsyncIterator[list[Desk]]:
    """One signed-in browser for each person."""
    async with contextlib.AsyncExitStack() as stack:
        yield [Desk(await stack.enter_async_context(signed_in(world, one)), name) for one in people]


@contextlib.asynccontextmanager
async def signed_in(world: World, person: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with world.browser() as browser:
        reply = await browser.get("/sign-in")
        to = reply.headers["location"]
        reply = await browser.post(to.partition("?")[0], data={**query(to), "person": person})
        await browser.get(reply.headers["location"])
        yield browser
