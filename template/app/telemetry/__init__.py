"""Logs, metrics and traces: one vocabulary of names, and no personal data in any of them."""
