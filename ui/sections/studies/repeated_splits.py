"""Many random splits: run on request on all workers, and stopped at any time."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

import streamlit as st

from regcore import Config, Plan
from regcore.experiments.outcome import Outcome, train_outcome
from regcore.experiments.parallel import Job
from regcore.experiments.study import Study, gathered, repeated
from ui.data.spec import DataSpec, dataset_of, split_of
from ui.sections.studies import on_request
from ui.training import speed
from ui.training.cache import cache_of
from workers import executor

MIN_SPLITS, DEFAULT_SPLITS, MAX_SPLITS, STEP = 10, 20, 100, 10
Configs = tuple[Config, ...]
Key = tuple[str, DataSpec, Config, int]  # of one run: "outcome", ..., repeat


def study(
    data: DataSpec, configs: Configs, label: str, key: str, tell: Callable[[Study], str]
) -> Study | None:
    """Draw controls and a progress bar; return the Study so far, or None if there is none.

    label has a placeholder {} for the number of splits; tell summarizes a growing Study. A study
    that is known, from an earlier visitor or computed ahead, is there without a request. Call it
    in a fragment.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        repeats = st.slider(
            "Random splits",
            MIN_SPLITS,
            MAX_SPLITS,
            DEFAULT_SPLITS,
            STEP,
            key=f"{key}_splits",
            persist_state="session",
            width=240,
        )

        def words(outcomes: Mapping[Key, Outcome]) -> str:
            so_far = _gathered(data, configs, repeats, outcomes)
            return f"{len(so_far)} of {repeats} splits{tell(so_far)}"

        values = on_request.draw(work(data, configs, repeats), label.format(repeats), key, words)
    so_far = _gathered(data, configs, repeats, values)
    return so_far if len(so_far) > 1 else _smaller(data, configs, repeats)


def _smaller(data: DataSpec, configs: Configs, repeats: int) -> Study | None:
    """Return the largest known study of fewer splits: it stays until there is a larger one."""
    for fewer in range(repeats - STEP, MIN_SPLITS - 1, -STEP):
        keys = work(data, configs, fewer).keys
        values = cache_of(data).known(keys)
        if len(values) == len(keys):
            return _gathered(data, configs, fewer, values)
    return None


def work(data: DataSpec, configs: Configs, repeats: int) -> on_request.Work:
    """Return the runs of the study, to be computed on request or ahead."""
    plan = Plan(
        configs,
        repeats,
        validation_size=data.validation_size,
        train_rows=data.train_rows,
        flipped=data.flipped / 100,
    )
    dataset, pool = dataset_of(data), executor()
    parts_of = lru_cache(1)(lambda repeat: plan.split(dataset, repeat))

    def start(key: Key) -> Job:
        _, _, config, repeat = key
        return Job(pool, partial(train_outcome, parts_of(repeat), repeated(config, repeat)))

    keys = [("outcome", data, config, repeat) for repeat in range(repeats) for config in configs]
    efforts = [speed.effort(split_of(data), config) for config in configs] * repeats
    return on_request.Work((data, configs), data, keys, start, efforts)


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
