"""Pages for people: the contract, the verdict, the weekly status. Each is one file, and prints."""
