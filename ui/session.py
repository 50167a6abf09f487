"""The session of one visitor: all its keys in one place, and functions to query it.

A widget's value is stored under the widget's own key, which `controls` registers here if the tour
resets it.
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
    """An answer to a question, and the settings for which it was judged (None until then)."""

    said: int
    about: Hashable = None


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
    newcomer: bool  # whether this is the first visit to the present page
    tour: str | None  # the step in the last link
    words: set[str]  # glossary entries that the page links to
    controls: set[str]  # keys of the controls drawn so far
    trouble: str  # text of the last toast
    # data
    own: OwnTable
    own_table: Table  # as read, before the owner describes it
    own_message: str  # why the file could not be read
    own_place: str  # path of the page where the file was uploaded
    opened: dict[Hashable, list[Config]]  # data -> runs for which its test set was opened
    # questions: topic -> ...
    predictions: dict[str, dict[str, str]]  # the verdicts, see ui.verdicts
    guesses: dict[str, Guess]
    # experiments
    studies: dict[Hashable, int]  # requested study -> number of splits
    folds: set[Hashable]  # requested cross-validations
    notes: dict[tuple[int, float], dict[str, Any]]  # (units, λ) -> a run of the laboratory
    pins: list[Pin]
    passes: int  # how many masks were drawn
    # exercises: number of the task -> ...
    tasks: dict[int, TaskRecord]
    revealed: set[int]  # tasks whose solution is shown
    checked: dict[int, tuple[Any, Any]]  # the last checked answer and its Report
    load_message: str  # result of loading a progress file
    # whether this visitor has started the server, see ui.exercises.owner
    is_owner: bool
    secret_refused: str


def state() -> State:
    """Return the session of the visitor for whom the page is drawn."""
    return cast(State, st.session_state)


def enter(path: str) -> None:
    """Record a visit to the page at `path`."""
    visited = state().setdefault("visited", set())
    state()["newcomer"] = path not in visited
    visited.add(path)


def is_newcomer() -> bool:
    """Whether this is the session's first visit to the present page."""
    return state()["newcomer"]


def has_visited(path: str) -> bool:
    """Whether the page at `path` was opened in this session."""
    return path in state().get("visited", ())


def own_table() -> OwnTable | None:
    """Return the table that this visitor has uploaded, if any."""
    return state().get("own")


def has_answered(topic: str) -> bool:
    """Whether the question on `topic` was answered, not skipped."""
    entry = state().get("predictions", {}).get(topic)
    return (entry is not None and entry["verdict"] != "skipped") or (
        topic in state().get("guesses", {})
    )


def tasks_passed() -> int:
    """Return how many exercises this session has passed."""
    return sum(record["passed"] for record in state().get("tasks", {}).values())


def register_control(key: str) -> str:
    """Register the key of a widget that the tour resets to its default; return it."""
    state().setdefault("controls", set()).add(key)
    return key


def reset_controls() -> None:
    """Reset every control drawn so far to its default."""
    for key in state().get("controls", ()):
        st.session_state.pop(key, None)
