"""Questions with their answers: how each is drawn, judged and explained."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, NamedTuple

import streamlit as st

from regcore.experiments import comparison
from ui import verdicts
from ui.text import count, noise, stated

OnAnswer = Callable[..., None]


class Reason(NamedTuple):
    """A reason for an answer. `refuted` says what is wrong with it; the right one has none."""

    text: str
    refuted: str = ""


@dataclass(frozen=True)
class Which:
    """A question with three answers: the second value is lower, about the same, or higher.

    names    the two runs compared, e.g. ("without L2", "with L2")
    band     a smaller change counts as none
    near     what an answer may be off by to count as near
    hint     what the middle answer means and how exact an answer must be
    clue     what to think of after a first wrong answer
    why      the reason for each of the three outcomes, in the order of the answers
    about    the settings that it is asked about
    because  the reasons to choose from after the verdict; without any, `why` is shown at once
    asks_why  what stands above them
    """

    topic: str
    text: str
    answers: tuple[str, str, str]
    measure: str
    names: tuple[str, str]
    band: float
    near: float
    hint: str
    clue: str
    why: tuple[str, str, str]
    about: Hashable
    because: tuple[Reason, ...] = ()
    asks_why: str = "Because …"

    def draw(self, on_answer: OnAnswer) -> None:
        """Draw a button for each answer."""
        with st.container(horizontal=True, gap="small"):
            for answer, label in zip((-1, 0, 1), self.answers, strict=True):
                key, label = f"answer_{self.topic}_{answer}", label[0].upper() + label[1:]
                st.button(label, key=key, on_click=on_answer, args=(self.topic, answer))

    def judge(
        self, answer: int, first: float, second: float, chance: float = 0.0
    ) -> tuple[str, str, str]:
        """Return the verdict, the answer and the measurement.

        chance  how large a difference chance alone may make
        """
        change, band = self._change(first, second, chance)
        was = self.answers[1 + comparison.direction(change, band)]
        values = f"{stated(first)} {self.names[0]}, {stated(second)} {self.names[1]}"
        if noise(change) > max(self.band, chance):
            values += f"; rounding alone moves their difference by up to {band / 2:.2g}"
        elif chance:
            values += f"; chance alone: ±{stated(chance)}"
        measured = f"{was} ({self.measure} {values})"
        verdict = verdicts.judge_direction(answer, change, band, self.near)
        is_short = len(measured) <= verdicts.MAX_TEXT_LENGTH  # or a progress file could not hold it
        return verdict, self.words(answer), measured if is_short else was

    def words(self, answer: int) -> str:
        """Return an answer in words."""
        return self.answers[1 + answer]

    def right(self, first: float, second: float, chance: float = 0.0) -> int:
        """Return the right answer: -1, 0 or 1."""
        return comparison.direction(*self._change(first, second, chance))

    def outcome(self, first: float, second: float, chance: float = 0.0) -> int:
        """Return which of the answers is right, from 0."""
        return 1 + self.right(first, second, chance)

    def reason(self, answer: int, first: float, second: float, chance: float = 0.0) -> str:
        """Return why it came out as it did."""
        return self.why[self.outcome(first, second, chance)]

    def _change(self, first: float, second: float, chance: float) -> tuple[float, float]:
        change = second - first
        return change, max(self.band, chance, noise(change))


@dataclass(frozen=True)
class Epoch:
    """A question whose answer is an epoch from 1 to `last`.

    clue, about, because  as for `Which`
    why                   the reason for an answer that is too early, right or too late
    """

    topic: str
    text: str
    last: int
    clue: str
    why: tuple[str, str, str]
    about: Hashable
    because: tuple[Reason, ...] = ()
    asks_why = "Because …"
    hint = "Within 10% is right; within a factor of two is near."

    def draw(self, on_answer: OnAnswer) -> None:
        """Draw a slider with logarithmic steps and a button."""
        choices, key = verdicts.epoch_choices(self.last), f"answer_{self.topic}"
        st.select_slider("Epoch", choices, self.last, format_func=count, key=key)
        st.button("That is my guess", key=f"{key}_set", on_click=on_answer, args=(self.topic,))

    def judge(self, answer: int, was: float) -> tuple[str, str, str]:
        """Return the verdict, the answer and the measurement."""
        verdict = verdicts.judge_epoch(answer, int(was))
        return verdict, self.words(answer), self.words(int(was))

    def words(self, answer: int) -> str:
        """Return an answer in words."""
        return f"epoch {count(answer)}"

    def right(self, was: float) -> int:
        """Return the epoch."""
        return int(was)

    outcome = right

    def reason(self, answer: int, was: float) -> str:
        """Return why the lowest loss comes when it does."""
        is_right = verdicts.judge_epoch(answer, int(was)) == verdicts.RIGHT
        return self.why[1 if is_right else 0 if answer < was else 2]


Question = Which | Epoch


def use(topic: str, text: str, names: tuple[str, str], n_test: int, row: str, **more: Any) -> Which:
    """Return the question which of two networks one would use for new rows.

    n_test, row  the size of the test set, and what one of its rows is called

    It is judged by test accuracy, with the room that chance has: see `regcore.experiments.paired`.
    """
    answers, near = (names[0], "cannot tell", names[1]), 1.0 / n_test
    hint = (
        "“Cannot tell” means that chance alone may explain the difference. "
        f"If one test {row} more or less would make your answer right, it is near."
    )
    # before this question there was another on the same topic, whose answers mean something else
    more["about"] = "use", more["about"]
    more["asks_why"] = "What should decide?"
    return Which(topic, text, answers, "test accuracy", names, 0.0, near, hint, **more)


def lower(topic: str, text: str, loss: str, names: tuple[str, str], **more: Any) -> Which:
    """Return the question which of two runs has the lower loss."""
    answers, band = (names[1], "too close to call", names[0]), verdicts.LOSS_BAND
    hint = (
        f"“{answers[1].capitalize()}” means within {band:g}. If {band:g} more or less would make "
        "your answer right, it is near."
    )
    return Which(topic, text, answers, loss, names, band, band, hint, **more)
