"""The parts of a page that have JavaScript of their own."""
