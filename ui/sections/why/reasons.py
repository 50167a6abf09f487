"""The reasons to choose from after a verdict: two that many believe, and the right one.

The right one is answered with what was measured, see `ui.sections.quiz.give_reason`. All take the
table for the words for its rows.
"""

from regcore import Dataset
from ui.sections.quiz import Reason

Reasons = tuple[Reason, Reason, Reason]


def overfitting(table: Dataset) -> Reasons:
    """Return the reasons to use a smaller or a larger network."""
    fewer = "Fewer parameters memorize less, but they may also learn less. Only a test can tell."
    return _gap(table), _new(table), Reason("Fewer parameters", fewer)


def l2(table: Dataset) -> Reasons:
    """Return the reasons to use a network with or without L2."""
    seen = (
        "The network has seen these answers. It can reach 1.000 by memorizing them, wrong labels "
        "included."
    )
    return Reason("Training accuracy", seen), _gap(table), _new(table)


def dropout(table: Dataset) -> Reasons:
    """Return the reasons why dropout changes the test loss."""
    smaller = "Only in training, with different units in each pass. In evaluation all are active."
    return (
        Reason("The network gets smaller", smaller),
        Reason("No unit relies on another"),
        Reason("A low training loss helps", _memorized("test")),
    )


def early_stopping(table: Dataset) -> Reasons:
    """Return the reasons why the validation loss is lowest at some epoch."""
    more = f"They help with the training {table.rows}. For new ones there can be too many."
    accuracy = (
        "Accuracy only counts right answers. The loss also counts how sure the wrong ones are, so "
        "the two may turn at different epochs."
    )
    return (
        Reason("More epochs are better", more),
        Reason("Accuracy is highest there", accuracy),
        Reason("Then memorizing takes over"),
    )


def all_together(table: Dataset) -> Reasons:
    """Return the reasons why one of two tools leads to a lower validation loss."""
    newer = "A tool is not better because it is newer. On small tables an old penalty can do well."
    return (
        Reason("It holds the network back"),
        Reason("The newer tool is stronger", newer),
        Reason("A low training loss helps", _memorized("validation")),
    )


def _gap(table: Dataset) -> Reason:
    constant = (
        "The gap is a warning, not the goal. A network that says the same about everyone has a gap "
        f"near 0, and helps no {table.row}."
    )
    return Reason("The smaller gap", constant)


def _new(table: Dataset) -> Reason:
    return Reason(f"Accuracy on new {table.rows}")


def _memorized(part: str) -> str:
    return f"It may only mean that the network memorizes. The {part} loss is what counts."
