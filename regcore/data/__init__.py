"""Data: tables, how to read them, and how to split them."""
