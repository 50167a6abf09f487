"""Comparisons over many splits: run on request beside the page, or computed ahead."""
