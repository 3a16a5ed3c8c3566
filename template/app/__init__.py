"""The service: one case in, one decision, a review item or a quarantined case out."""
