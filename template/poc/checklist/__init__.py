"""The production checklist: thirty items, scored by evidence."""
