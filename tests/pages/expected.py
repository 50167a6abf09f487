"""Opens pages for tests, and the figures that they must show."""

from streamlit.testing.v1 import AppTest

from regcore import PRESETS, Config, Fit
from tests.support import ROOT
from tests.support.helpers import run
from ui.text import score

OVERFITTING, L2 = "pages/1_Overfitting.py", "pages/2_L2.py"
DROPOUT, STOPPING = "pages/3_Dropout.py", "pages/4_Early_Stopping.py"
TOGETHER = "pages/5_All_Together.py"
MEMORIZE, PRINTED = PRESETS["memorize"], PRESETS["as printed"]
QUICK = {"all_epochs": "100", "width": "4"}
PRINTED_LINK = {"preset": "As printed"}
EARLY_ROWS = 120  # the patients that Early stopping trains on at first
QUICK_CONFIG = Config(hidden_sizes=(4,), epochs=100, momentum=0.9)


def open_page(path: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=900)
    app.query_params["questions"] = "false"
    app.run()
    if path:
        app.switch_page(path).run()
    assert not app.exception
    return app


def trained(config: Config, train_rows: int | None = None, validation_size: float = 0.0) -> Fit:
    return run(config, validation_size, train_rows)


def expected(run: Fit) -> list[str]:
    train, test = run.history.train_accuracy[-1], run.history.test_accuracy[-1]
    return [score(train), score(test), score(train - test)]
