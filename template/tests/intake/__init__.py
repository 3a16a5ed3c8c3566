"""Intake: messy input in, a clean or a quarantined case out."""
