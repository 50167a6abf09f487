"""Drawings: kept in the session, judged once the true curve is known, and shown behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from regcore import Fit
from regcore.checks import Array
from regcore.experiments.drawn_curve import Judgment, drawn_epochs, judge, true_values
from ui import session
from ui.charts import Drawing, axes
from ui.charts.frames import column_of, curves, lowest
from ui.sections import quiz
from ui.sections.drawing import sentences
from ui.sections.drawing.behind import behind
from ui.sections.drawing.component import Wanted, axis_top, canvas
from ui.sections.quiz import told
from ui.session import DrawnCurve

MIN_EPOCHS = 100  # of a run whose curve can be drawn


@dataclass(frozen=True)
class Sketch:
    """The place of a drawing on a page, beside the true curve: the loss of `run` on `part`.

    about  a digest of the settings that the page's question is about
    name   of the loss, e.g. "test loss with λ = 0.05"
    offer  is told of the place to draw in: the known lines, the last epoch, the top of the axis
    """

    topic: str
    about: str
    run: Fit
    part: str
    name: str
    offer: Callable[[pd.DataFrame, int, float], None] = lambda lines, last, top: None

    @property
    def drawn(self) -> DrawnCurve | None:
        """The drawing for these settings, if there is one and questions are asked."""
        drawn = _drawings().get(self.topic)
        is_shown = drawn is not None and drawn.about == self.about and st.session_state["questions"]
        return drawn if is_shown else None

    @property
    def is_possible(self) -> bool:
        """Whether the run was long enough to draw, and did not diverge."""
        history = self.run.history
        return history.stopped_epoch >= MIN_EPOCHS and history.stop_reason != "diverged"

    def ask(self, known: Mapping[str, Fit], parts: tuple[str, ...], grows: bool = False) -> None:
        """Draw the losses of the known runs on `parts`, and a place to draw this one.

        grows  as for `figure`
        """
        last = self.run.config.epochs
        keep = partial(_keep, self.topic, self.about, last)
        lines = curves(known, "loss", parts)
        top = self._axis_top(axes.usable(lines)["value"].max())
        wanted = Wanted(self.topic, self.about, self.part, self.name, grows)
        canvas(wanted, lines, last, top, keep)
        self.offer(lines, last, top)

    def reveal(self) -> None:
        """Judge a new drawing and record the verdict; or say what a drawing shows."""
        drawn = self.drawn
        if drawn is None:
            told.repeat(self.topic, drawn=True)
            return
        if not drawn.truth or self.topic not in session.state().get("predictions", {}):
            _drawings()[self.topic] = drawn = drawn._replace(truth=self._true(drawn.last))
            _record(self.topic, self._judged(drawn))
            st.rerun()  # from the top, where the controls are open now
        judgment = self._judged(drawn)
        sign = quiz.SIGNS[sentences.verdict(judgment)]
        text = f"**{sign}.** {sentences.idea(judgment, self.name)}"
        told.tell(self.topic, text, drawn=True)

    def top(self, top: float) -> float:
        """Return the top of an axis that has the scale of the place to draw in."""
        if not (st.session_state["questions"] and self.is_possible):
            return top
        held = (self.drawn.top, *self.drawn.values) if self.drawn else ()
        return max(top, max((self._axis_top(), *held)) / axes.AIR)

    def behind(self, drawing: Drawing, lines: pd.DataFrame, run: str = "") -> Drawing:
        """Return `charts.curves` with the drawing behind the line of the run of this name."""
        line = lines[(lines["part"] == self.part) & (lines["run"] == run)]
        if self.drawn is None or line.empty:
            return drawing
        value = _at(line["epoch"].to_numpy(), self.drawn)
        return behind(drawing, line.assign(true=line["value"], value=value), self.part)

    def order(self, pictures: Callable[[], None], curves: Callable[[], None]) -> None:
        """Draw both, first the curves if they hold a drawing: it stays where it was made."""
        for draw in (curves, pictures) if self.drawn else (pictures, curves):
            draw()

    @property
    def truth(self) -> tuple[float, ...]:
        """The true losses at the epochs of a drawing; none for a run that was too short to draw."""
        last = self.run.config.epochs
        return self._true(last) if last >= MIN_EPOCHS else ()

    def _axis_top(self, known: float = 0.0) -> float:
        """Return the top of the place to draw in, where losses up to `known` are shown."""
        history = self.run.history
        highest = float(column_of(history, self.part, "loss").max())
        return axis_top(float(history.train_loss[0]), max(highest, known))

    def _true(self, last: int) -> tuple[float, ...]:
        losses = column_of(self.run.history, self.part, "loss")
        return true_values(self.run.history.epoch, losses, drawn_epochs(last))

    def _judged(self, drawn: DrawnCurve) -> Judgment:
        """Return the idea in the drawing; the turn is named as the page's chart marks it."""
        judgment = judge(drawn.values, drawn.truth, drawn_epochs(drawn.last), drawn.top)
        return judgment._replace(was=lowest(self.run.history, self.part)[0])


def _at(epochs: Array, drawn: DrawnCurve) -> Array:
    """Return the drawn line at any epochs; on the axis it is straight between its handles."""
    return np.interp(np.log1p(epochs), np.log1p(drawn_epochs(drawn.last)), drawn.values)


def _keep(topic: str, about: str, last: int, values: tuple[float, ...], top: float) -> None:
    before = _drawings().get(topic)
    if before is None or before.about != about:  # the first drawing counts
        _drawings()[topic] = DrawnCurve(values, about, last, top)


def _record(topic: str, judgment: Judgment) -> None:
    state = session.state()
    texts = sentences.verdict(judgment), sentences.said(judgment), sentences.was(judgment)
    entry = dict(zip(("verdict", "said", "was"), texts, strict=True))
    quiz.record(topic, entry)
    guesses = state.setdefault("guesses", {})
    if topic in guesses:
        guesses[topic] = guesses[topic]._replace(final=True)


def _drawings() -> dict[str, DrawnCurve]:
    return session.state().setdefault("drawings", {})
