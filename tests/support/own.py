"""A page with a file of the visitor's own."""

import numpy as np
from streamlit.testing.v1 import AppTest

from tests.support.apps import opened

# plain runs, also in the sweeps further down the pages
QUICK = {"preset": "As printed", "widths_preset": "As printed", "lambdas_preset": "As printed"}


def csv(rows: int = 60, names: str = "a,<b>bold</b>,*c*,sick") -> bytes:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(rows, 3)).round(3)
    lines = [f"{a},{b},{c},{'yes' if a + b > 0 else 'no'}" for a, b, c in X]
    return "\n".join([names, *lines]).encode()


def own(path: str = "pages/4_Early_Stopping.py", raw: bytes | None = None, **link) -> AppTest:
    """A page with a file of one's own."""
    app = opened(path, data="Your file", **QUICK, **link)
    file = ("mine.csv", csv() if raw is None else raw, "text/csv")
    app.file_uploader(key="own_file").set_value(file)
    app.run()
    assert not app.exception
    return use(app)


def use(app: AppTest) -> AppTest:
    """Say yes to the uploaded file, if it can be used."""
    if "own_use" in [button.key for button in app.button]:
        app.button(key="own_use").click().run()
        assert not app.exception
    return app
