"""Makes the synthetic evaluation and training cases of the generated project."""
