"""Every statement on cases and their outcomes, built once; parameters are bound by name."""

from sqlalchemy import bindparam, func, insert, select, update

from app.records.schema import cases, decisions, originals, quarantine, review_items

INSERT_CASE = insert(cases)
INSERT_ORIGINAL = insert(originals)
INSERT_DECISION = insert(decisions)
INSERT_REVIEW_ITEM = insert(review_items)
INSERT_QUARANTINE = insert(quarantine)

# The state is part of the condition: of two operators at once, one updates no row.
CLOSE_QUARANTINE = (
    update(quarantine)
    .where(
        quarantine.c.id == bindparam("quarantine_id"),
        quarantine.c.case_id == bindparam("of_case"),
        quarantine.c.state == "held",
    )
    .values(state="replayed", closed_at=bindparam("closed_at"))
)
HOLD_QUARANTINE = (
    update(quarantine)
    .where(quarantine.c.id == bindparam("quarantine_id"), quarantine.c.state == "held")
    .values(reason=bindparam("reason"), detail=bindparam("detail"))
)
SETTLE_CASE = (
    update(cases)
    .where(cases.c.id == bindparam("case_id"))
    .values(
        status=bindparam("status"),
        language=bindparam("language"),
        input=bindparam("input"),
        notes=bindparam("notes"),
    )
)
SET_NOTES = update(cases).where(cases.c.id == bindparam("case_id")).values(notes=bindparam("notes"))

CASE = select(cases).where(cases.c.id == bindparam("case_id"))
ORIGINAL = select(originals).where(originals.c.case_id == bindparam("case_id"))
NEWEST_DECISION = (
    select(decisions.c.body)
    .where(decisions.c.case_id == bindparam("case_id"))
    .order_by(decisions.c.created_at.desc(), decisions.c.id.desc())
    .limit(1)
)
QUARANTINE = select(quarantine).where(quarantine.c.id == bindparam("quarantine_id"))

_REVIEW = select(
    review_items.c.id,
    review_items.c.case_id,
    review_items.c.decision_id,
    review_items.c.reason,
    review_items.c.created_at,
).where(review_items.c.state == "open")
_HELD = select(
    quarantine.c.id,
    quarantine.c.case_id,
    quarantine.c.reason,
    quarantine.c.detail,
    quarantine.c.created_at,
).where(quarantine.c.state == "held")

OPEN_REVIEW_OF = _REVIEW.where(review_items.c.case_id == bindparam("case_id")).order_by(
    review_items.c.id.desc()
)
HELD_OF = _HELD.where(quarantine.c.case_id == bindparam("case_id"))
REVIEW_PAGE = (
    _REVIEW.where(review_items.c.id > bindparam("after"))
    .order_by(review_items.c.id)
    .limit(bindparam("rows"))
)
QUARANTINE_PAGE = (
    _HELD.where(quarantine.c.id > bindparam("after"))
    .order_by(quarantine.c.id)
    .limit(bindparam("rows"))
)

COUNT_CASES = select(cases.c.status, func.count()).group_by(cases.c.status)
COUNT_REVIEW = select(func.count()).select_from(review_items).where(review_items.c.state == "open")
COUNT_QUARANTINE = select(func.count()).select_from(quarantine).where(quarantine.c.state == "held")
