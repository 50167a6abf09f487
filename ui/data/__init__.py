"""Data on the pages: the choice of a dataset, a visitor's own file, and the splits of both."""
