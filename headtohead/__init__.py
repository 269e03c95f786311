"""The machinery of Head to Head: it runs programs, writes records, and lays both on a page."""
