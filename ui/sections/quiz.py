"""Predict, then reveal: one question per page, asked before its result is shown.

question = quiz.gap("l2", "Which way will the gap go?", ("without L2", "with L2"), ...)
asked = quiz.ask(question)
...                                  # train while the learner thinks
if asked:
    quiz.reveal(question, before, after)   # ends the page here while unanswered
"""

from collections.abc import Hashable
from dataclasses import dataclass

import streamlit as st

from regcore.experiments import comparison
from ui import controls, glossary, session, verdicts
from ui.data import chosen
from ui.session import Guess
from ui.text import count, noise, score
from ui.verdicts import Record

SIGNS = {verdicts.RIGHT: "✓ Right", verdicts.NEAR: "≈ Near", verdicts.WRONG: "✗ Wrong"}


@dataclass(frozen=True)
class Which:
    """A question with three answers: the second value is lower, about the same, or higher.

    names  the two runs compared, e.g. ("without L2", "with L2")
    means  the band in words
    about  the settings that it is asked about
    """

    topic: str
    text: str
    answers: tuple[str, str, str]
    measure: str
    names: tuple[str, str]
    band: float
    means: str
    about: Hashable

    def draw(self) -> None:
        """Draw a button for each answer."""
        for answer, label in zip((-1, 0, 1), self.answers, strict=True):
            key = f"answer_{self.topic}_{answer}"
            st.button(
                label[0].upper() + label[1:], key=key, on_click=_answer, args=(self.topic, answer)
            )

    def hint(self) -> str:
        """Return what the middle answer means and how exact an answer must be."""
        same = self.answers[1].capitalize()
        return f"“{same}” means {self.means}; an answer that misses by no more than that is near."

    def judge(self, answer: int, first: float, second: float) -> tuple[str, str, str]:
        """Return the verdict, the answer and the measurement."""
        change = second - first
        band = max(self.band, noise(change))
        was = self.answers[1 + comparison.direction(change, band)]
        values = f"{score(first)} {self.names[0]}, {score(second)} {self.names[1]}"
        if band > self.band:
            values += f"; rounding alone moves their difference by up to {band / 2:.2g}"
        verdict = verdicts.judge_direction(answer, change, band)
        return verdict, self.answers[1 + answer], f"{was} ({self.measure} {values})"


@dataclass(frozen=True)
class Epoch:
    """A question whose answer is an epoch from 1 to `last`; `about` as for `Which`."""

    topic: str
    text: str
    last: int
    about: Hashable

    def draw(self) -> None:
        """Draw a slider with logarithmic steps and a button."""
        choices, key = verdicts.epoch_choices(self.last), f"answer_{self.topic}"
        st.select_slider("Epoch", choices, self.last, format_func=count, key=key, width=560)
        st.button("That is my guess", key=f"{key}_set", on_click=_answer, args=(self.topic,))

    def hint(self) -> str:
        """Return how exact an answer must be."""
        return "Within 10 % is right, within a factor of two is near."

    def judge(self, answer: int, was: float) -> tuple[str, str, str]:
        """Return the verdict, the answer and the measurement."""
        verdict = verdicts.judge_epoch(answer, int(was))
        return verdict, f"epoch {count(answer)}", f"epoch {count(int(was))}"


def gap(topic: str, text: str, names: tuple[str, str], n_test: int, about: Hashable) -> Which:
    """Return the question which way the gap goes; n_test is the size of the test set."""
    answers, band = ("smaller", "about the same", "larger"), 1.0 / n_test
    means = f"within one test {chosen.row()}, {score(band)}"
    return Which(topic, text, answers, "gap", names, band, means, about)


def lower(topic: str, text: str, loss: str, names: tuple[str, str], about: Hashable) -> Which:
    """Return the question which of two runs has the lower loss."""
    answers, band = (names[1], "too close to call", names[0]), verdicts.LOSS_BAND
    return Which(topic, text, answers, loss, names, band, f"within {band:g}", about)


def switch() -> None:
    """Draw the switch for all questions, bound to the link: ?questions=false."""
    controls.keep("questions")
    meaning = (
        "Each page asks one question before it shows its result. Off: results are shown at once."
    )
    controls.switch("Questions first", True, key="questions", help=meaning)


def ask(question: Which | Epoch) -> bool:
    """Draw the question if it is open; return whether to call `reveal`."""
    if not st.session_state["questions"]:
        return False
    topic, entry = question.topic, _record().get(question.topic)
    if topic in _guesses():
        return _guesses()[topic].about in (None, question.about)
    if entry is None:
        _box(question)
    elif entry["verdict"] == verdicts.SKIPPED:
        again = f"again_{topic}"
        st.button("Ask me again", type="tertiary", key=again, on_click=_reopen, args=(topic,))
    return entry is None


def reveal(question: Which | Epoch, *measured: float) -> int:
    """Show the verdict and return the answer. Ends the page if there is no answer yet.

    The first verdict is recorded.
    """
    topic = question.topic
    if topic not in _guesses():
        glossary.stop()
    answer = _guesses()[topic].said
    if topic not in _record():
        names = ("verdict", "said", "was")
        _record()[topic] = dict(zip(names, question.judge(answer, *measured), strict=True))
        _guesses()[topic] = Guess(answer, question.about)
    entry = _record()[topic]
    st.markdown(
        f"**{SIGNS[entry['verdict']]}.** You said: **{entry['said']}**. "
        f"Measured: **{entry['was']}**.",
        help=question.hint(),
    )
    return answer


def _box(question: Which | Epoch) -> None:
    with st.container(border=True):
        glossary.say(f"**Predict first.** {question.text}")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            question.draw()
            key = f"skip_{question.topic}"
            st.button("Skip", type="tertiary", key=key, on_click=_skip, args=(question.topic,))
        st.caption(f"{question.hint()} Answer or skip, and the result appears.")


def _answer(topic: str, answer: int | None = None) -> None:
    # read the slider on the click: the value of the last run may be outdated
    chosen = st.session_state[f"answer_{topic}"] if answer is None else answer
    if topic not in _record():  # of two quick clicks the first one counts
        _guesses().setdefault(topic, Guess(chosen))


def _skip(topic: str) -> None:
    if topic not in _guesses():
        _record().setdefault(topic, {"verdict": verdicts.SKIPPED, "said": "", "was": ""})


def _reopen(topic: str) -> None:
    _record().pop(topic, None)


def _record() -> Record:
    return session.state().setdefault("predictions", {})


def _guesses() -> dict[str, Guess]:
    return session.state().setdefault("guesses", {})
