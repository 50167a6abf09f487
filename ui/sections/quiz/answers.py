"""Asking a question, its answers in the session, and the verdict on them."""

from hashlib import sha256

import streamlit as st

from ui import controls, glossary, session, verdicts
from ui.sections.quiz import because
from ui.sections.quiz.questions import Question
from ui.session import Guess
from ui.theme import enlarged
from ui.verdicts import Record

SIGNS = {verdicts.RIGHT: "✓ Right", verdicts.NEAR: "≈ Near", verdicts.WRONG: "✗ Not quite"}


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


def is_answered(question: Question) -> bool:
    """Whether there is an answer, given for these settings or not judged yet."""
    guess = _guesses().get(question.topic)
    return guess is not None and guess.about in (None, about(question))


def ask(question: Question) -> None:
    """Draw the question if it is open; if it was skipped, a button that opens it again."""
    topic = question.topic
    if is_open(topic):
        _box(question)
    elif st.session_state["questions"] and _record()[topic]["verdict"] == verdicts.SKIPPED:
        key = f"again_{topic}"
        st.button("Ask me again", type="tertiary", key=key, on_click=_reopen, args=(topic,))


def reveal(question: Question, *measured: float) -> tuple[int | None, bool]:
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
    told = f"{asked}**{SIGNS[verdict]}.** You said: **{said}**. Measured: **{was}**."
    why = "" if question.because else f" {question.reason(guess.said, *measured)}"
    st.markdown(told + why, help=question.hint)
    return guess.said, False


def about(question: Question) -> str:
    """Return the settings that a question is about as a short text, which a browser can keep."""
    settings = question.about
    if isinstance(settings, str):
        return settings
    return sha256(repr(settings).encode()).hexdigest()[:16]


def _judge(question: Question, guess: Guess, *measured: float) -> None:
    names, values = ("verdict", "said", "was"), question.judge(guess.said, *measured)
    _record().setdefault(question.topic, dict(zip(names, values, strict=True)))
    final = guess.final or values[0] != verdicts.WRONG
    _guesses()[question.topic] = Guess(guess.said, about(question), final)


def _box(question: Question) -> None:
    with st.container(border=True):
        glossary.say(f"**Predict first.** {question.text}")
        question.draw(_answer)
        if question.topic in _guesses():  # below the answers, which stay where they are
            glossary.say(f"**Not quite.** {question.clue}")
        key = f"skip_{question.topic}"
        st.button("Skip", type="tertiary", key=key, on_click=_skip, args=(question.topic,))
        st.caption(question.hint)


def _answer(topic: str, answer: int | None = None) -> None:
    # read the slider on the click: the value of the last run may be outdated
    chosen = st.session_state[f"answer_{topic}"] if answer is None else answer
    guess = _guesses().get(topic)
    if guess is None and topic not in _record():  # of two quick clicks the first one counts
        _guesses()[topic] = Guess(chosen)
        because.forget(topic)
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
