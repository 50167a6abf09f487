"""A ten-minute tour for a class: steps with links that open the pages with their settings.

A link has the form ?tour=3&width=4: the page resets its controls and takes the settings that
follow. A step that asks has the page's question open, also if it was answered before: who predicts
first learns from what is shown then (Crouch, Fagen, Callan and Mazur, 2004).
"""

from typing import Any, NamedTuple

import streamlit as st

from regcore import PRESETS
from ui import layout, session
from ui.glossary import say
from ui.navigation import HOME, PAGES, TOPICS
from ui.sections import pinned_runs, quiz


class Step(NamedTuple):
    """A step of the tour.

    settings  those that differ from the defaults: key of a control -> its value
    ask       when to vote and when to talk; "" if the step asks nothing
    """

    minute: int
    path: str
    title: str
    say: str
    look: str
    settings: dict[str, Any]
    ask: str = ""


HANDS = "ask for a show of hands, press Skip, and see who was right."
STEPS = (
    Step(
        0,
        HOME.path,
        "The moment it starts to memorize",
        "The network keeps getting better on the patients it learns from, but from some point on "
        "it gets worse on patients it has never seen.",
        "where the test loss is lowest, and where it ends.",
        {},
    ),
    Step(
        1,
        PAGES["overfitting"].path,
        "64 units",
        "It has memorized every training patient. That is a warning, not a success.",
        "press Play: on the left the prediction bends around individual patients, while on the "
        "right the test loss rises.",
        {},
        "open a room for the class. When the phones have voted, close the vote, then reveal.",
    ),
    Step(
        2,
        PAGES["overfitting"].path,
        "4 units",
        "A small network cannot memorize: it can draw only a few straight edges, and the gap "
        "shrinks. But it is no better on new patients.",
        "the picture on the left, where no edge bends around a single patient, then the gap.",
        {"width": 4},
    ),
    Step(
        3,
        PAGES["l2"].path,
        "λ = 0.05",
        "One added term in the gradient, and the same 64 units give a smooth prediction. Test "
        "accuracy changes by one patient: that alone proves nothing.",
        "the two pictures side by side, then the marked term in the code.",
        {"l2": 0.05},
        "vote, talk for two minutes, vote again, then reveal. In many classes the second vote is "
        "the better one.",
    ),
    Step(
        7,
        PAGES["dropout"].path,
        "Dropout, p = 0.2",
        "Every pass drops different units, so no unit can rely on another, and the test loss ends "
        "lower.",
        "the two test losses; then press “Next pass” for a fresh mask.",
        {"p": 0.2},
        HANDS,
    ),
    Step(
        8,
        PAGES["early stopping"].path,
        "Patience 50",
        "Train once, and keep the weights of the best epoch. The price: some patients are used for "
        "validation only.",
        "the marks on the curve; change the patience: nothing is trained again.",
        {"patience": 50},
        HANDS,
    ),
    Step(
        9,
        PAGES["all together"].path,
        "All tools",
        "Any tool, any strength: choose with the validation set, and open the test set once, at "
        "the very end.",
        "the validation loss without any tool, then with each of the two; switch early stopping "
        "on: the mark shows which weights it keeps; then open the test set.",
        {},
        HANDS,
    ),
)
MINUTES, MEMORIZE = 10, PRESETS["memorize"]
# counts from the first step; each step begins at the top of its page
CLOCK = """<span id="tour-clock" role="timer" aria-label="time since the tour began"></span><script>
clearInterval(window.tourClock);
if (sessionStorage.tourStep !== "%d") {
  sessionStorage.tourStep = "%d";
  if (%d === 1) sessionStorage.tourStart = Date.now();
  document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
}
sessionStorage.tourStart ??= Date.now();
window.tourClock = setInterval(() => {
  const place = document.getElementById("tour-clock");
  if (!place) return clearInterval(window.tourClock);
  const seconds = Math.floor((Date.now() - sessionStorage.tourStart) / 1000);
  place.textContent = `${Math.floor(seconds / 60)}:${String(seconds %% 60).padStart(2, "0")}`;
}, 1000);
</script>"""


