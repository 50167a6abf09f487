"""Take a run along: as a script, as a notebook, and as the same run in PyTorch.

The files are written when a button is pressed, not when it is drawn.
"""

import re
from collections.abc import Callable
from functools import partial

import streamlit as st

from regcore import Config, Fit
from regcore.export.notebook import notebook
from regcore.export.pairs import Pair, pairs
from regcore.export.pytorch import script
from regcore.export.recipe import Recipe, is_written
from regcore.export.script import script_for
from regcore.export.tables import bundled, own
from ui.data import chosen
from ui.data.spec import DataSpec, split_of

# Small enough for lines of 55 characters in half of a laptop's page.
SMALL = "<style>[class*=st-key-pair_] code { font-size: 0.7rem; }</style>"
LABEL = "Take this run with you"
MENU_WIDTH = 320  # px
NOTE = (
    "The notebook and the PyTorch script stand alone, with the data inside. The short script "
    "needs this project's folder."
)
UNWRITTEN_NOTE = (
    "This run uses a tool that the notebook and the PyTorch script lack, so there is only the "
    "short script, which needs this project's folder."
)
OWN_NOTE = "Both stand alone, with your table inside, as the app read it."
SEALED_NOTE = "The test set stays sealed in these files, until you open it there."


def offer(
    name: str,
    data: DataSpec,
    run: Fit,
    config: Config | None = None,
    *,
    sealed: bool = False,
    key: str = "page",
) -> None:
    """Draw a button that opens the downloads of a run, if there are any.

    name    of the files
    config  if its early stopping was applied to the run afterwards
    sealed  whether the files keep the test set closed
    key     of the button; a page has one for each run
    """
    stands_alone, has_script = is_written(run.config), not data.own  # it cannot read a file
    if not (stands_alone or has_script):
        return
    recipe = _recipe(name, data, run, config or run.config, sealed)  # made at the press
    with st.popover(LABEL, key=f"take_{key}"), st.container(width=MENU_WIDTH):
        st.caption(OWN_NOTE if data.own else NOTE if stands_alone else UNWRITTEN_NOTE)
        if stands_alone:
            _download("Notebook", lambda: notebook(recipe()), file_name(name, ".ipynb"), key)
            _download("PyTorch script", lambda: script(recipe()), file_name(name, "_torch.py"), key)
        if has_script:
            text = partial(_script, recipe, chosen.in_code(), data.train_rows)
            _download("Script", text, file_name(name, ".py"), key)
        if sealed:
            st.caption(SEALED_NOTE)


def in_pytorch(data: DataSpec, run: Fit) -> None:
    """Draw the lines of a run in NumPy and in PyTorch, side by side; below each other on a phone.

    Call it in a fold.
    """
    if not is_written(run.config):
        st.caption("This run uses a tool that has no PyTorch version here.")
        return
    st.html(SMALL)
    st.caption("First NumPy as in the lesson, then PyTorch, with your settings.")
    for pair in pairs(_recipe("this run", data, run, run.config, sealed=True)()):
        _draw(pair)


def file_name(name: str, ending: str) -> str:
    """Return a safe file name made from a name that a learner chose."""
    return (re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "run") + ending


def _draw(pair: Pair) -> None:
    st.markdown(f"**{pair.title}.** {pair.remark}")
    with st.container(key=f"pair_{pair.title.lower().replace(' ', '_')}"):
        left, right = st.columns(2, gap="small")
    if pair.numpy:
        left.code(pair.numpy, language="python", wrap_lines=True)
    else:
        left.caption("Nothing to write in NumPy.")
    right.code(pair.torch, language="python", wrap_lines=True)


def _download(label: str, text: Callable[[], str], file: str, key: str) -> None:
    mime = "application/x-ipynb+json" if file.endswith(".ipynb") else "text/x-python"
    st.download_button(
        label, text, file, mime, key=f"{label}_{key}", on_click="ignore", width="stretch"
    )


def _recipe(
    name: str, data: DataSpec, run: Fit, config: Config, sealed: bool
) -> Callable[[], Recipe]:
    """Return a function that makes the recipe, also outside the session: a table may be large."""
    dataset, parts = chosen.dataset(), split_of(data)

    def make() -> Recipe:
        source = own(dataset) if data.own else bundled(dataset, data.noise)
        size, rows, lies = data.validation_size, len(dataset), data.flipped / 100
        return Recipe(name, config, source, rows, parts, run.history, size, data.seed, sealed, lies)

    return make


def _script(make: Callable[[], Recipe], table: str, train_rows: int | None) -> str:
    recipe = make()
    return script_for(
        recipe.name,
        recipe.config,
        recipe.validation_size,
        recipe.seed,
        table,
        train_rows,
        sealed=recipe.sealed,
        flipped=recipe.flipped,
    )
