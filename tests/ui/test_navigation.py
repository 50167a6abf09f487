"""The menu: a visitor's progress on each page, and the projector switch."""

import pytest
from streamlit.testing.v1 import AppTest

from regcore.exercises import TASKS
from tests.support.apps import opened
from ui import navigation, theme
from ui.session import TaskRecord

QUICK = {"preset": "As printed", "width": "1"}
TITLES = [page.title for page in (navigation.HOME, *navigation.PAGES.values())]
L2, STOPPING = "pages/2_L2.py", "pages/4_Early_Stopping.py"


def menu(app: AppTest) -> dict[str, str]:
    """Title of a page -> its progress in the menu."""
    labels = [link.proto.label for link in app.sidebar.get("page_link")]
    states = {sign: state for state, sign in navigation.SIGNS.items()}
    cut = {
        title: label.removeprefix(title).strip()
        for title in TITLES
        for label in labels
        if label.startswith(title)
    }
    return {title: states.get(sign, sign) for title, sign in cut.items()}


def script(app: AppTest) -> str:
    (found,) = [e.proto.body for e in app.sidebar.get("html") if "fontSize" in e.proto.body]
    return found


def test_the_menu_has_home_and_the_six_pages_in_order() -> None:
    links = opened(L2, **QUICK).sidebar.get("page_link")
    assert [link.proto.label.strip() for link in links] == TITLES


def test_a_page_is_marked_visited_once_it_is_left() -> None:
    app = opened(STOPPING, **QUICK)
    assert set(menu(app).values()) == {""}
    app = app.switch_page("pages/6_Exercises.py").run()
    told = menu(app)
    assert told.pop("Early stopping") == "visited"
    assert not any(told.values())


def test_an_answer_but_not_a_skip_marks_a_page_predicted() -> None:
    app = opened(L2, questions="true", **QUICK)
    assert menu(app)["L2 weight decay"] == ""
    app = app.button(key="skip_l2").click().run()
    assert menu(app)["L2 weight decay"] == ""
    app = app.button(key="again_l2").click().run()
    app = app.button(key="answer_l2_0").click().run()
    app = app.button(key="sure_l2_fairly").click().run()
    assert menu(app)["L2 weight decay"] == "predicted"
    app = app.run()  # the verdict is in the record now
    assert menu(app)["L2 weight decay"] == "predicted"


def test_solved_tasks_are_counted_wherever_they_come_from() -> None:
    app = opened("pages/6_Exercises.py")
    passed, tried = (TaskRecord(passed=p, hints=3, solution=True) for p in (True, False))
    app.session_state["tasks"] = {1: passed, 4: passed, 5: tried}
    assert menu(app.run())["Exercises"] == f"2/{len(TASKS)}"
    app.session_state["tasks"] = {5: tried}
    assert menu(app.run())["Exercises"] == ""


@pytest.mark.parametrize("link", [{}, {"projector": "true"}])
def test_the_projector_switch_holds_from_page_to_page(link) -> None:
    app = opened(STOPPING, **QUICK, **link)
    if not link:
        assert "fontSize = ''" in script(app)
        app = app.toggle(key="projector").set_value(True).run()
    for path in (L2, "pages/6_Exercises.py"):
        assert "fontSize = '140%'" in script(app)
        assert set(menu(app).values()) == {""}
        app = app.switch_page(path).run()
    app = app.toggle(key="projector").set_value(False).run()
    assert "fontSize = ''" in script(app)
    assert menu(app)["Early stopping"] == "visited"


def test_nothing_is_enlarged_unless_asked(monkeypatch) -> None:
    state: dict = {}
    monkeypatch.setattr(theme.st, "session_state", state)
    assert theme.enlarged() == 1.0
    state["projector"] = True
    assert theme.enlarged() > 1.2
    state["projector"] = False
    assert theme.enlarged() == 1.0


def test_a_jump_list_names_what_it_leads_to(monkeypatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(navigation.st, "markdown", shown.append)
    navigation.jump(["The idea", "Is it [real]?"])
    assert shown == ["[The idea](#to-1)  \n[Is it \\[real\\]?](#to-2)"]
