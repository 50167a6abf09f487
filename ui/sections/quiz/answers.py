"""Asking a question, its answers in the session, and the verdict on them."""

from hashlib import sha256

import streamlit as st

from ui import controls, glossary, session, verdicts
from ui.sections.quiz import because, told
from ui.sections.quiz.questions import Question
from ui.session import Guess
from ui.theme import enlarged
from ui.verdicts import Record

SIGNS = {verdicts.RIGHT: "✓ Right", verdicts.NEAR: "≈ Near", verdicts.WRONG: "✗ Not quite"}

UNSAID = "unsaid"  # how sure an answer is, if that was skipped


def switch() -> None:
    """Draw the switch for all questions, bound to the link: ?questions=false."""
    controls.keep("questions")
    meaning = (
        "Each page asks one question before it shows its result. Off: results are shown right away."
    )
    controls.switch("Questions first", True, key="questions", help=meaning)


def is_open(topic: str) -> bool:
    """Whether the question on `topic` waits for an answer."""
    if not st.session_state["questions"]:
        return False
    return topic not in _record() or (topic in _guesses() and not _guesses()[topic].final)


def is_answered(question: Question) -> bool:
    """Whether there is an answer, given for these settings or not judged yet; or it was skipped."""
    guess = _guesses().get(question.topic)
    if guess is None:
        return was_skipped(question)
    return guess.about in (None, about(question))


def was_skipped(question: Question) -> bool:
    """Whether it was skipped, or a curve drawn instead, and these are the settings of then."""
    if not st.session_state["questions"] or question.topic not in _record():
        return False
    if drawn := session.state().get("drawings", {}).get(question.topic):
        return drawn.about == about(question)
    if _record()[question.topic]["verdict"] != verdicts.SKIPPED:
        return False
    skipped = session.state().setdefault("skipped", {})
    return skipped.setdefault(question.topic, about(question)) == about(question)


def ask(question: Question) -> None:
    """Draw the question if it is open; if it was skipped, a button that opens it again."""
    topic = question.topic
    if is_open(topic):
        _box(question)
    elif st.session_state["questions"] and _record()[topic]["verdict"] == verdicts.SKIPPED:
        key = f"again_{topic}"
        st.button("Ask me again", type="tertiary", key=key, on_click=reopen, args=(topic,))


def reveal(question: Question, *measured: float) -> tuple[int | None, bool]:
    """Judge a new answer, or show the verdict. Return the answer and whether to wait for one.

    The answer is None if there is none for these settings; a verdict for others stays in place.
    """
    topic = question.topic
    guess = _guesses().get(topic)
    if guess is None and was_skipped(question):
        _tell(question, question.right(*measured), *measured)
    elif guess is None and topic in _record():
        told.repeat(topic)
    if guess is None or not st.session_state["questions"]:
        return None, is_open(topic)
    if _is_unsure(guess):
        return None, True
    if guess.about is None:
        _judge(question, guess, *measured)
        st.rerun()  # from the top, where the controls are open now
    if not guess.final:
        return None, True
    if guess.about != about(question):
        told.repeat(topic)
        return None, False
    verdict, said, was = question.judge(guess.said, *measured)
    # beside a projector's picture there is no room to ask once more
    asked = f":small[{question.text}]\n\n" if enlarged() == 1.0 else ""
    text = f"{asked}**{SIGNS[verdict]}.** You said: **{said}**. Measured: **{was}**."
    why = "" if question.because else f" {question.reason(guess.said, *measured)}"
    told.tell(topic, text + why, question.hint)
    return guess.said, False


def _tell(question: Question, right: int, *measured: float) -> None:
    """Say what was measured, after a question that was skipped or a curve that was drawn."""
    *_, was = question.judge(right, *measured)
    if enlarged() > 1.0:  # beside a projector's picture there is no room for more
        told.tell(question.topic, f"Measured: **{was}**.")
        return
    reason = question.reason(right, *measured)
    told.tell(question.topic, f":small[{question.text}]\n\nMeasured: **{was}**. {reason}")


