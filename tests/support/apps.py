"""Pages in Streamlit's own test runner, and what they say and draw."""

import os
import re
from time import sleep

import pandas as pd
import pyarrow as pa
from streamlit.testing.v1 import AppTest

from regcore import Fit
from tests.support import ROOT
from ui.text import score

os.environ.setdefault("REGLAB_WORKERS", "0")  # pages train in this process here


def opened(path: str, **link: object) -> AppTest:
    """The page as a link with these settings opens it; its question is asked if they say so."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=900)
    app.switch_page(path)
    for key, value in ({"questions": "false"} | link).items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def finished(app: AppTest, key: str) -> AppTest:
    """The page after the study with this key has ended; a browser's timer would redraw it."""
    while f"{key}_stop" in [button.key for button in app.button]:
        sleep(0.05)
        app.run()
    assert not app.exception
    return app


def accuracies(found: Fit, epoch: int | None = None, part: str = "test") -> list[str]:
    row = found.history.at(found.history.stopped_epoch if epoch is None else epoch)
    train, unseen = row["train_accuracy"], row[f"{part}_accuracy"]
    return [score(train), score(unseen), score(train - unseen)]


def sentence(app: AppTest, number: int) -> str:
    return app.get("vega_lite_chart")[number].proto.alt


def words(app: AppTest) -> str:
    """All that the page says, shows in tables and draws, as one text.

    Without links to words, and with plain spaces.
    """
    said = [
        *app.markdown,
        *app.caption,
        *app.metric,
        *app.info,
        *app.error,
        *app.header,
        *app.subheader,
    ]
    texts = [" ".join(map(str, (e.value, getattr(e, "label", "")))) for e in said]
    texts = [re.sub(r'\[([^\[\]]*)\]\(#word-\S+ "[^"]*"\)', r"\1", text) for text in texts]
    texts += [frame.value.to_string() for frame in (*app.table, *app.dataframe)]
    drawn = [chart.proto for chart in app.get("vega_lite_chart")]
    return "\n".join(texts + [chart.spec + chart.alt for chart in drawn]).replace("\u00a0", " ")


def header(app: AppTest) -> list[str]:
    return [metric.value for metric in app.metric[:3]]


def chart_rows(app: AppTest, number: int) -> pd.DataFrame:
    """The first dataset of a chart, as the browser gets it."""
    proto = app.get("vega_lite_chart")[number].proto
    return pa.ipc.open_stream(proto.datasets[0].data.data).read_pandas()
