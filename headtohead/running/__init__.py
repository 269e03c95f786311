"""Runs what people write, each program in a process of its own, and records what it gave; knows no page."""
