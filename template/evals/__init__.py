"""Measures whether the service's answers are right, and keeps them from getting worse."""
