"""The session of one visitor: all its keys in one place, and functions to query it.

A widget's value is stored under the widget's own key, which `controls` registers here, so that each
page keeps its own values and the tour can reset them.
"""

from collections.abc import Hashable, Sequence
from time import monotonic
from typing import Any, NamedTuple, TypedDict, cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from regcore import Config, Dataset, Table

now = monotonic  # s, when a question was answered and a page entered
DATA_CONTROLS = ("data", "noise", "flipped")  # these hold on every page


class TaskRecord(TypedDict):
    """One exercise: whether it was passed, hints opened (0 to 3), whether the solution was."""

    passed: bool
    hints: int
    solution: bool


class Guess(NamedTuple):
    """An answer to a question.

    about  a digest of the settings for which it was judged; None until then
    final  whether it is the second answer, or the first was not wrong
    sure   one of `ui.verdicts.SURENESS`; "" until it was said
    """

    said: int
    about: str | None = None
    final: bool = False
    sure: str = ""


class DrawnCurve(NamedTuple):
    """A loss curve as a learner drew it: see `regcore.experiments.drawn_curve`.

    values  the losses at twelve epochs
    about   a digest of the settings that it was drawn for
    last    the last of the epochs
    top     the largest loss that could be drawn
    truth   the true losses at the same epochs; empty until they are known
    """

    values: tuple[float, ...]
    about: str
    last: int
    top: float
    truth: tuple[float, ...] = ()


class Pin(NamedTuple):
    """A pinned run: its name and its settings."""

    name: str
    config: Config


class OwnTable:
    """A table that this visitor has uploaded. Its key is a digest of the file and the choices.

    kept  results that other modules derive from it, by name; dropped with the table or session
    """

    def __init__(self, key: str, dataset: Dataset) -> None:
        self.key, self.dataset = key, dataset
        self.kept: dict[str, Any] = {}


class State(TypedDict, total=False):
    """The keys of the session."""

    # where the visitor has been
    visited: set[str]  # paths of pages
    path: str  # of the present page
    entered: float  # when the visitor came to it
    tour: str | None  # the step in the last link
    questions_before: bool  # the switch of the questions before the tour turned it on
    tour_asked: set[str]  # topics that the class was asked about in this tour
    trained: dict[tuple[str, str], Sequence[Any]]  # topic, text of the bar -> requested runs
    words: set[str]  # glossary entries that the page links to
    named: list[str]  # titles of the sections and folds of this page, for its jump list
    controls: dict[str, Any]  # keys of the controls drawn so far -> their defaults, if known
    settings: dict[str, dict[str, Any]]  # path of a page -> the values of its controls
    links: dict[str, dict[str, str]]  # path of a page -> its settings as in its last link
    shared: dict[str, str]  # settings of all pages, as in the last link
    place: str  # path of the page where the browser was last, in an earlier session
    kept: Any  # what the browser's storage knows, see ui.page.kept.browser_storage
    locked: bool  # whether controls are drawn disabled, because a question is about them
    trouble: str  # text of the last toast
    # data
    own: OwnTable
    own_table: Table  # as read, before the owner describes it
    own_raw: bytes  # of the file, to read it again with corrections
    own_corrections: dict[str, dict[str, Any]]  # file -> arguments of read_table
    own_findings: dict[Hashable, Any]  # outcome and columns left out -> what looks odd
    own_message: str  # why the file could not be read
    own_name: str  # of the file, also of one that an earlier session had
    opened: dict[Hashable, list[Config]]  # data -> runs for which its test set was opened
    # questions: topic -> ...
    predictions: dict[str, dict[str, str]]  # the verdicts, see ui.verdicts
    guesses: dict[str, Guess]
    drawings: dict[str, DrawnCurve]
    skipped: dict[str, str]  # topic -> the settings that the skipped question was about
    answered: dict[str, float]  # when, in this session
    twins: dict[str, dict[str, str]]  # the verdicts on other settings, see ui.sections.quiz.twins
    reasons: dict[str, int]  # which one was chosen after the verdict
    judged: dict[str, Any]  # the question as it was judged, the answer, and what was measured
    told: dict[tuple[str, bool], Any]  # topic, whether drawn -> see ui.sections.quiz.told
    unasked: set[str]  # topics that the settings on the page allow no question about
    twin_answer: tuple[str, int]  # the topic and the answer to its twin, until it is judged
    twin_told: tuple[str, str]  # its topic and the verdict on it, until it is closed
    win_guesses: dict[str, tuple[int | None, Hashable]]  # see ui.sections.studies.win_guess
    # the class, see ui.sections.room
    room: tuple[str, str]  # the word of the room that this session has opened, its owner's secret
    room_trouble: str  # why it could not be opened
    joined: str  # the word of the room where this phone is
    voter: str  # the secret that is this phone's name there
    room_tries: Any  # a Bucket of wrong words
    room_attempts: int  # drawings that this phone has begun anew
    room_late: bool  # whether the last vote came too late
    # experiments
    tops: dict[Hashable, float]  # (path, table) -> the largest loss shown there
    shown: dict[str, tuple[Any, Any]]  # topic -> the last two requests shown there
    studies: set[Hashable]  # names of the requested studies
    background: dict[str, Any]  # key of a panel -> its ui.training.background.Background
    notes: dict[tuple[int, float], dict[str, Any]]  # (units, λ) -> a run of the laboratory
    pins: list[Pin]
    passes: int  # how many masks were drawn
    # exercises: number of the task -> ...
    tasks: dict[int, TaskRecord]
    orders: dict[int, tuple[int, ...]]  # of the lines of a puzzle, see ui.exercises.puzzle
    revealed: set[int]  # tasks whose solution is shown
    drafts: dict[int, Any]  # code, see ui.exercises.drafts
    results: dict[int, Any]  # the last run or check, see ui.exercises.feedback
    pressed: tuple[int, str, Any]  # the task; "run", "check" or "lines"; the answer
    results_so_far: int
    load_message: str  # result of loading a progress file
    # whether this visitor has started the server, see ui.exercises.owner
    is_owner: bool
    secret_refused: str


