"""The experiment at the top of a page: controls, a question, training, a verdict, a chart.

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
    """Containers of an experiment: question and header above `controls` (left) and `picture`."""

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
        """Draw the question if it is open, and reserve space for the header.

        None asks nothing. The other parameters describe the header: see `results.place`.
        """
        with self._top:
            self.asked = question is not None and quiz.ask(question)
            self._header = results.place(header and not self.asked, part, compared)

    def train(self, requests: Sequence[runs.Request], text: str) -> list[Fit]:
        """Return the runs, with a progress bar below the controls while they are trained."""
        with self.controls, progress.bar(text) as report:
            return runs.train(requests, report)

    @contextmanager
    def result(self, question: Question | None, *measured: float) -> Iterator[None]:
        """Draw the verdict, and inside the block the header; an open question ends the page.

        measured  the values that the question was about
        """
        with self._header.container():
            if self.asked and question is not None:
                self.guess = quiz.reveal(question, *measured)
            yield
