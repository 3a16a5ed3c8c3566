"""The command around labelling: start, collect, agreement, tables."""
