"""Reads a reader's program and finds the counterparts of what it uses: standard library alone, and no records."""
