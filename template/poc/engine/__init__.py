"""Reads what was agreed, weighs the evidence and says what follows; prints and asks nothing."""
