"""Trains the baseline, fits its acceptance, and says what more labels would bring."""
