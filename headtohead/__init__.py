"""The machinery of Head to Head: it runs programs, records what they gave, and shows records on pages."""
