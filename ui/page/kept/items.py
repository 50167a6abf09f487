"""What a session leaves in the browser, as small items by name, and how each is checked.

task/4           a record of an exercise
prediction/l2    a verdict, see ui.verdicts
guess/l2         the answer behind it
twin/l2          a verdict on its twin, see ui.sections.quiz.twins
drawing/l2       a drawn curve, see ui.session.DrawnCurve
pin/no tools     the settings of a pinned run
visited/L2       true
file             the name of the table that was brought; the table itself is not kept
room             the word of a class's room and its owner's secret, as long as that is open
page/L2          the settings in the address of a page; written by the browser alone, as is
place            the last page

A browser can return anything, so `restore` takes nothing that a check has not passed.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from regcore.exercises import TASKS
from ui import session, verdicts
from ui.navigation import HOME, PAGES, TOPICS
from ui.page.kept.progress_file import Progress, into_session, merged, of_session, task_record
from ui.sections import pinned_runs, quiz
from ui.sections.drawing import stored
from ui.sections.quiz.entries import ENTRIES
from ui.sections.room import projector, words
from ui.session import Guess

Items = dict[str, Any]
MAX_ITEMS, MAX_SETTINGS = 100, 80
MAX_TEXT = 200
NO_SETTINGS = {"tour", "pins", "key", "embed", "embed_options"}
BY_BROWSER = ("page/", "place")  # items that it writes itself
PATHS = {page.place: page.path for page in (HOME, *PAGES.values())}
NUMBERS = {str(task.number) for task in TASKS.values()}


def as_json() -> dict[str, str]:
    """Return the items of this session, each as JSON."""
    return {name: json.dumps(value, sort_keys=True) for name, value in _items()}


def _items() -> Iterator[tuple[str, Any]]:
    state = session.state()
    progress = of_session()
    for number, record in progress["tasks"].items():
        yield f"task/{number}", record
    for topic, entry in progress["predictions"].items():
        yield f"prediction/{topic}", entry
    for topic, entry in progress["twins"].items():
        yield f"twin/{topic}", entry
    for topic, guess in state.get("guesses", {}).items():
        yield f"guess/{topic}", guess._asdict()
    for topic, drawn in stored.as_json(progress["drawings"]).items():
        yield f"drawing/{topic}", drawn
    for name, settings in pinned_runs.as_json(progress["pins"]).items():
        yield f"pin/{name}", settings
    for path in state.get("visited", ()):
        yield f"visited/{_place(path)}", True
    if state.get("own_name"):
        yield "file", state["own_name"]
    if projector.is_open():  # a teacher who loads the page again has it still
        yield "room", [*state["room"]]


def restore(items: Any) -> Items:
    """Add to this session what the items say; what it has already counts more.

    Return those that could not be used.
    """
    if type(items) is not dict or len(items) > MAX_ITEMS:
        return {"all": items}
    state, checked = session.state(), {name: _checked(name, items[name]) for name in items}
    found: dict[str, dict] = {kind: {} for kind in CHECKS}
    for name, value in checked.items():
        kind, _, rest = str(name).partition("/")
        if value is not None:
            found[kind][rest] = value
    _add_progress(found)
    state["guesses"] = found["guess"] | state.get("guesses", {})
    state["visited"] = {PATHS[p] for p in found["visited"]} | state.get("visited", set())
    state["links"] = {PATHS[p]: link for p, link in found["page"].items()}
    if place := found["place"].get(""):
        state["place"] = PATHS[place]
    if name := found["file"].get(""):
        state.setdefault("own_name", name)
    if room := found["room"].get(""):
        state.setdefault("room", room)
    return {name: items[name] for name, value in checked.items() if value is None}


def _add_progress(found: dict[str, dict]) -> None:
    pins = [pin for made in found["pin"].values() for pin in made]
    tasks = {int(number): record for number, record in found["task"].items()}
    made = found["prediction"]
    found_before = Progress(
        tasks=tasks,
        code={},
        predictions=made,
        pins=pinned_runs.merged(pins, ()),
        drawings=found["drawing"],
        twins=found["twin"],
    )
    guesses = session.state().get("guesses", {})
    into_session(merged(of_session(), found_before))
    session.state()["guesses"] = guesses


def _checked(name: Any, value: Any) -> Any:
    """Return the value of one item as the session has it; None if it is not valid."""
    kind, _, rest = name.partition("/") if type(name) is str else ("", "", "")
    with suppress(ValueError, TypeError, KeyError):
        return CHECKS[kind](rest, value)
    return None


def _task(number: str, value: Any) -> Any:
    return task_record(value) if number in NUMBERS else None


def _twin(topic: str, value: Any) -> Any:
    return verdicts.checked({topic: value}, list(ENTRIES))[topic]


def _prediction(topic: str, value: Any) -> Any:
    return verdicts.checked({topic: value}, TOPICS)[topic]


def _guess(topic: str, value: Any) -> Guess | None:
    said, about, final = (value[key] for key in ("said", "about", "final"))
    sure = value.get("sure", "")  # none from before it was asked
    if type(sure) is not str or sure not in ("", quiz.UNSAID, *verdicts.SURENESS):
        return None
    is_text = about is None or (type(about) is str and len(about) <= MAX_TEXT)
    if topic not in TOPICS or type(said) is not int or abs(said) > 10**6:
        return None
    return Guess(said, about, final, sure) if is_text and type(final) is bool else None


def _link(place: str, value: Any) -> dict[str, str] | None:
    if place not in PATHS or type(value) is not dict or len(value) > MAX_SETTINGS:
        return None
    texts = [*value, *value.values()]
    fits = all(type(t) is str and len(t) <= MAX_TEXT and t.isprintable() for t in texts)
    return settings_in(value) if fits else None


def settings_in(link: dict[str, str]) -> dict[str, str]:
    """Return what is a setting in the query of a link."""
    return {key: value for key, value in link.items() if key not in NO_SETTINGS}


def _name(_: str, value: Any) -> str | None:
    is_name = type(value) is str and 0 < len(value) <= MAX_TEXT and value.isprintable()
    return value if is_name else None


def _room(_: str, value: Any) -> tuple[str, str] | None:
    word, owner = value
    is_secret = type(owner) is str and re.fullmatch("[0-9a-f]{32}", owner)
    return (word, owner) if is_secret and words.read(word) == word else None


def _place(path: str) -> str:
    return next((place for place, known in PATHS.items() if known == path), "")


CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "task": _task,
    "prediction": _prediction,
    "twin": _twin,
    "guess": _guess,
    "drawing": lambda topic, value: stored.from_json({topic: value}, TOPICS)[topic],
    "pin": lambda name, value: pinned_runs.from_json({name: value}),
    "visited": lambda place, value: True if place in PATHS and value is True else None,
    "page": _link,
    "place": lambda _, value: value if type(value) is str and value in PATHS else None,
    "file": _name,
    "room": _room,
}
