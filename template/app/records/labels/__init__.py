"""The labels people give on the pages: rounds, whose turn it is, what was said, and no peeking."""
