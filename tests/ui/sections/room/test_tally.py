"""How votes are counted and told: bars of two rounds, and a class's drawings with their median."""

import pytest

from ui.sections.room import charts, tally
from ui.sections.room.ballots import HANDLES, Choice, Curve, Moment

GAP = Choice("l2", "Which way?", ("smaller", "about the same", "larger"))
ROUNDS = ([0, 0, 2], [2, 2])


@pytest.fixture
def shown(monkeypatch) -> list:
    """What is drawn: (drawing, sentence, table twin)."""
    found: list = []
    monkeypatch.setattr(tally, "figure", lambda *given: found.append(given))
    monkeypatch.setattr(charts, "word_colours", lambda: {"test": "red"})
    monkeypatch.setattr(charts, "line_colours", lambda: {"test": "red"})
    monkeypatch.setattr(charts, "neutral", lambda: "gray")
    return found


def test_each_vote_is_counted_under_its_answer():
    table = tally.counts(GAP, ROUNDS)
    assert table["votes"].tolist() == [2, 0, 1, 0, 0, 2]
    assert table["share"].tolist() == pytest.approx([2 / 3, 0, 1 / 3, 0, 0, 1])
    assert table["vote"].unique().tolist() == ["first vote", "second vote"]


TOLD = {
    "one round": ((ROUNDS[:1], None), "First vote, 3 answers, most for “smaller”."),
    "both with the truth": (
        (ROUNDS, 2),
        "First vote, 3 answers, most for “smaller”, 1 of 3 right. Second vote, "
        "2 answers, most for “larger”, 2 of 2 right. Measured: larger.",
    ),
    "a tie of two": ((([0, 1],), None), "First vote, 2 answers, most for “smaller” and “about"),
    "a tie of all": ((([0, 1, 2],), None), "First vote, 3 answers."),
    "nobody": ((([],), 0), "First vote, 0 answers. Measured: smaller."),
}


@pytest.mark.parametrize(("given", "sentence"), TOLD.values(), ids=TOLD)
def test_the_sentence_follows_the_votes(given, sentence, shown):
    rounds, truth = given
    tally.show(GAP, rounds, truth)
    ((drawing, said, _),) = shown
    assert sentence in said
    assert (drawing.values["right"] is not None) is (truth is not None)


def test_guessed_epochs_are_told_by_their_range(shown):
    tally.show(Moment("early stopping", "When?", 5000), ([30, 40, 5000],), 239)
    ((drawing, said, _),) = shown
    assert "most for “20 to 49”, 0 of 3 right. Measured: epoch 239." in said
    assert drawing.values["right"] == "200 to 499"


LINE = tuple((epoch, 0.3, "training", "no L2") for epoch in (0, HANDLES - 1))
DRAW = Curve("l2", "Draw the loss.", tuple(range(HANDLES)), 2.0, known=LINE)
FLAT = {height: (height,) * HANDLES for height in (0.0, 0.25, 0.5, 1.0)}


def test_drawings_are_gray_with_their_median_and_the_truth_on_the_phones_axis(shown):
    tally.show(DRAW, ([FLAT[1.0], FLAT[0.5], FLAT[0.0]], []), FLAT[0.25])
    ((drawing, said, twin),) = shown
    assert len(drawing.tables["curves"]) == 3 * HANDLES
    assert twin["median"].tolist() == [0.5] * HANDLES
    assert twin["measured"].tolist() == [0.25] * HANDLES
    assert said.startswith("3 drawings. Their median is lowest at epoch 0 (0.500)")
    lines = drawing.tables["lines"]["line"].unique().tolist()
    assert lines == ["training, no L2", "median", "measured"]
    assert (drawing.values["low"], drawing.values["roof"]) == (0.0, DRAW.top)


def test_drawings_of_two_votes_have_two_medians_the_first_one_faint_and_dashed(shown):
    tally.show(DRAW, ([FLAT[1.0], FLAT[0.5], FLAT[0.5]], [FLAT[0.0], FLAT[0.25], FLAT[0.5]]))
    ((drawing, said, twin),) = shown
    assert twin.columns.tolist() == ["epoch", "first median", "median"]
    assert said.startswith("First vote, 3 drawings. Their median is lowest at epoch 0 (0.500)")
    assert "After the second vote, 3 drawings. Their median is lowest at epoch 0 (0.250)" in said
    styles = drawing.tables["lines"].groupby("line")[["dash", "opacity"]].first()
    assert styles.loc["first median"].tolist() == ["1", charts.FAINT]
    assert styles.loc["median"].tolist() == ["0", 1.0]
    assert sorted(drawing.tables["curves"]["value"].unique()) == [0.0, 0.25, 0.5]


@pytest.mark.parametrize("rounds", [([FLAT[0.5]], []), ([], [FLAT[0.5]])], ids=["first", "second"])
def test_one_drawing_is_told_as_one(rounds, shown):
    tally.show(DRAW, rounds)
    ((_, said, twin),) = shown
    assert said == "1 drawing. It is lowest at epoch 0 (0.500) and ends at 0.500."
    assert twin.columns.tolist() == ["epoch", "median"]


def test_nothing_is_drawn_of_no_drawings(shown):
    tally.show(DRAW, ([], []))
    assert not shown
