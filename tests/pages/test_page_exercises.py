"""The Exercises page: every task from its starter to passed, and its record."""

import json

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import sandbox
from regcore.exercises import TASKS, Check, Report, numbered, reference_runs
from tests.support.apps import opened, words
from ui.exercises import code_access, drafts, peer
from ui.exercises.code_access import NotHere, is_loopback
from ui.page.kept import progress_file

PAGE = "pages/6_Exercises.py"
READINGS = {"A": "just right", "B": "cannot tell", "C": "underfits", "D": "overfits"}


@pytest.fixture(autouse=True)
def owner(monkeypatch):
    """AppTest has no connection: let it be the owner's (see also test_owner.py)."""
    monkeypatch.setattr(peer, "is_same_user", lambda connection: True)


def page(number: int, by: str | None = None, code: str | None = None) -> AppTest:
    """Open a task, with an answer by form or by code, in the plain box: AppTest has no editor."""
    app = opened(PAGE, task=number, plain="true")
    if by:
        app.segmented_control(key="by_Form_Lines").set_value(by).run()
    if code is not None:
        app.text_area(key=f"code_{number}").set_value(code).run()
    return app


def pressed(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def state(app: AppTest, number: int) -> str:
    """Return the state of a task in the record on the page."""
    return next(t.value for t in app.table if "state" in t.value)["state"][number - 1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "task", [task for task in TASKS.values() if not task.wide], ids=lambda task: task.title
)
def test_code_goes_from_the_starter_to_passed(task):
    app = page(task.number)
    assert app.text_area(key=f"code_{task.number}").value == task.starter
    assert state(app, task.number) == "○ not passed"
    pressed(app, f"check_{task.number}")
    assert not app.success
    assert len(app.warning) == 1
    assert state(app, task.number) == "○ not passed"
    app.text_area(key=f"code_{task.number}").set_value(task.solution).run()
    assert not app.success
    pressed(app, f"check_{task.number}")
    assert app.success[0].value.startswith("Correct")
    assert state(app, task.number) == "✓ passed"


def figures(app: AppTest, **values: float) -> None:
    for key, value in values.items():
        app.number_input(key=f"answer_{key}").set_value(value)


def runs_shown(app: AppTest) -> int:
    return max((len(t.value) for t in app.table if "units" in t.value), default=0)


@pytest.mark.slow
def test_the_sweep_form_goes_from_empty_to_passed():
    app = page(1, "Form")
    pressed(app, "check_form_1")
    assert "Not answered yet" in app.warning[0].value
    for count, l2 in enumerate((0.0, 0.01, 0.05, 0.2), start=1):
        app.segmented_control(key="answer_lab_l2").set_value(l2).run()
        pressed(app, "lab_run")
        assert runs_shown(app) == count
        shown = next(t.value for t in app.table if "units" in t.value).iloc[-1]
        gap = float(shown["training accuracy"]) - float(shown["test accuracy"])
        app.number_input(key=f"answer_gap_{l2}").set_value(round(gap, 3))
    app.segmented_control(key="answer_change").set_value("falls")
    assert pressed(app, "check_form_1").success


@pytest.mark.slow
def test_the_other_forms_go_from_empty_to_passed():
    app = page(2, "Form")
    figures(
        app,
        **{f"gap with {n} units": reference_runs.gap(reference_runs.run(units=n)) for n in (4, 64)},
    )
    app.segmented_control(key="answer_tool").set_value("64 units with L2")
    assert pressed(app, "check_form_2").success
    app = page(3, "Form")
    figures(
        app,
        **{f"size_{l2}": reference_runs.mean_size(reference_runs.run(l2)) for l2 in (0.0, 0.05)},
    )
    assert pressed(app, "check_form_3").success
    app = page(7, "Form")
    app.segmented_control(key="answer_chosen_l2").set_value(0.1)
    assert "lowest test loss" in pressed(app, "check_form_7").warning[0].value
    app.segmented_control(key="answer_chosen_l2").set_value(0.01)
    assert pressed(app, "check_form_7").success


@pytest.mark.slow
def test_curves_are_read_on_the_page():
    app = page(8)
    assert len(app.get("vega_lite_chart")) == 4
    assert "Not answered yet" in pressed(app, "check_form_8").warning[0].value
    for name, reading in READINGS.items():
        app.segmented_control(key=f"answer_reading_{name}").set_value(reading)
    assert pressed(app, "check_form_8").success
    assert state(app, 8) == "✓ passed"


def test_an_answer_changed_after_the_check_is_unchecked():
    app = pressed(page(6, code=numbered(6).solution), "check_6")
    assert app.success
    app.text_area(key="code_6").set_value(numbered(6).solution + "\n").run()
    assert not app.success
    assert "Edited since the last check." in words(app)


def test_run_shows_the_output_and_the_line_of_an_error():
    app = pressed(page(4, code="print(6 * 7)"), "run_4")
    assert "42" in [block.value for block in app.code]
    app = pressed(page(4, code="x = 1\ny = 1 / 0"), "run_4")
    assert "Line 2" in app.warning[0].value
    assert "ZeroDivisionError" in app.warning[0].value
    assert pressed(app, "reset_4").text_area(key="code_4").value == numbered(4).starter


def test_a_run_without_output_says_so_and_an_edit_leaves_the_output():
    app = pressed(page(4, code="x = 1"), "run_4")
    assert app.info[0].value == "Finished; no output."
    app = pressed(page(4, code="print(6 * 7)"), "run_4")
    app.text_area(key="code_4").set_value("print(6 * 8)").run()
    assert "Edited since the last run." in words(app)
    assert "42" in [block.value for block in app.code]


def test_the_starter_and_back():
    app = pressed(page(4, code="x = 1"), "reset_4")
    assert app.text_area(key="code_4").value == numbered(4).starter
    assert pressed(app, "reset_4").text_area(key="code_4").value == "x = 1"


def editor_data(app: AppTest) -> dict:
    """Return what the editor gets."""
    (editor,) = (
        e.proto for e in app.get("bidi_component") if e.proto.component_name == "code_editor"
    )
    return json.loads(editor.json)


def test_the_editor_gets_the_draft_the_result_and_the_line_of_an_error():
    app = opened(PAGE, task=4)
    assert editor_data(app)["text"] == numbered(4).starter
    app.session_state["drafts"] = {4: drafts.Draft("print(6 * 7)", 3)}
    got = editor_data(pressed(app, "run_4"))
    assert (got["text"], got["stamp"], got["said"], got["told"]) == ("print(6 * 7)", 3, "42\n", 1)
    app.session_state["drafts"] = {4: drafts.Draft("x = 1\ny = 1 / 0", 4)}
    got = editor_data(pressed(app, "run_4"))
    assert (got["error_line"], got["judged"], got["told"]) == (2, "x = 1\ny = 1 / 0", 2)


def test_markdown_in_an_error_of_code_is_escaped():
    app = pressed(page(4, code="raise ValueError('<b>![x](http://x.y/z)')"), "run_4")
    assert r"\!\[x\]" in app.warning[0].value


def test_hints_and_the_solution_open_one_click_at_a_time():
    task, app = numbered(5), page(5)
    for count, hint in enumerate(task.hints):
        assert hint not in words(app)
        pressed(app, "hint_5")
        assert hint in words(app)
        assert app.session_state["tasks"][5]["hints"] == count + 1
    assert "hint_5" not in [button.key for button in app.button]
    assert task.solution.strip() not in [block.value for block in app.code]
    app = pressed(app, "solution_5")
    assert task.solution.strip() in [block.value for block in app.code]


@pytest.mark.slow
def test_opening_the_solution_after_passing_does_not_count():
    app = pressed(page(6, code=numbered(6).solution), "check_6")
    assert state(pressed(app, "solution_6"), 6) == "✓ passed"
    app = pressed(page(6, code=numbered(6).solution), "solution_6")
    assert state(pressed(app, "check_6"), 6) == "✓ passed, with the solution open"


@pytest.mark.slow
def test_code_is_kept_across_tasks_and_pages():
    app = page(4, code="x = 1")
    app.radio(key="task").set_value(5).run()
    app.switch_page("streamlit_app.py").run()
    app.switch_page(PAGE).run()
    app.radio(key="task").set_value(4).run()
    assert app.text_area(key="code_4").value == "x = 1"


def test_a_link_from_when_a_solved_task_had_its_sign_in_it_opens_the_task():
    app = opened(PAGE, task="6 ✓")
    assert not app.exception
    assert app.radio(key="task").value == 6
    assert app.radio(key="task").options == [str(task.number) for task in TASKS.values()]


def loaded(app: AppTest, raw: bytes) -> AppTest:
    app.file_uploader(key="progress_file").set_value(("progress.json", raw, "application/json"))
    return app.run()


def test_progress_is_saved_and_loaded():
    first = pressed(page(6, code=numbered(6).solution), "check_6")
    saved = progress_file.dumps(
        {
            "tasks": first.session_state["tasks"],
            "code": {6: "x = 1"},
            "predictions": {},
            "pins": [],
            "drawings": {},
            "twins": {},
        }
    ).encode()
    second = loaded(pressed(page(5), "hint_5"), saved)
    assert "Progress loaded" in words(second)
    assert state(second, 6) == "✓ passed"
    assert second.session_state["tasks"][5]["hints"] == 1
    second.radio(key="task").set_value(6).run()
    assert second.text_area(key="code_6").value == "x = 1"


HOSTILE_PREDICTION = {"l2": {"verdict": "right", "said": "\ud800 x", "was": ""}}
DAMAGED = [b"", b"[]", b"{", json.dumps({"file": 1}).encode(), b"x" * 30_000]
NOTHING = json.loads(
    progress_file.dumps(
        {"tasks": {}, "code": {}, "predictions": {}, "pins": [], "drawings": {}, "twins": {}}
    )
)
DAMAGED.append(json.dumps(NOTHING | {"predictions": HOSTILE_PREDICTION}).encode())
DAMAGED.append(json.dumps(NOTHING | {"code": {"5": "a\0b"}}).encode())


@pytest.mark.parametrize("raw", DAMAGED)
def test_a_damaged_progress_file_gives_one_error_and_changes_nothing(raw):
    app = pressed(page(5), "hint_5")
    before = json.dumps(app.session_state["tasks"])
    app = loaded(app, raw)
    assert not app.exception
    assert app.info[-1].value != "Progress loaded."
    assert app.info[-1].value.endswith(".")
    assert json.dumps(app.session_state["tasks"]) == before


ADDRESSES = {
    "localhost": True,
    "127.0.0.1": True,
    "127.8.9.1": True,
    "::1": True,
    None: False,
    "": False,
    "0.0.0.0": False,
    "::": False,
    "192.168.1.5": False,
    "example.org": False,
    "localhost.example.org": False,
}


@pytest.mark.parametrize(("address", "inside"), ADDRESSES.items())
def test_only_loopback_addresses_are_local(address, inside):
    assert is_loopback(address) is inside


HERE = {"Host": "localhost:8501", "Origin": "http://localhost:8501", "User-Agent": "x"}
HEADERS = [
    ({}, True),
    (HERE, True),
    ({"host": "127.0.0.1:8501"}, True),
    ({"Host": "[::1]:8501"}, True),
    *(({**HERE, name: "x"}, False) for name in ("X-Forwarded-For", "x-forwarded-proto", "Via")),
    *(({**HERE, name: "x"}, False) for name in ("Forwarded", "X-Real-Ip", "Cf-Connecting-Ip")),
    *(({**HERE, name: "x"}, False) for name in ("X-Client-IP", "true-client-ip")),
    ({**HERE, "Tailscale-User-Login": "x"}, False),
    ({"Host": "[::1]:8501", "Origin": "http://[::1]:8501"}, True),
    ({"Host": "localhost", "Origin": "http://localhost"}, True),
    ({**HERE, "Origin": "http://localhost:3000"}, False),
    ({**HERE, "Origin": "http://localhost"}, False),
    ({**HERE, "Origin": "http://127.0.0.1:8501"}, False),
    ({**HERE, "Origin": "http://127.0.0.1:5000"}, False),
    ({**HERE, "Origin": "http://[::1]:8501"}, False),
    ({**HERE, "Origin": "https://localhost:8501"}, False),
    ({**HERE, "Origin": "http://localhost:8501/"}, False),
    ({**HERE, "Origin": ""}, False),
    ({"Origin": "http://localhost:8501"}, False),
    ({**HERE, "Host": "192.168.1.5:8501"}, False),
    ({**HERE, "Host": "class.example.org:8501"}, False),
    ({**HERE, "Origin": "http://evil.example.org:8501"}, False),
    ({**HERE, "Origin": "null"}, False),
    ({**HERE, "Host": "localhost.example.org"}, False),
    ({**HERE, "Host": "[::1"}, False),
]


@pytest.mark.parametrize(("headers", "here"), HEADERS)
def test_only_requests_by_the_machines_own_name_are_local(headers, here):
    assert code_access.is_here(headers) is here


def test_code_does_not_run_behind_a_relay(monkeypatch):
    monkeypatch.setattr(code_access, "is_here", lambda headers: False)
    monkeypatch.setattr(sandbox, "running", lambda *args: pytest.fail("learner code was run"))
    assert not page(4).text_area
    with pytest.raises(NotHere):
        code_access.run("1")


@pytest.fixture
def shared_server(monkeypatch):
    """A server shared with a class, where the sandbox must not run."""
    option = st.get_option
    answer = lambda key: "0.0.0.0" if key == "server.address" else option(key)  # noqa: E731
    monkeypatch.setattr(st, "get_option", answer)
    monkeypatch.setattr(sandbox, "running", lambda *args: pytest.fail("learner code was run"))


def test_no_code_runs_on_a_shared_server(shared_server):
    for call in (lambda: code_access.run("1"), lambda: code_access.check(numbered(4), "1")):
        with pytest.raises(NotHere):
            call()


@pytest.mark.slow
@pytest.mark.parametrize("number", [task.number for task in TASKS.values()])
def test_a_shared_server_offers_forms_and_the_terminal(shared_server, number):
    app = page(number)
    assert not app.text_area
    if number in (4, 5, 6, 9, 10):
        for command in ("start", "check"):
            line = f"python -m regcore {command} {number} my_answer.py"
            assert line in [c.value for c in app.code]
    else:
        assert app.button(key=f"check_form_{number}")


def test_a_crafted_message_runs_no_code_on_a_shared_server(shared_server):
    app = opened(PAGE, task=4)
    app.session_state["code_4"] = "print(1)"
    app.session_state["by_Form_Lines"] = "Code"
    for number in (1, 4):
        app.radio(key="task").set_value(number).run()
        assert not app.text_area
        assert not app.exception


def test_an_answer_that_the_machine_cannot_run_is_not_judged(monkeypatch):
    busy = Report(Check(None, "This machine is busy."), "")
    monkeypatch.setattr(code_access, "check", lambda task, source: busy)
    app = pressed(page(4), "check_4")
    assert "This machine is busy." in [box.value for box in app.info]
    assert state(app, 4) == "○ not passed"
