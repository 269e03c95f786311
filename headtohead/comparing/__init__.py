"""Compares numbers: one meaning of agreement for programs and rows. Needs NumPy, and knows no framework."""
