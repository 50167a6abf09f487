"""The lines of a solution in a random order, to be put in order where typing is hard."""

from ui.exercises.puzzle.component import arrange, order

__all__ = ["arrange", "order"]
