"""The progress file is that of the moment of the press, and of the session that offers it."""

import json
from threading import Thread

import pytest

from regcore.exercises import numbered
from ui.exercises import drafts
from ui.page.kept import progress_file


@pytest.fixture
def kept(monkeypatch) -> dict:
    """The state of a session, which the file reads."""
    state: dict = {}
    monkeypatch.setattr(progress_file, "state", lambda: state)
    monkeypatch.setattr(drafts.session, "state", lambda: state)
    monkeypatch.setattr(progress_file, "ON_ITS_WAY", 0.0)
    return state


def test_the_file_holds_what_was_written_after_it_was_offered(kept, monkeypatch):
    file = progress_file.download()
    kept["tasks"][4] = {"passed": True, "hints": 1, "solution": False}
    drafts.put(numbered(4), "print(1)")
    kept["predictions"]["l2"] = {"verdict": "right", "said": "smaller", "was": "smaller"}
    # Streamlit calls it from another thread, where there is no session
    monkeypatch.undo()
    texts: list[str] = []
    thread = Thread(target=lambda: texts.append(file()))
    thread.start()
    thread.join()
    saved = json.loads(texts[0])
    assert saved["tasks"] == {"4": {"passed": True, "hints": 1, "solution": False}}
    assert saved["code"] == {"4": "print(1)"}
    assert saved["predictions"]["l2"]["verdict"] == "right"


def test_the_file_holds_what_was_loaded_after_it_was_offered(kept):
    file = progress_file.download()
    loaded: progress_file.Progress = {
        "tasks": {4: {"passed": True, "hints": 2, "solution": False}},
        "code": {4: "print(2)"},
        "pins": [],
        "drawings": {},
        "twins": {},
        "predictions": {"l2": {"verdict": "right", "said": "smaller", "was": "smaller"}},
    }
    progress_file.into_session(loaded)
    assert progress_file.loads(file().encode()) == loaded
