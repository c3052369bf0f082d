"""A local origin for benchmarks: regulator-like pages with edits and noise whose truth is known."""
