"""Developer tooling: environment, databases, tests. Standard library only."""
