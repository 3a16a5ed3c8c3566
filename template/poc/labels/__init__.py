"""What people said of a set: started, settled, counted, and brought in or out as tables."""
