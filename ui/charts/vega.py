"""Charts as sent to the browser: a Vega-Lite spec that is built once, and its data."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import lru_cache, wraps
from typing import Any, Literal, NamedTuple, ParamSpec

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st

from ui.text import escape
from ui.theme import GROWN_HEIGHT, PROJECTED_HEIGHT, enlarged, look

P = ParamSpec("P")
Chart = alt.LayerChart | alt.FacetChart  # Altair types both as what its methods return
# for axis labels that reach beyond the axis
PADDING = {"left": 0, "top": 0, "right": 12, "bottom": 4}
# the chart has its sentence: a label for each mark would only repeat figures, with all digits
SILENT = {"aria": False, "mark": {"aria": False}}
MAX_TEMPLATES = 64  # of one structure, in all looks; some 10 kB each
alt.theme.enable("none")  # Streamlit has its own
pa.set_cpu_count(1)  # else it starts threads for each table of 600 rows


# The buttons over a chart are seen only while the mouse is over it. Out of sight they are out of
# the Tab order, too, where each chart would have four.
STYLE = """<style>
.stElementContainer:has([data-testid=stVegaLiteChart]):not(:hover)
  [data-testid=stElementToolbar] { visibility: hidden; }
/* beside the title of the x axis, where nothing is, and not over what stands above the chart */
.stElementContainer:has([data-testid=stVegaLiteChart]) [data-testid=stElementToolbar] {
  top: auto; bottom: -0.5rem;
}
%s</style>"""
# Charts whose height depends on the window
SIZED = "%s .stElementContainer:has([data-testid=stVegaLiteChart]) { flex: none; height: %s; }\n"


class Drawing(NamedTuple):
    """A template with the data of one run: its tables and values, by name."""

    spec: dict[str, Any]
    tables: Mapping[str, pd.DataFrame]
    values: Mapping[str, Any] = {}

    def but(self, changes: dict[str, Any]) -> "Drawing":
        """Return a copy with other top-level parts of the spec, such as a title."""
        return self._replace(spec=self.spec | changes)


def template(build: Callable[P, Chart]) -> Callable[P, dict[str, Any]]:
    """Turn a function that builds an Altair chart into one that returns its cached Vega-Lite spec.

    Altair takes 50 to 100 ms for a chart and blocks other sessions meanwhile, so every structure is
    built once for each look. Data that differ from run to run have placeholders: `named` for a
    table, `value` for a number.
    """

    @lru_cache(MAX_TEMPLATES)
    def built(_: object, structure: tuple[Any, ...], more: tuple[Any, ...]) -> dict[str, Any]:
        spec = build(*structure, **dict(more)).to_dict()
        return spec | {"config": spec.get("config", {}) | SILENT}

    @wraps(build)
    def spec(*structure: P.args, **more: P.kwargs) -> dict[str, Any]:
        return built(look(), structure, tuple(more.items()))

    return spec


def named(table: str) -> alt.Chart:
    """Return a chart of a table that a `Drawing` supplies under this name."""
    return alt.Chart(alt.NamedData(table))


def value(name: str) -> alt.ExprRef:
    """Return a placeholder for a value that a `Drawing` supplies under this name."""
    return alt.ExprRef(name)


def start() -> None:
    """Style the charts of a page; call it once on each."""
    is_projected = enlarged() > 1.0
    sized = ("", PROJECTED_HEIGHT) if is_projected else (".st-key-grown", GROWN_HEIGHT)
    st.html(STYLE % (SIZED % sized))


def figure(drawing: Drawing, sentence: str, table: pd.DataFrame, *, grows: bool = False) -> None:
    """Show a chart with its takeaway as text and as `alt`, and its numbers as a table.

    grows  whether it is the only picture of a first screen, which takes more of a tall window
    """
    params = [{"name": name, "value": given} for name, given in drawing.values.items()]
    params += drawing.spec.get("params", [])
    data = {"params": params, "datasets": dict(drawing.tables), "padding": PADDING}
    # with the height set, nothing jumps when the browser has drawn the chart
    by_window = grows or enlarged() > 1.0
    height: int | Literal["stretch"] = "stretch" if by_window else drawing.spec["height"]
    with st.container(key="grown") if grows else nullcontext():
        st.vega_lite_chart(drawing.spec | data, alt=sentence, width="stretch", height=height)
    twin(sentence, table)


def twin(sentence: str, table: pd.DataFrame) -> None:
    """Show what a picture says as text, and its numbers as a table."""
    st.markdown(f":small[{escape(sentence)}]")
    with st.expander("The numbers as a table", type="compact"):
        # figures are text, with the digits that mean something; they stand like numbers
        figures = [name for name in table if any(isinstance(cell, str) for cell in table[name])]
        right = {name: st.column_config.TextColumn(alignment="right") for name in figures}
        alt = f"Table of the chart: {sentence}"
        st.dataframe(table, hide_index=True, height=240, alt=alt, column_config=right)
