"""What people write, read without running it: standard library alone, and nothing of what runs or shows it."""
