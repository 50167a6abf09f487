"""The table twin of a chart."""

import pandas as pd

from ui.charts import vega


def test_figures_that_are_text_stand_at_the_right(monkeypatch):
    drawn = {}
    monkeypatch.setattr(vega.st, "dataframe", lambda table, **more: drawn.update(more))
    cells = {"epoch": [0, 1], "test": ["0.719", "0.72"], "late": [None, "0.5"], "none": [None] * 2}
    vega.twin("Sentence.", pd.DataFrame(cells))
    assert set(drawn["column_config"]) == {"test", "late"}
    assert {c["alignment"] for c in drawn["column_config"].values()} == {"right"}
