"""Many random splits: run on request on all workers, and stopped at any time."""

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

MIN_SPLITS, DEFAULT_SPLITS, MAX_SPLITS = 10, 20, 100
Configs = tuple[Config, ...]
Key = tuple[str, DataSpec, Config, int]  # of one run: "outcome", ..., repeat


def study(
    data: DataSpec, configs: Configs, label: str, key: str, tell: Callable[[Study], str]
) -> Study | None:
    """Draw controls and a progress bar; return the Study so far, or None until requested.

    label has a placeholder {} for the number of splits; tell summarizes a growing Study.
    """
    requested = session.state().setdefault("studies", {})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        repeats = st.slider(
            "Random splits",
            MIN_SPLITS,
            MAX_SPLITS,
            DEFAULT_SPLITS,
            10,
            key=f"{key}_splits",
            persist_state="session",
            width=240,
        )
        go = st.button(label.format(repeats), key=f"{key}_go")
    if go:
        requested[data, configs] = repeats
        try:
            _run(data, configs, repeats, key, tell)
        except ValueError as error:  # one of the splits cannot be made
            st.error(escape(str(error)))
    if (data, configs) not in requested:
        return None
    wanted = requested[data, configs]
    so_far = _gathered(data, configs, wanted, cache_of(data).known(_keys(data, configs, wanted)))
    if len(so_far) < wanted:
        st.info(f"Stopped: {len(so_far)} of {wanted} splits are done. Press again to continue.")
    return so_far


def _run(
    data: DataSpec, configs: Configs, repeats: int, key: str, tell: Callable[[Study], str]
) -> None:
    """Run the missing repeats. Any click stops it; finished repeats stay in the cache."""
    slot, text = st.empty(), "Starting"
    with slot.container():
        draw = progress.drawn_in(st.empty())
        st.button("Stop", key=f"{key}_stop")

    def report(share: float) -> None:
        draw(share, text)

    report(0.0)
    with explained(slot), closing(_grow(data, configs, repeats, report)) as grown:
        for outcomes in grown:
            so_far = _gathered(data, configs, repeats, outcomes)
            text = f"{len(so_far)} of {repeats} splits. {tell(so_far)}"
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
    """Return the Study of the complete repeats."""
    placed = {
        (repeat, place): outcomes[key]
        for repeat in range(repeats)
        for place, config in enumerate(configs)
        if (key := ("outcome", data, config, repeat)) in outcomes
    }
    return gathered(configs, split_of(data), placed, repeats)
