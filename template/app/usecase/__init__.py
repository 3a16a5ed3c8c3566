"""YOURS: what this service answers. `README.md` in this folder says how to replace it."""

from app.usecase.triage import TicketTriage

USE_CASE = TicketTriage()

# What it may do; `poc gate R5` holds it against the charter.
CAPABILITIES = ("sort_ticket",)
