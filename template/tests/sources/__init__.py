"""What a company really has: read, indexed, and shown on a page. All messages are invented."""
