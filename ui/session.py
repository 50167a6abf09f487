"""The session of one visitor: every key of it in one place, and the facts that pages ask for.

What a widget holds has the widget's own key, which `controls` registers here if the tour is to
reset it.
"""

from collections.abc import Hashable
from typing import Any, NamedTuple, TypedDict, cast

import streamlit as st

from regcore import Config, Dataset, Table


class TaskRecord(TypedDict):
    """One exercise: whether it was passed, hints opened (0 to 3), whether the solution was."""

    passed: bool
    hints: int
    solution: bool


class Guess(NamedTuple):
    """An answer to a question, and the settings that it was judged for (None until then)."""

    said: int
    about: Hashable = None


class Pin(NamedTuple):
    """A pinned run: its name and its settings."""

    name: str
    config: Config


class OwnTable:
    """A table that this visitor has brought. Its key is a digest of the file and the choices.

    kept  what other modules compute from it, by name; it ends with the table or the session
    """

    def __init__(self, key: str, dataset: Dataset) -> None:
        self.key, self.dataset = key, dataset
        self.kept: dict[str, Any] = {}


class State(TypedDict, total=False):
    """The keys of the session."""

    # where the visitor has been
    visited: set[str]  # paths of pages
    newcomer: bool  # whether the page that is drawn was never drawn before
    tour: str | None  # the step that the last link asked for
    words: set[str]  # glossary entries that the page links to
    controls: set[str]  # keys of the controls drawn so far
    trouble: str  # what a toast said last
    # data
    own: OwnTable
    own_table: Table  # as it was read, before its owner has described it
    own_message: str  # why the file could not be read
    own_place: str  # the page on which the file was brought
    opened: dict[Hashable, list[Config]]  # whose test set was opened, and for which runs
    # questions: topic -> ...
    predictions: dict[str, dict[str, str]]  # the verdicts, see ui.verdicts
    guesses: dict[str, Guess]
    # experiments
    studies: dict[Hashable, int]  # study asked for -> number of splits
    folds: set[Hashable]  # cross-validations asked for
    notes: dict[tuple[int, float], dict[str, Any]]  # (units, λ) -> a run of the laboratory
    pins: list[Pin]
    passes: int  # how many masks were drawn
    # exercises: number of the task -> ...
    tasks: dict[int, TaskRecord]
    revealed: set[int]  # tasks whose solution is open
    checked: dict[int, tuple[Any, Any]]  # the answer that was checked last, and its Report
    load_message: str  # about the progress file that was loaded
    # whether this visitor has started the server, see ui.exercises.owner
    is_owner: bool
    secret_refused: str


def state() -> State:
    """The session of the visitor for whom the page is drawn."""
    return cast(State, st.session_state)


def enter(path: str) -> None:
    """Remember that the page at `path` is open."""
    visited = state().setdefault("visited", set())
    state()["newcomer"] = path not in visited
    visited.add(path)


def is_newcomer() -> bool:
    """Whether this session sees the present page for the first time."""
    return state()["newcomer"]


def has_visited(path: str) -> bool:
    """Whether the page at `path` was opened in this session."""
    return path in state().get("visited", ())


def own_table() -> OwnTable | None:
    """The table that this visitor has brought, if there is one."""
    return state().get("own")


def forget_own_table() -> None:
    """Drop the table that this visitor has brought, and what was said about it."""
    for key in ("own", "own_table", "own_message"):
        st.session_state.pop(key, None)


def has_answered(topic: str) -> bool:
    """Whether the question on `topic` has an answer; a skipped one has none."""
    entry = state().get("predictions", {}).get(topic)
    return (entry is not None and entry["verdict"] != "skipped") or (
        topic in state().get("guesses", {})
    )


def tasks_passed() -> int:
    """How many exercises this session has passed."""
    return sum(record["passed"] for record in state().get("tasks", {}).values())


def register_control(key: str) -> str:
    """`key`, of a widget that the tour resets to its default."""
    state().setdefault("controls", set()).add(key)
    return key


def reset_controls() -> None:
    """Have every control drawn so far start from its default again."""
    for key in state().get("controls", ()):
        st.session_state.pop(key, None)
