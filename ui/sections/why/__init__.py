"""Experiments that show why the lesson's claims are true, each a fold of a page."""
