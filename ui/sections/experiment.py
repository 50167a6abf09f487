"""The experiment that a page opens with: controls, a question, the training, verdict, picture.

experiment = Experiment()
with experiment.controls:
    l2 = controls.strength()
experiment.ask(question)
before, after = experiment.train(requests, "Training without and with L2")
with experiment.result(question, gap_before, gap_after):
    results.header(...)
with experiment.picture:
    draw(...)
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from regcore import Fit
from ui import layout
from ui.sections import quiz, results
from ui.training import progress, runs

Question = quiz.Which | quiz.Epoch


class Experiment:
    """The places of an experiment: question and header above `controls` (left) and `picture`."""

    def __init__(self, share: float = 0.26) -> None:
        self._top = st.container()
        self.controls, self.picture = layout.bench(share)
        self.asked = False
        self.guess: int | None = None  # the answer, once it is revealed

    def ask(
        self,
        question: Question | None,
        *,
        part: str = "test",
        compared: bool = True,
        header: bool = True,
    ) -> None:
        """Draw the question if it is open, and keep the place of the header.

        None asks nothing. The others say whether a header will come, and which: see
        `results.place`.
        """
        with self._top:
            self.asked = question is not None and quiz.ask(question)
            self._header = results.place(header and not self.asked, part, compared)

    def train(self, requests: Sequence[runs.Request], text: str) -> list[Fit]:
        """The runs, with a bar below the controls while they are trained."""
        with self.controls, progress.bar(text) as report:
            return runs.train(requests, report)

    @contextmanager
    def result(self, question: Question | None, *measured: float) -> Iterator[None]:
        """Inside, draw the header; the verdict stands above it.

        measured  what the question was about. The page ends here while it is unanswered.
        """
        with self._header.container():
            if self.asked and question is not None:
                self.guess = quiz.reveal(question, *measured)
            yield
