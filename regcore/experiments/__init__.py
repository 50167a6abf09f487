"""Experiments: many runs, compared on many splits."""
