"""The governance of this proof of concept: contract, evidence, verdict, and the command `poc`."""