def about(question: Question) -> str:
    """Return the settings that a question is about as a short text, which a browser can keep."""
    settings = question.about
    if isinstance(settings, str):
        return settings
    return sha256(repr(settings).encode()).hexdigest()[:16]


def _judge(question: Question, guess: Guess, *measured: float) -> None:
    names, values = ("verdict", "said", "was"), question.judge(guess.said, *measured)
    entry = dict(zip(names, values, strict=True))
    if guess.sure in verdicts.SURENESS:
        entry["sure"] = guess.sure
    record(question.topic, entry)
    final = guess.final or values[0] != verdicts.WRONG
    _guesses()[question.topic] = guess._replace(about=about(question), final=final)


def record(topic: str, entry: dict[str, str]) -> None:
    """Keep the verdict on the first answer to a question, and when it came."""
    if topic not in _record():
        _record()[topic] = entry
        session.state().setdefault("answered", {})[topic] = session.now()


def _box(question: Question) -> None:
    with st.container(border=True):
        glossary.say(f"**Predict first.** {question.text}")
        guess = _guesses().get(question.topic)
        if guess is not None and _is_unsure(guess):
            _ask_how_sure(question, guess)
        else:
            question.draw(_answer)
        if guess is not None and guess.about is not None:  # below the answers, which stay
            glossary.say(f"**Not quite.** {question.clue}")
        key = f"skip_{question.topic}"
        st.button("Skip", type="tertiary", key=key, on_click=skip, args=(question.topic,))
        glossary.note(question.hint)


def _ask_how_sure(question: Question, guess: Guess) -> None:
    """Draw three buttons in the place of the answers."""
    st.markdown(f"You say: **{question.words(guess.said)}**. How sure are you?")
    labels = {verdicts.SURE: "Sure", verdicts.FAIRLY: "Fairly sure", verdicts.GUESS: "A guess"}
    with st.container(horizontal=True, gap="small"):
        for sure, label in labels.items():
            key = f"sure_{question.topic}_{sure}"
            st.button(label, key=key, on_click=_be_sure, args=(question.topic, sure))


def _is_unsure(guess: Guess) -> bool:
    """Whether a first answer waits for how sure it is."""
    return guess.about is None and not guess.final and not guess.sure


def _be_sure(topic: str, sure: str) -> None:
    guess = _guesses().get(topic)
    if guess is not None and _is_unsure(guess):  # of two quick clicks the first one counts
        _guesses()[topic] = guess._replace(sure=sure)


def _answer(topic: str, answer: int | None = None) -> None:
    # read the slider on the click: the value of the last run may be outdated
    chosen = st.session_state[f"answer_{topic}"] if answer is None else answer
    guess = _guesses().get(topic)
    if guess is None and topic not in _record():  # of two quick clicks the first one counts
        _guesses()[topic] = Guess(chosen)
        because.forget(topic)
    elif guess is not None and guess.about is not None and not guess.final:
        _guesses()[topic] = Guess(chosen, final=True, sure=guess.sure)


def skip(topic: str) -> None:
    """Show the result without an answer; after a wrong one, without a second try."""
    if (guess := _guesses().get(topic)) is None:
        _record().setdefault(topic, {"verdict": verdicts.SKIPPED, "said": "", "was": ""})
    elif guess.about is not None:  # after a wrong answer
        _guesses()[topic] = guess._replace(final=True)
    else:
        _be_sure(topic, UNSAID)


def reopen(topic: str) -> None:
    """Ask the question again, also one that was answered or while questions are off."""
    _record().pop(topic, None)
    _guesses().pop(topic, None)
    session.state().get("drawings", {}).pop(topic, None)
    session.state().get("twins", {}).pop(topic, None)
    session.state().get("skipped", {}).pop(topic, None)
    because.forget(topic)
    told.forget(topic)
    st.session_state["questions"] = True


def _record() -> Record:
    return session.state().setdefault("predictions", {})


def _guesses() -> dict[str, Guess]:
    return session.state().setdefault("guesses", {})
