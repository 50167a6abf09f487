"""How a file is read: where its table begins and ends, and what the cells of a column mean."""
