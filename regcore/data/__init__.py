"""Data: tables, how they are read, and how they are cut into parts."""
