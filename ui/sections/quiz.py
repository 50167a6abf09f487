"""Predict, then reveal: one question per page, asked before its result is shown.

question = quiz.gap("l2", "Which way will the gap go?", ("without L2", "with L2"), ...)
quiz.ask(question)
...                                  # train while the learner thinks
answer, is_open = quiz.reveal(question, before, after)

A first answer that is wrong gets a clue and a second try. The first verdict is the one recorded.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import streamlit as st

from regcore.experiments import comparison
from ui import controls, glossary, session, verdicts
from ui.data import chosen
from ui.session import Guess
from ui.text import count, noise, stated
from ui.theme import enlarged
from ui.verdicts import Record

SIGNS = {verdicts.RIGHT: "✓ Right", verdicts.NEAR: "≈ Near", verdicts.WRONG: "✗ Not quite"}


@dataclass(frozen=True)
class Which:
    """A question with three answers: the second value is lower, about the same, or higher.

    names  the two runs compared, e.g. ("without L2", "with L2")
    means  the band in words
    clue   what to think of after a first wrong answer
    why    the reason for each of the three outcomes, in the order of the answers
    about  the settings that it is asked about
    """

    topic: str
    text: str
    answers: tuple[str, str, str]
    measure: str
    names: tuple[str, str]
    band: float
    means: str
    clue: str
    why: tuple[str, str, str]
    about: Hashable

    def draw(self) -> None:
        """Draw a button for each answer."""
        with st.container(horizontal=True, gap="small"):
            for answer, label in zip((-1, 0, 1), self.answers, strict=True):
                key, label = f"answer_{self.topic}_{answer}", label[0].upper() + label[1:]
                st.button(label, key=key, on_click=_answer, args=(self.topic, answer))

    def hint(self) -> str:
        """Return what the middle answer means and how exact an answer must be."""
        same = self.answers[1].capitalize()
        return f"“{same}” means {self.means}. An answer off by no more than that counts as near."

    def judge(self, answer: int, first: float, second: float) -> tuple[str, str, str]:
        """Return the verdict, the answer and the measurement."""
        change, band = self._change(first, second)
        was = self.answers[1 + comparison.direction(change, band)]
        values = f"{stated(first)} {self.names[0]}, {stated(second)} {self.names[1]}"
        if band > self.band:
            values += f"; rounding alone moves their difference by up to {band / 2:.2g}"
        verdict = verdicts.judge_direction(answer, change, band)
        return verdict, self.answers[1 + answer], f"{was} ({self.measure} {values})"

    def reason(self, answer: int, first: float, second: float) -> str:
        """Return why it came out as it did."""
        return self.why[1 + comparison.direction(*self._change(first, second))]

    def _change(self, first: float, second: float) -> tuple[float, float]:
        change = second - first
        return change, max(self.band, noise(change))


@dataclass(frozen=True)
class Epoch:
    """A question whose answer is an epoch from 1 to `last`.

    clue, about  as for `Which`
    why          the reason for an answer that is too early, right or too late
    """

    topic: str
    text: str
    last: int
    clue: str
    why: tuple[str, str, str]
    about: Hashable

    def draw(self) -> None:
        """Draw a slider with logarithmic steps and a button."""
        choices, key = verdicts.epoch_choices(self.last), f"answer_{self.topic}"
        st.select_slider("Epoch", choices, self.last, format_func=count, key=key)
        st.button("That is my guess", key=f"{key}_set", on_click=_answer, args=(self.topic,))

    def hint(self) -> str:
        """Return how exact an answer must be."""
        return "Within 10% is right, within a factor of two is near."

    def judge(self, answer: int, was: float) -> tuple[str, str, str]:
        """Return the verdict, the answer and the measurement."""
        verdict = verdicts.judge_epoch(answer, int(was))
        return verdict, f"epoch {count(answer)}", f"epoch {count(int(was))}"

    def reason(self, answer: int, was: float) -> str:
        """Return why the lowest loss comes when it does."""
        is_right = verdicts.judge_epoch(answer, int(was)) == verdicts.RIGHT
        return self.why[1 if is_right else 0 if answer < was else 2]


def gap(topic: str, text: str, names: tuple[str, str], n_test: int, **more: Any) -> Which:
    """Return the question which way the gap goes; n_test is the size of the test set."""
    answers, band = ("smaller", "about the same", "larger"), 1.0 / n_test
    means = f"within one test {chosen.row()}, {stated(band)}"
    return Which(topic, text, answers, "gap", names, band, means, **more)


def lower(topic: str, text: str, loss: str, names: tuple[str, str], **more: Any) -> Which:
    """Return the question which of two runs has the lower loss."""
    answers, band = (names[1], "too close to call", names[0]), verdicts.LOSS_BAND
    return Which(topic, text, answers, loss, names, band, f"within {band:g}", **more)


def switch() -> None:
    """Draw the switch for all questions, bound to the link: ?questions=false."""
    controls.keep("questions")
    meaning = (
        "Each page asks one question before it shows its result. Off: results are shown at once."
    )
    controls.switch("Questions first", True, key="questions", help=meaning)


def is_open(topic: str) -> bool:
    """Whether the question on `topic` waits for an answer."""
    if not st.session_state["questions"]:
        return False
    return topic not in _record() or (topic in _guesses() and not _guesses()[topic].final)


def is_answered(question: Which | Epoch) -> bool:
    """Whether there is an answer, given for these settings or not judged yet."""
    guess = _guesses().get(question.topic)
    return guess is not None and guess.about in (None, about(question))


def ask(question: Which | Epoch) -> None:
    """Draw the question if it is open; if it was skipped, a button that opens it again."""
    topic = question.topic
    if is_open(topic):
        _box(question)
    elif st.session_state["questions"] and _record()[topic]["verdict"] == verdicts.SKIPPED:
        key = f"again_{topic}"
        st.button("Ask me again", type="tertiary", key=key, on_click=_reopen, args=(topic,))


def reveal(question: Which | Epoch, *measured: float) -> tuple[int | None, bool]:
    """Judge a new answer, or show the verdict. Return the answer and whether to wait for one.

    The answer is None if there is none for these settings.
    """
    guess = _guesses().get(question.topic)
    if guess is None or not st.session_state["questions"]:
        return None, is_open(question.topic)
    if guess.about is None:
        _judge(question, guess, *measured)
        st.rerun()  # from the top, where the controls are open now
    if not guess.final or guess.about != about(question):
        return None, not guess.final
    verdict, said, was = question.judge(guess.said, *measured)
    # beside a projector's picture there is no room to ask once more
    asked = f":small[{question.text}]\n\n" if enlarged() == 1.0 else ""
    st.markdown(
        f"{asked}**{SIGNS[verdict]}.** You said: **{said}**. "
        f"Measured: **{was}**. {question.reason(guess.said, *measured)}",
        help=question.hint(),
    )
    return guess.said, False


def about(question: Which | Epoch) -> str:
    """Return the settings that a question is about as a short text, which a browser can keep."""
    settings = question.about
    if isinstance(settings, str):
        return settings
    return sha256(repr(settings).encode()).hexdigest()[:16]


def _judge(question: Which | Epoch, guess: Guess, *measured: float) -> None:
    names, values = ("verdict", "said", "was"), question.judge(guess.said, *measured)
    _record().setdefault(question.topic, dict(zip(names, values, strict=True)))
    final = guess.final or values[0] != verdicts.WRONG
    _guesses()[question.topic] = Guess(guess.said, about(question), final)


def _box(question: Which | Epoch) -> None:
    with st.container(border=True):
        glossary.say(f"**Predict first.** {question.text}")
        question.draw()
        if question.topic in _guesses():  # below the answers, which stay where they are
            glossary.say(f"**Not quite.** {question.clue}")
        key = f"skip_{question.topic}"
        st.button("Skip", type="tertiary", key=key, on_click=_skip, args=(question.topic,))
        st.caption(question.hint())


def _answer(topic: str, answer: int | None = None) -> None:
    # read the slider on the click: the value of the last run may be outdated
    chosen = st.session_state[f"answer_{topic}"] if answer is None else answer
    guess = _guesses().get(topic)
    if guess is None and topic not in _record():  # of two quick clicks the first one counts
        _guesses()[topic] = Guess(chosen)
    elif guess is not None and guess.about is not None and not guess.final:
        _guesses()[topic] = Guess(chosen, final=True)


def _skip(topic: str) -> None:
    if (guess := _guesses().get(topic)) is None:
        _record().setdefault(topic, {"verdict": verdicts.SKIPPED, "said": "", "was": ""})
    elif guess.about is not None:  # after a wrong answer
        _guesses()[topic] = guess._replace(final=True)


def _reopen(topic: str) -> None:
    _record().pop(topic, None)


def _record() -> Record:
    return session.state().setdefault("predictions", {})


def _guesses() -> dict[str, Guess]:
    return session.state().setdefault("guesses", {})
