"""A made-up organisation with as many published reviews as asked for, for benchmarks: the same seed, the same data."""
