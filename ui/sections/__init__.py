"""Sections that pages are made of."""
