"""Maintenance of the template: the case generator and release checks."""
