"""What a drawing says, in plain English."""

from regcore.experiments import drawn_curve as curve
from regcore.experiments.drawn_curve import Judgment
from ui import verdicts
from ui.data import chosen
from ui.text import count

SHAPES = {
    curve.FALLS: "falls and does not rise again",
    curve.RISES: "rises from the start",
    curve.FLAT: "stays where it began",
    curve.TURNS: "falls, turns and rises",
    curve.PEAKS: "rises first and falls later",
    curve.WAVES: "goes up and down",
}
NEAR = (curve.EARLY, curve.LATE, curve.HIGH, curve.LOW, curve.END_HIGH, curve.END_LOW)


def verdict(judgment: Judgment) -> str:
    """Return the verdict for the record: the right shape in a wrong place is near."""
    if judgment.idea == curve.RIGHT:
        return verdicts.RIGHT
    return verdicts.NEAR if judgment.idea in NEAR else verdicts.WRONG


def said(judgment: Judgment) -> str:
    """Return what was drawn, in a few words, for the record."""
    if judgment.idea in SHAPES:
        return f"a curve that {SHAPES[judgment.idea]}"
    turn = f"near epoch {count(judgment.drew)}" if judgment.shape == curve.TURNS else ""
    place = {curve.RIGHT: "", curve.EARLY: "", curve.LATE: ""}.get(judgment.idea, judgment.idea)
    more = " · ".join(text for text in (turn, place) if text)
    return f"a curve that {SHAPES[judgment.shape]}" + (f" ({more})" if more else "")


def was(judgment: Judgment) -> str:
    """Return what was measured, in a few words, for the record."""
    turn = f" (near epoch {count(judgment.was)})" if judgment.shape == curve.TURNS else ""
    return f"{SHAPES[judgment.shape]}{turn}"


def idea(judgment: Judgment, name: str) -> str:
    """Return the idea in a drawing of the loss called `name`, beside what is true."""
    if judgment.idea in SHAPES:
        return f"{_thought(judgment.idea)} {_truth(judgment, name)}"
    return _same_shape(judgment, name)


def _thought(shape: str) -> str:
    """Return the idea of a shape that the truth does not have."""
    rows = chosen.rows()
    return {
        curve.FALLS: "Your curve falls forever, as if whatever is learned from the training "
        f"{rows} helped with new ones.",
        curve.RISES: "Your curve rises from the start, as if the network learned nothing that "
        f"holds for new {rows}.",
        curve.FLAT: f"Your curve stays flat, as if training changed nothing for new {rows}.",
        curve.TURNS: "Your curve turns and rises, as if the network became overconfident.",
        curve.PEAKS: "Your curve rises before it falls, as if the network had to be wrong first.",
        curve.WAVES: "Your curve goes up and down, as if it were noise.",
    }[shape]


def _truth(judgment: Judgment, name: str) -> str:
    if judgment.shape == curve.TURNS:
        return (
            f"The {name} falls until about epoch {count(judgment.was)}, while the network learns "
            f"what also holds for new {chosen.rows()}; then it rises."
        )
    return f"The {name} {SHAPES[judgment.shape]}."


def _same_shape(judgment: Judgment, name: str) -> str:
    truth = f"The {name} {SHAPES[judgment.shape]}"
    late = judgment.idea == curve.LATE
    if late or judgment.idea == curve.EARLY:
        return (
            f"Your curve also turns, but too {'late' if late else 'early'}: near epoch "
            f"{count(judgment.drew)}. The {name} turns near epoch {count(judgment.was)}."
        )
    if judgment.shape == curve.TURNS:
        truth += f", near epoch {count(judgment.was)}"
    return f"{truth}, and so does your curve{_height(judgment.idea)}."


def _height(idea: str) -> str:
    return {
        curve.RIGHT: "",
        curve.HIGH: ", but it lies too high",
        curve.LOW: ", but it lies too low",
        curve.END_HIGH: ", but it ends too high",
        curve.END_LOW: ", but it ends too low",
    }[idea]
