"""On how many splits will it win? Asked before the result, and drawn on it."""

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.expected import L2
from tests.pages.questions import asked, skip
from tests.support.apps import finished, words
from ui.sections.studies import win_guess

pytestmark = pytest.mark.slow


def at_the_study(**link: str) -> AppTest:
    """The fold of the study, after the question of the page was skipped."""
    app = skip(asked(L2, **{"preset": "As printed", "width": "1"} | link), L2)
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


def lines(app: AppTest) -> list[str]:
    """What the lines for guesses are named, in the charts of the page."""
    tables = [table for chart in app.get("vega_lite_chart") for table in chart.proto.datasets]
    guesses = [table.data.data for table in tables if table.name == "guess"]
    return [pa.ipc.open_stream(data).read_pandas()["text"].item() for data in guesses]


def test_a_guess_is_drawn_on_the_result_as_long_as_its_settings(monkeypatch) -> None:
    monkeypatch.setattr(win_guess, "DEFAULT_SPLITS", 5)
    app = at_the_study(width="2")  # results that are known are shown at once, also in other tests
    app.slider(key="real_l2_wins").set_value(4)
    app = app.button(key="real_l2_guess").click().run()
    app.slider(key="real_l2_splits").set_value(5).run()
    app = finished(app.button(key="real_l2_go").click().run(), "real_l2")
    assert lines(app) == ["you said: wins above"]
    assert "You said 4 of 5; it won on" in words(app)
    app = app.select_slider(key="l2").set_value(0.2).run()
    assert not lines(app)


def test_a_skipped_guess_shows_the_study() -> None:
    app = at_the_study()
    app = app.button(key="real_l2_skip").click().run()
    assert not is_asked(app) and app.button(key="real_l2_go")
