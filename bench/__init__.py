"""Benchmarks of Head to Head, each against another way of doing the same. Never a part of the tests."""
