"""What it costs and whether it pays."""
