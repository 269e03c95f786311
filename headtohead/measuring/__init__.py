"""Compares rows of the API map: the one room that imports both frameworks. Knows nothing of processes or pages."""
