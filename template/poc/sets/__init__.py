"""Sets of real cases: drawn at random, labelled by two people, sealed until a lock."""
