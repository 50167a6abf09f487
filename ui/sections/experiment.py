"""The experiment at the top of a page: a question, a picture, and its controls beside it.

experiment = Experiment("l2")
with experiment.controls():
    l2 = controls.strength()
experiment.ask(question)
before, after = experiment.train(requests, "Training without and with L2")
experiment.reveal(question, gap_before, gap_after)
with experiment.header:
    results.header(...)
with experiment.picture:
    draw(...)

While the question is open, the page draws what may be known and closes the controls.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from regcore import Fit
from ui import controls, layout, session
from ui.sections import quiz
from ui.sections.drawing import Sketch
from ui.sections.room import asked, projector
from ui.theme import enlarged
from ui.training import ahead, progress, runs
from ui.training.neighbours import neighbours

T = TypeVar("T")


class Experiment:
    """Containers: `notices`, `header` and `picture`; beside them question, controls and `aside`.

    is_open  whether the question waits for an answer
    guess    the answer, once it is revealed
    is_compared  whether what the question compares is shown: it was answered or skipped
    """

    def __init__(self, topic: str) -> None:
        self._topic, self._unasked = topic, session.state().setdefault("unasked", set())
        self.is_open = quiz.is_open(topic) and topic not in self._unasked
        self.guess: int | None = None
        self.is_compared = False
        self._room = st.container() if projector.is_open() else None
        self._to_draw: DeltaGenerator | None = None  # where a class is offered to draw
        self._sketch: Sketch | None = None
        main, side = layout.experiment()
        # large type leaves no room for the header above a large picture
        top = side if enlarged() > 1.0 else main
        self.notices, self._question = layout.part(main, "notices"), layout.part(side, "question")
        self.header, self.picture = layout.part(top, "header"), layout.part(main, "picture")
        self._controls = layout.part(side, "controls")
        self._progress, self.aside = layout.part(side, "progress"), layout.part(side, "aside")

    @contextmanager
    def controls(self) -> Iterator[None]:
        """Draw controls, and a button that resets them; closed while the question is open."""
        session.state()["locked"] = self.is_open
        with self._controls:
            yield
            controls.reset()
        session.state()["locked"] = False

    def ask(self, question: quiz.Question | None) -> None:
        """Draw the question if it is open; None if these settings allow none."""
        if quiz.is_open(self._topic) and (question is None) != (self._topic in self._unasked):
            self._unasked ^= {self._topic}
            st.rerun()  # from the top, where the controls are drawn open or closed
        with self._question:
            if question is not None:
                self._offer(question, first=True)
                quiz.ask(question)
                self._offer(question, first=False)
        if question is not None and self._room is not None and self.is_open:
            with self._room:
                skip = partial(quiz.skip, question.topic)
                self._to_draw = projector.show(asked.ballot(question), skip)

    def _offer(self, question: quiz.Question, *, first: bool) -> None:
        """Offer a room for the class; on a projector before the question, which fills it."""
        if self.is_open and first == (enlarged() > 1.0):
            projector.offer(asked.ballot(question))

    def train(self, requests: Sequence[runs.Request], text: str) -> list[Fit]:
        """Return the runs, with a progress bar below the controls while they are trained."""
        self._look_ahead(requests, text)
        with self._progress, progress.bar(text) as report:
            return runs.train(requests, report)

    def _look_ahead(self, requests: Sequence[runs.Request], text: str) -> None:
        """Offer to train what the next step of the slider moved last will request."""
        trained = session.state().setdefault("trained", {})
        before = trained.get((self._topic, text), requests)
        if requests != before:
            tasks = runs.tasks(neighbours(before, requests))
            ahead.offer(ahead.NEIGHBOURS, (session.name(), text), tasks)
        trained[self._topic, text] = requests

    def known(self, named: Mapping[str, T]) -> dict[str, T]:
        """Return what may be shown: all, or only the first while the question is open."""
        return dict(list(named.items())[: 1 if self.is_open else None])

    def before(self, request: runs.Request) -> Fit | None:
        """Return the run that this page showed before `request`, as long as that is shown."""
        shown = session.state().setdefault("shown", {})
        previous, present = shown.get(self._topic, (None, None))
        if request != present:
            shown[self._topic] = previous, present = present, request
        if previous is None or previous.data != request.data:
            return None
        return runs.train([previous], lambda share: None)[0]

    def sketch(self, question: quiz.Question, run: Fit, part: str, name: str) -> Sketch:
        """Return the place to draw the loss of `run` on a part; say what was drawn there.

        name  of this loss. Call it before `reveal`: a drawing is an answer, too
        """
        offer = partial(self._offer_drawing, question, part, name)
        self._sketch = sketch = Sketch(self._topic, quiz.about(question), run, part, name, offer)
        with self._question:
            sketch.reveal()
        return sketch

    def _offer_drawing(self, question: quiz.Question, part: str, name: str, *place: Any) -> None:
        """Offer to have the class draw what is to be drawn on the page."""
        if self._to_draw is not None:
            with self._to_draw:
                projector.offer_drawing(asked.curve(question, part, name, *place))

    def reveal(self, question: quiz.Question | None, *measured: float) -> None:
        """Draw the verdict and ask for a reason, or draw the question again after a wrong answer.

        measured  the values that the question was about
        """
        if question is not None:
            with self._question:
                self.guess, self.is_open = quiz.reveal(question, *measured)
            self.is_compared = self.guess is not None or quiz.was_skipped(question)
            # a projector's screen has room for the verdict and the control, but not for more
            with self._question if enlarged() == 1.0 else self.aside:
                if self.guess is not None and question.because:
                    quiz.give_reason(question, self.guess, *measured)
                elif not self.is_open:
                    quiz.give_again(self._topic)
        if question is not None and self._room is not None and not self.is_open:
            ballot, truth = asked.ballot(question), question.outcome(*measured)
            curve = self._sketch.truth if self._sketch else ()
            with self._room:
                projector.reveal(ballot, truth, curve, partial(quiz.reopen, question.topic))
