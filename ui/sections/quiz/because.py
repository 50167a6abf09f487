"""Because …: after the verdict, the learner chooses the reason, and the page answers it.

Giving a reason makes a prediction into an explanation, which is remembered (Bisra et al., 2018).
"""

import streamlit as st

from ui import layout, session
from ui.sections.quiz import told
from ui.sections.quiz.questions import Question

HEIGHT = 182  # px: three reasons, or the answer to one
RIGHT, REFUTED = "✓ Yes.", "✗ Many think so."


def give_reason(question: Question, answer: int, *measured: float) -> None:
    """Draw the reasons of a judged question, or the answer to the chosen one, in the same place."""
    _judged()[question.topic] = question, answer, measured
    chosen = _chosen().get(question.topic)
    with layout.reserved(HEIGHT), st.container(gap="xxsmall"):
        if chosen is None or chosen >= len(question.because):
            _choice(question)
        else:
            answered = reply(question, chosen, answer, *measured)
            _told(question.topic, question.because[chosen].text, answered)


def give_again(topic: str) -> None:
    """Draw them for the settings that the answer was about: the controls were moved since."""
    if told.is_kept(topic) and topic in _judged():
        question, answer, measured = _judged()[topic]
        give_reason(question, answer, *measured)


def reply(question: Question, chosen: int, answer: int, *measured: float) -> str:
    """Return what the chosen reason is worth: what refutes it, or why the result is as it is."""
    refuted = question.because[chosen].refuted
    if refuted:
        return f"**{REFUTED}** {refuted}"
    return f"**{RIGHT}** {question.reason(answer, *measured)}"


def forget(topic: str) -> None:
    """Forget an earlier answer and the reason for it."""
    _judged().pop(topic, None)
    _choose_again(topic)


def _choice(question: Question) -> None:
    st.markdown(f"**{question.asks_why}**")
    for place, reason in enumerate(question.because):
        key = f"because_{question.topic}_{place}"
        st.button(reason.text, key=key, on_click=_choose, args=(question.topic, place))


def _told(topic: str, text: str, answer: str) -> None:
    st.markdown(f":small[“{text}”: {answer}]")
    key = f"because_{topic}_again"
    st.button("Another reason", type="tertiary", key=key, on_click=_choose_again, args=(topic,))


def _choose(topic: str, place: int) -> None:
    _chosen()[topic] = place


def _choose_again(topic: str) -> None:
    _chosen().pop(topic, None)


def _judged() -> dict[str, tuple[Question, int, tuple[float, ...]]]:
    return session.state().setdefault("judged", {})


def _chosen() -> dict[str, int]:
    return session.state().setdefault("reasons", {})
