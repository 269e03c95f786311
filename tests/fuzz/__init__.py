"""Any bytes, to everything that reads: each reader gives a value or a `Problem`, soon, and writes nothing."""
