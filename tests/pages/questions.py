"""Opens pages with their question, answers it, and reads what became of it."""

import pyarrow as pa
from streamlit.testing.v1 import AppTest

from regcore import Fit
from tests.pages.expected import DROPOUT, L2, OVERFITTING, STOPPING, TOGETHER
from tests.support.apps import opened, words

TOPICS = {
    OVERFITTING: "overfitting",
    L2: "l2",
    DROPOUT: "dropout",
    STOPPING: "early stopping",
    TOGETHER: "all together",
}


def asked(path: str, **link: object) -> AppTest:
    return opened(path, questions="true", **link)


def press(app: AppTest, key: str) -> AppTest:
    app = app.button(key=key).click().run()
    assert not app.exception
    return app


def answer(app: AppTest, path: str, said: int, sure: str = "fairly") -> AppTest:
    """`said` is -1, 0 or 1, or on Early stopping an epoch; a first answer is followed by `sure`."""
    topic = TOPICS[path]
    if path == STOPPING:
        app.select_slider(key=f"answer_{topic}").set_value(said).run()
        app = press(app, f"answer_{topic}_set")
    else:
        app = press(app, f"answer_{topic}_{said}")
    key = f"sure_{topic}_{sure}"
    return press(app, key) if key in {button.key for button in app.button} else app


def skip(app: AppTest, path: str) -> AppTest:
    return press(app, f"skip_{TOPICS[path]}")


def record(app: AppTest) -> dict:
    return app.session_state["predictions"]


def asks(app: AppTest) -> bool:
    return "Predict first." in words(app)


def gives_clue(app: AppTest) -> bool:
    return any("**Not quite.**" in text.value for text in app.markdown) and asks(app)


def shows_result(app: AppTest) -> bool:
    """Whether the page goes on below its experiment."""
    return bool(app.header and app.metric and app.get("vega_lite_chart"))


def verdicts_shown(app: AppTest) -> list[str]:
    return [text.value for text in app.markdown if "You said" in text.value]


def marks(app: AppTest) -> list[str]:
    """Return the texts of the marks in the first chart."""
    texts = []
    for dataset in app.get("vega_lite_chart")[0].proto.datasets:
        table = pa.ipc.open_stream(dataset.data.data).read_pandas()
        texts += list(table["text"]) if "text" in table else []
    return texts


def drawn(app: AppTest) -> list[set[str]]:
    """Return the names of the curves in each table twin of losses."""
    tables = [frame.value.columns for frame in app.dataframe if "epoch" in frame.value]
    return [set(columns) - {"epoch"} for columns in tables]


def ends(fitted: Fit, *parts: str) -> list[float]:
    """Return the last losses and accuracies of these parts."""
    names = [f"{part}_{kind}" for part in parts for kind in ("loss", "accuracy")]
    return [float(getattr(fitted.history, name)[-1]) for name in names]
