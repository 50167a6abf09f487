"""The twin of a question: the same idea with other settings, asked on Exercises after a pause.

One right answer may be a lucky guess. A twin is due once its question was answered, not skipped, at
least `PAUSE` seconds before the visitor came to the page; an answer of an earlier visit is old
enough. So nothing comes or goes while the page is used, except by its own buttons.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from ui import session, verdicts
from ui.navigation import PAGES
from ui.sections.quiz.answers import SIGNS
from ui.sections.quiz.entries import ENTRIES, Entry, Twin
from ui.training import ahead, progress, runs
from ui.verdicts import Record

PAUSE = 600.0  # s
RULE = "After a pause, the same idea with other settings: did you understand it, or guess?"


def show() -> None:
    """Draw the next twin that is due, or the verdict on the last answer; else nothing."""
    state = session.state()
    if not st.session_state["questions"]:
        return
    if not (topic := due()) and "twin_told" not in state:
        return
    with st.container(border=True, key="twin"):
        if "twin_answer" in state:
            _judge(*state["twin_answer"])
        if "twin_told" in state:
            _tell(*state["twin_told"])
        elif topic:
            _ask(topic, ENTRIES[topic])


def due() -> str | None:
    """Return the topic of the first twin that is due, if any is."""
    return next((topic for topic in ENTRIES if topic not in _record() and _has_rested(topic)), None)


def shown(first: Mapping[str, str], twin: Mapping[str, str]) -> dict[str, str]:
    """Return the verdict on a twin for the record, with what both answers show together."""
    told = ": ".join(filter(None, (twin["verdict"], verdicts.grasp(first, twin))))
    return {**twin, "verdict": told}


def _has_rested(topic: str) -> bool:
    state = session.state()
    since = state.get("answered", {}).get(topic)
    is_old = since is None or state["entered"] - since >= PAUSE
    return is_old and topic in state.get("predictions", {}) and session.has_answered(topic)


def _ask(topic: str, entry: Entry) -> None:
    twin = entry.twin
    question = replace(entry.ask(twin.data, twin.configs), topic=f"twin {topic}")
    # the runs begin now, so that the answer need not wait; the page does not either
    ahead.offer(ahead.NEIGHBOURS, (session.name(), "twin"), runs.tasks(_requests(twin)))
    left, right = st.columns([0.55, 0.45], gap="medium", vertical_alignment="center")
    asked = f"**{PAGES[topic].title}, once more.** {twin.says} {question.text} :gray[{RULE}]"
    left.markdown(f":small[{asked}]")
    with right.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        question.draw(partial(_take, topic))
        st.button("Skip", type="tertiary", key="twin_skip", on_click=_skip, args=(topic,))


def _requests(twin: Twin) -> list[runs.Request]:
    return [runs.Request(twin.data, config) for config in twin.configs]


def _judge(topic: str, said: int) -> None:
    """Record the verdict on an answer, and what is said about it."""
    twin = ENTRIES[topic].twin
    with progress.bar("Training for this question") as report:
        trained = runs.train(_requests(twin), report)
    question, *measured = ENTRIES[topic].judged(
        ENTRIES[topic].ask(twin.data, twin.configs), trained, twin.data
    )
    names, values = ("verdict", "said", "was"), question.judge(said, *measured)
    entry = _record()[topic] = dict(zip(names, values, strict=True))
    state = session.state()
    first = state["predictions"].get(topic, {"verdict": verdicts.SKIPPED})
    told = (
        f"**{SIGNS[entry['verdict']]}.** You said: **{entry['said']}**. Measured: "
        f"**{entry['was']}**. {question.reason(said, *measured)} **{verdicts.both(first, entry)}**"
    )
    state["twin_told"] = topic, told
    del state["twin_answer"]


def _tell(topic: str, text: str) -> None:
    page = PAGES[topic]
    left, right = st.columns([0.8, 0.2], gap="medium", vertical_alignment="center")
    left.markdown(f":small[{text}]")
    right.page_link(page.path, label=page.title, icon=page.icon)
    right.button("Continue", key="twin_close", on_click=_close)


def _take(topic: str, key: str, answer: int | None = None) -> None:
    # read the slider on the click: the value of the last run may be outdated
    said = st.session_state[f"answer_{key}"] if answer is None else answer
    if topic not in _record():  # of two quick clicks the first one counts
        session.state().setdefault("twin_answer", (topic, said))


def _skip(topic: str) -> None:
    _record().setdefault(topic, {"verdict": verdicts.SKIPPED, "said": "", "was": ""})


def _close() -> None:
    session.state().pop("twin_told", None)


def _record() -> Record:
    return session.state().setdefault("twins", {})
