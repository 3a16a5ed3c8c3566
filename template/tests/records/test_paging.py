"""Lists come in pages, oldest first, without gaps or repeats while new items arrive."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from app.case import ReviewReason
from app.records import Page, QuarantineItem, Records, ReviewItem

from .support import ACTOR, new_case, new_decision, run

Item = ReviewItem | QuarantineItem
Listing = Callable[[str | None, int], Coroutine[Any, Any, Page[Any]]]


def add(records: Records, kind: str) -> str:
    case = new_case()
    if kind == "review":
        run(records.store_decision(case, new_decision(ReviewReason.OBJECTION), ACTOR))
    else:
        run(records.store_quarantine(case, "unreadable", "Nothing to read.", ACTOR))
    return case.id


def listing(records: Records, kind: str) -> Listing:
    return records.list_review if kind == "review" else records.list_quarantine


@pytest.mark.parametrize("kind", ["review", "quarantine"])
def test_pages_follow_each_other_to_the_end(records: Records, kind: str) -> None:
    expected = [add(records, kind) for _ in range(5)]
    pages = listing(records, kind)
    seen: list[str] = []
    lengths, after = [], None
    while True:
        page = run(pages(after, 2))
        seen += [item.case_id for item in page.items]
        lengths.append(len(page.items))
        if len(lengths) == 2:
            expected.append(add(records, kind))
        after = page.next
        if after is None:
            break
    assert seen == expected
    assert lengths == [2, 2, 2]


@pytest.mark.parametrize("kind", ["review", "quarantine"])
def test_a_list_that_fits_has_no_next_page(records: Records, kind: str) -> None:
    pages = listing(records, kind)
    assert run(pages(None, 2)) == Page(items=[], next=None)
    add(records, kind)
    add(records, kind)
    page = run(pages(None, 2))
    assert (len(page.items), page.next) == (2, None)
