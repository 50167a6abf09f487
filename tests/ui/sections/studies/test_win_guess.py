"""On how many splits will it win? Asked before the result, and drawn on it."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.expected import L2
from tests.pages.questions import asked, skip
from tests.support.apps import words
from ui.sections.studies import win_guess

pytestmark = pytest.mark.slow


def at_the_study(**link: str) -> AppTest:
    """The fold of the study, after the question of the page was skipped."""
    app = skip(asked(L2, preset="As printed", width="1", **link), L2)
    app.session_state["open_real"] = True
    return app.run()


def is_asked(app: AppTest) -> bool:
    return "On how many of 20 random splits" in words(app)


def test_a_guess_is_asked_once_and_kept_with_its_settings() -> None:
    app = at_the_study()
    assert is_asked(app)
    assert not [button for button in app.button if button.key == "real_l2_go"]
    app.slider(key="real_l2_wins").set_value(14)
    app = app.button(key="real_l2_guess").click().run()
    assert not is_asked(app)
    assert app.button(key="real_l2_go")
    ((wins, about),) = app.session_state["win_guesses"].values()
    assert (wins, bool(about)) == (14, True)
    assert win_guess.told(0.7, 6, 10) == "You said 14 of 20; it won on 6 of 10."


def test_a_skipped_guess_shows_the_study() -> None:
    app = at_the_study()
    app = app.button(key="real_l2_skip").click().run()
    assert not is_asked(app) and app.button(key="real_l2_go")