def state() -> State:
    """Return the session of the visitor for whom the page is drawn."""
    return cast(State, st.session_state)


def enter(path: str) -> None:
    """Record a visit to the page at `path`. Each page has its own settings: swap them."""
    before = state().get("path")
    state().setdefault("visited", set()).add(path)
    if path != before:
        state()["entered"] = now()
    state()["path"], state()["locked"] = path, False
    if before not in (None, path):
        settings = state().setdefault("settings", {})
        settings[before] = {key: st.session_state[key] for key in _page_controls()}
        forget_controls()
        in_link = {*st.query_params, *state().get("links", {}).get(path, ())}
        for key, value in settings.get(path, {}).items():
            if key not in in_link:
                st.session_state[key] = value


def name() -> str:
    """Return what tells this session from all others."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def has_visited(path: str) -> bool:
    """Whether the page at `path` was opened in this session."""
    return path in state().get("visited", ())


def own_table() -> OwnTable | None:
    """Return the table that this visitor has uploaded, if any."""
    return state().get("own")


def has_answered(topic: str) -> bool:
    """Whether the question on `topic` was answered, not skipped, and waits for no second try."""
    guess = state().get("guesses", {}).get(topic)
    if guess is not None:
        return guess.final
    entry = state().get("predictions", {}).get(topic)
    return entry is not None and entry["verdict"] != "skipped"


def tasks_passed() -> int:
    """Return how many exercises this session has passed."""
    return sum(record["passed"] for record in state().get("tasks", {}).values())


def register_control(key: str, default: Any = None) -> str:
    """Register the key of a widget that each page has for itself; return it.

    default  needed if it is bound to the link
    """
    state().setdefault("controls", {})[key] = default
    return key


def reset_controls(*but: str) -> None:
    """Reset the page's controls to their defaults, except those named and the choice of data."""
    for key in _page_controls():
        if key in but:
            continue
        default = state()["controls"][key]
        if default is None:
            del st.session_state[key]
        else:  # a deleted value would come back from the link
            st.session_state[key] = default


def forget_controls() -> None:
    """Forget the values of the page's controls: the next page starts from its link or defaults."""
    for key in _page_controls():
        del st.session_state[key]


def is_locked() -> bool:
    """Whether controls are drawn disabled."""
    return state().get("locked", False)


def _page_controls() -> list[str]:
    drawn = state().get("controls", {})
    return [key for key in drawn if key in st.session_state and key not in DATA_CONTROLS]
