"""YOURS: what this service answers. `README.md` in this folder says how to replace it."""

from app.usecase.triage import TicketTriage

USE_CASE = TicketTriage()
