"""Pictures as the browser gets them: a Vega-Lite spec that is built once, and the numbers in it."""

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any, NamedTuple, ParamSpec

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st

from ui.text import escape
from ui.theme import look

P = ParamSpec("P")
Chart = alt.LayerChart | alt.FacetChart  # Altair types both as what its methods return
INPUT_HEIGHT = 29  # pixels of a slider or a box below a picture
PADDING = {"left": 0, "top": 0, "right": 12, "bottom": 4}  # for ends of words below the axis
MOST_TEMPLATES = 64  # of one structure, in all looks; some 10 kB each
alt.theme.enable("none")  # Streamlit brings its own
pa.set_cpu_count(1)  # else each table of 600 rows starts threads of its own to be sent


class Drawing(NamedTuple):
    """A template with the numbers of one run: its tables and its values, by name."""

    spec: dict[str, Any]
    tables: Mapping[str, pd.DataFrame]
    values: Mapping[str, Any] = {}

    def but(self, changes: dict[str, Any]) -> "Drawing":
        """The same with other parts at the top of its spec, such as its title."""
        return self._replace(spec=self.spec | changes)


def template(build: Callable[P, Chart]) -> Callable[P, dict[str, Any]]:
    """A function that draws a structure in Altair becomes one that gives its Vega-Lite spec.

    Altair takes 50 to 100 ms for a chart, in which no other session's page is drawn; so every
    structure is built once for each look. What differs from run to run stays outside: `named`
    stands for a table, `value` for a number.
    """

    @lru_cache(MOST_TEMPLATES)
    def built(_: object, structure: tuple[Any, ...], more: tuple[Any, ...]) -> dict[str, Any]:
        return build(*structure, **dict(more)).to_dict()

    @wraps(build)
    def spec(*structure: P.args, **more: P.kwargs) -> dict[str, Any]:
        return built(look(), structure, tuple(more.items()))

    return spec


def named(table: str) -> alt.Chart:
    """A chart of a table that a `Drawing` will bring under this name."""
    return alt.Chart(alt.NamedData(table))


def value(name: str) -> alt.ExprRef:
    """A value that a `Drawing` will bring under this name."""
    return alt.ExprRef(name)


def figure(drawing: Drawing, sentence: str, table: pd.DataFrame) -> None:
    """A picture that also speaks: its takeaway as text and as `alt`, its numbers a click away."""
    params = [{"name": name, "value": given} for name, given in drawing.values.items()]
    params += drawing.spec.get("params", [])
    data = {"params": params, "datasets": dict(drawing.tables), "padding": PADDING}
    # with its height known beforehand, nothing jumps when the browser has drawn the picture
    height = drawing.spec["height"] + INPUT_HEIGHT * sum("bind" in one for one in params)
    st.vega_lite_chart(drawing.spec | data, alt=sentence, width="stretch", height=height)
    st.markdown(f":small[{escape(sentence)}]")
    with st.expander("The numbers as a table", type="compact"):
        st.dataframe(table, hide_index=True, height=240, alt=f"Table of the chart: {sentence}")
