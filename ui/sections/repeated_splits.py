"""Many random splits: asked for by a press, run on all workers, stopped at any time."""

from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from functools import lru_cache, partial

import streamlit as st

from regcore import Config, Plan
from regcore.experiments.outcome import Outcome, train_outcome
from regcore.experiments.parallel import Job, Report
from regcore.experiments.study import Study, gathered, repeated
from ui import session
from ui.data.spec import DataSpec, dataset_of, split_of
from ui.text import escape
from ui.training import progress
from ui.training.cache import cache_of
from ui.training.trouble import explained
from workers import executor

FEWEST, USUAL, MOST = 10, 20, 100
Configs = tuple[Config, ...]
Key = tuple[str, DataSpec, Config, int]  # of one run: "outcome", ..., repeat


def study(
    data: DataSpec, configs: Configs, label: str, key: str, tell: Callable[[Study], str]
) -> Study | None:
    """Controls, a bar that can be stopped, and the Study as far as it came; None until pressed.

    label has a place {} for the number of splits; tell gives a few words on a Study that grows.
    """
    asked = session.state().setdefault("studies", {})
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
    if go:
        asked[data, configs] = repeats
        try:
            _run(data, configs, repeats, key, tell)
        except ValueError as error:  # one of the splits cannot be cut
            st.error(escape(str(error)))
    if (data, configs) not in asked:
        return None
    wanted = asked[data, configs]
    so_far = _gathered(data, configs, wanted, cache_of(data).known(_keys(data, configs, wanted)))
    if len(so_far) < wanted:
        st.info(f"Stopped: {len(so_far)} of {wanted} splits have come in. Press again to go on.")
    return so_far


def _run(
    data: DataSpec, configs: Configs, repeats: int, key: str, tell: Callable[[Study], str]
) -> None:
    """Run what is missing. A press on anything ends it, and what has come in stays in the cache."""
    slot, words = st.empty(), "Starting"
    with slot.container():
        draw = progress.drawn_in(st.empty())
        st.button("Stop", key=f"{key}_stop")

    def report(share: float) -> None:
        draw(share, words)

    report(0.0)
    with explained(slot), closing(_grow(data, configs, repeats, report)) as grown:
        for outcomes in grown:
            so_far = _gathered(data, configs, repeats, outcomes)
            words = f"{len(so_far)} of {repeats} splits. {tell(so_far)}"
    slot.empty()


def _grow(
    data: DataSpec, configs: Configs, repeats: int, report: Report
) -> Generator[dict[Key, Outcome], None, None]:
    plan = Plan(configs, repeats, validation_size=data.validation_size, train_rows=data.train_rows)
    dataset, pool = dataset_of(data), executor()
    parts_of = lru_cache(1)(lambda repeat: plan.split(dataset, repeat))

    def start(key: Key) -> Job:
        _, _, config, repeat = key
        return Job(pool, partial(train_outcome, parts_of(repeat), repeated(config, repeat)))

    yield from cache_of(data).grow(_keys(data, configs, repeats), start, report, pool)


def _keys(data: DataSpec, configs: Configs, repeats: int) -> list[Key]:
    return [("outcome", data, config, repeat) for repeat in range(repeats) for config in configs]


def _gathered(
    data: DataSpec, configs: Configs, repeats: int, outcomes: Mapping[Key, Outcome]
) -> Study:
    """The Study of the repeats that are complete."""
    placed = {
        (repeat, place): outcomes[key]
        for repeat in range(repeats)
        for place, config in enumerate(configs)
        if (key := ("outcome", data, config, repeat)) in outcomes
    }
    return gathered(configs, split_of(data), placed, repeats)