def show() -> None:
    """Show the steps: each with its minute, its link, and what to say."""
    st.page_link(HOME.path, label="**Start the tour** →", query_params=link(1))
    st.caption(
        "Each step opens its page with its settings, and shows what to ask, what to say and where "
        "to look. The class predicts first: with phones in a room, or by a show of hands. In the "
        "fourth step it votes, talks and votes again. The projector switch is in the menu."
    )
    for number, step in enumerate(STEPS, start=1):
        left, right = layout.bench(0.3)
        label = f"**{step.minute}:00** {step.title} →"
        left.page_link(step.path, label=label, query_params=link(number))
        with right:
            say(f"“{step.say}”")


def is_at(path: str) -> bool:
    """Whether the tour's present step is on the page at `path`."""
    return bool(_number()) and STEPS[_number() - 1].path == path


def title(text: str, path: str) -> None:
    """Draw the title of a page; on a step's page the way through the tour beside it."""
    if not is_at(path):
        st.title(text, anchor=False)
        return
    number = _number()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(text, anchor=False, width="content")
        minute = STEPS[number - 1].minute
        st.markdown(f"**Step {number} of {len(STEPS)}** · minute {minute} of {MINUTES}")
        _links(number)
        st.html(CLOCK % (number, number, number), unsafe_allow_javascript=True, width="content")


def lead(path: str) -> bool:
    """Show on a step's page what to do next; return whether it did.

    That is what to ask while its question is open, then what to say and where to look.
    """
    if is_at(path):
        step = STEPS[_number() - 1]
        if step.ask and any(quiz.is_open(topic) for topic in _topics(step)):
            say(f"**Let them predict:** {step.ask}")
        else:
            say(f"“{step.say}” :small[Look at: {step.look}]")
    return is_at(path)


def _links(number: int) -> None:
    """Draw links to the steps before and after, and a button that ends the tour."""
    for label, other in (("← Back", number - 1), ("Next →", number + 1)):
        if 1 <= other <= len(STEPS):
            st.page_link(STEPS[other - 1].path, label=label, query_params=link(other))
    st.button("End tour", type="tertiary", on_click=_end, key="end_tour")


def _end() -> None:
    session.state()["tour"] = None
    session.state().pop("tour_asked", None)
    st.session_state["questions"] = session.state().pop("questions_before", True)
    st.query_params.pop("tour", None)


def link(number: int) -> dict[str, str]:
    """Return the query parameters of a step, counted from 1."""
    return {"tour": str(number)} | _in_link(STEPS[number - 1])


def prepare(path: str) -> None:
    """Set up the page at `path` for the step in the link, once."""
    number = st.query_params.get("tour")
    if number == session.state().get("tour"):  # already set up: the visitor may change settings
        return
    session.state()["tour"] = number
    if not _number() or (step := STEPS[_number() - 1]).path != path:
        return
    session.state().setdefault("questions_before", st.session_state.get("questions", True))
    if _number() == 1:
        session.state().pop("tour_asked", None)
    _ask(step)
    session.forget_controls()
    for key in session.DATA_CONTROLS:
        st.session_state.pop(key, None)
    if step.settings.get("use_l2") and not pinned_runs.pinned():
        pinned_runs.add("no tools", MEMORIZE)  # to compare with
    for key, value in _in_link(step).items():
        # a copied address may have another value; Streamlit drops those of the page before
        if st.query_params.get(key, value) == value:
            st.session_state[key] = step.settings[key]


def _ask(step: Step) -> None:
    """Open the question of the step's page, once in a tour; close it where none is asked."""
    asked = session.state().setdefault("tour_asked", set())
    for topic in _topics(step):
        if step.ask and topic not in asked:
            quiz.reopen(topic)
        elif not step.ask:
            quiz.skip(topic)
        asked.add(topic)


def _topics(step: Step) -> list[str]:
    return [topic for topic in TOPICS if PAGES[topic].path == step.path]


def _in_link(step: Step) -> dict[str, str]:
    return {key: str(value).lower() for key, value in step.settings.items()}


def _number() -> int:
    """Return the step of the last link, from 1; 0 for none."""
    steps = {str(number): number for number in range(1, len(STEPS) + 1)}
    return steps.get(str(session.state().get("tour")), 0)
