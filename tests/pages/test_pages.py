"""Every page in Streamlit's test runner: it loads, and each chart has a sentence and a table."""

import pytest

from regcore import PRESETS
from tests.pages.expected import open_page, trained
from tests.support.apps import chart_rows
from ui.navigation import PAGES
from ui.text import escape, score

PATHS = [page.path for page in PAGES.values()]


def test_home_shows_the_curves_of_a_real_run() -> None:
    app = open_page("")
    assert app.title[0].value == "Regularization Lab"
    history = trained(PRESETS["memorize"]).history
    ends = chart_rows(app, 0).groupby("part")["value"].last()
    assert ends["training"] == history.train_loss[-1]
    assert ends["test"] == history.test_loss[-1]
    sentence = app.get("vega_lite_chart")[0].proto.alt
    assert score(history.test_loss.min()) in sentence
    assert score(history.test_loss[-1]) in sentence


@pytest.mark.slow
@pytest.mark.parametrize("path", ["", *PATHS])
def test_every_chart_has_a_sentence_and_a_table_twin(path: str) -> None:
    app = open_page(path)
    if "Exercises" in path:  # its charts are those of the last task
        app = app.radio(key="task").set_value(8).run()
    drawn = app.get("vega_lite_chart")
    assert drawn
    assert len(app.dataframe) == len(drawn)
    texts = [text.value for text in app.markdown]
    for chart in drawn:
        assert len(chart.proto.alt) > 40
        assert f":small[{escape(chart.proto.alt)}]" in texts
