"""Many random splits: asked for by a press, run on all cores, stopped at any time."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import closing
from threading import Lock

import streamlit as st

from regcore import Config
from regcore.study import Outcomes, Plan, Study, gathered, run_study
from regcore.workers import workers
from ui import runs
from ui.look import plain
from ui.trouble import explained

FEWEST, USUAL, MOST = 10, 20, 100
MAX_STUDIES = 32  # of 100 splits: 2 MB each for two Configs, 7 MB for eight
MAX_OWN_STUDIES = 4  # on a visitor's own table
Configs = tuple[Config, ...]
# of all sessions of this server; not in Streamlit's cache, which any browser can have emptied
_shared: OrderedDict[tuple[runs.Data, Configs], Outcomes] = OrderedDict()
_lock = Lock()


def outcomes(data: runs.Data, configs: Configs) -> Outcomes:
    """What has come in of this study so far; that on a visitor's own table stays with them."""
    own = runs.own() if data.own else None
    kept = _shared if own is None else own.studies
    with _lock:
        found = kept.setdefault((data, configs), {})
        kept.move_to_end((data, configs))
        while len(kept) > (MAX_STUDIES if own is None else MAX_OWN_STUDIES):
            kept.popitem(last=False)
    return found


def study(
    data: runs.Data, configs: Configs, label: str, key: str, tell: Callable[[Study], str]
) -> Study | None:
    """Controls, a bar that can be stopped, and the Study as far as it came; None until pressed.

    label has a place {} for the number of splits; tell gives a few words on a Study that grows.
    """
    asked: dict[tuple[runs.Data, Configs], int] = st.session_state.setdefault("studies", {})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        repeats = st.slider(
            "Random splits",
            FEWEST,
            MOST,
            USUAL,
            10,
            key=f"{key}_splits",
            persist_state="session",
            width=240,
        )
        go = st.button(label.format(repeats), key=f"{key}_go")
    found = outcomes(data, configs)
    if go:
        asked[data, configs] = repeats
        try:
            _run(data, configs, repeats, found, key, tell)
        except ValueError as error:  # one of the splits cannot be cut
            st.error(plain(str(error)))
    if (data, configs) not in asked:
        return None
    wanted = asked[data, configs]
    so_far = gathered(configs, runs.prepare(data), found, wanted)
    if len(so_far) < wanted:
        st.info(f"Stopped: {len(so_far)} of {wanted} splits have come in. Press again to go on.")
    return so_far


def _run(
    data: runs.Data,
    configs: Configs,
    repeats: int,
    found: Outcomes,
    key: str,
    tell: Callable[[Study], str],
) -> None:
    """Run what is missing. A press on anything ends it, and `found` keeps what has come in."""
    plan = Plan(configs, repeats, validation_size=data.validation_size, train_rows=data.train_rows)
    slot, words = st.empty(), ["Starting"]
    with slot.container():
        draw = runs.bar(st.empty())
        st.button("Stop", key=f"{key}_stop")

    def report(share: float) -> None:
        draw(share, words[0])

    report(0.0)
    table = runs.dataset(data)
    with explained(slot), closing(run_study(table, plan, workers(), report, found)) as studies:
        for so_far in studies:
            words[0] = f"{len(so_far)} of {repeats} splits. {tell(so_far)}"
    slot.empty()
