"""Everything in one file: the tables as they were at one instant, and the files that they name (docs/operations.md)."""
