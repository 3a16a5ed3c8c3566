"""Fits the acceptance of a hosted model from signals that the service can check."""
