"""What a user would notice if it broke."""
