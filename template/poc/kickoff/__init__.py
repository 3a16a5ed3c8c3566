"""The kickoff page: leads a meeting through the governance files and writes them."""
