"""The evals: figures, intervals, the gate, training."""
