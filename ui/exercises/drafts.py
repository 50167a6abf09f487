"""What a learner has written for each task: it outlives a change of page, and a reload.

The browser keeps a copy of each draft (drafts.js). The stamp tells which copy is newer.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from regcore.exercises import MAX_SOURCE, TASKS, Task, numbered
from ui import session

TAB = 4  # columns
MAX_STAMP = 2**53 - 1  # the largest whole number that JavaScript is sure of


class Draft(NamedTuple):
    """The code of one task.

    stamp   grows with each edit, in the editor to the time in ms; 0 is the untouched starter
    before  what "Back to the starter" has replaced, or ""
    """

    text: str
    stamp: int = 0
    before: str = ""


def of(task: Task) -> Draft:
    """Return the session's draft for a task, at first its starter."""
    return _all().get(task.number, Draft(task.starter))


def take(sent: Any) -> None:
    """Keep those drafts that the editor has sent that are valid and newer."""
    for entry in sent if type(sent) is list and len(sent) <= len(TASKS) else []:
        number, draft = received(entry)
        if draft and draft.stamp > of(numbered(number)).stamp:
            _all()[number] = draft


def stamps() -> dict[int, int]:
    """Return the stamp of each task's draft."""
    return {task.number: of(task).stamp for task in TASKS.values()}


def put(task: Task, text: str, before: str = "") -> None:
    """Replace the draft; the editor will show the new text."""
    _all()[task.number] = Draft(text, of(task).stamp + 1, before)


def toggle_starter(task: Task) -> None:
    """Go back to the starter; the second time, back to the code that it replaced."""
    now = of(task)
    if now.text == task.starter:
        put(task, now.before or now.text)
    else:
        put(task, task.starter, before=now.text)


def written(drafts: Mapping[int, Draft] | None = None) -> dict[int, str]:
    """Return the code of each task that differs from its starter, by number.

    drafts  those of this session by default
    """
    kept = _all() if drafts is None else drafts
    texts = {task.number: kept[task.number].text for task in TASKS.values() if task.number in kept}
    return {n: text for n, text in texts.items() if text != numbered(n).starter}


def received(sent: Any) -> tuple[int, Draft | None]:
    """Return the number of a task and its draft, as a browser has sent them; else 0 and None."""
    if type(sent) is not dict or set(sent) != {"task", "text", "stamp"}:
        return 0, None
    number, stamp, text = sent["task"], sent["stamp"], normalized(sent["text"])
    if type(number) is not int or type(stamp) is not int or text is None:
        return 0, None
    if number not in stamps() or not 0 < stamp <= MAX_STAMP:
        return 0, None
    return number, Draft(text, stamp)


def normalized(text: Any) -> str | None:
    """Return `text` with plain line ends and no tabs; None if it cannot be Python code."""
    if type(text) is not str or len(text) > MAX_SOURCE or re.search("[\0\ud800-\udfff]", text):
        return None
    text = re.sub("\r\n?", "\n", text).expandtabs(TAB)
    return text if len(text) <= MAX_SOURCE else None


def _all() -> dict[int, Draft]:
    return session.state().setdefault("drafts", {})
