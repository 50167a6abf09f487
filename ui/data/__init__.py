"""Data on the pages: the choice of a dataset, a visitor's own file, and their splits."""
