"""Sets of cases: drawing, sealing, scoring, today's way of working."""
