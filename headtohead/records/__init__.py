"""What machines write: sealed, whole or not at all, fresh or told to be stale. Knows nothing of who runs or shows."""
