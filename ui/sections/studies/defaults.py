"""The studies of the pages' default settings, computed ahead so that they are there at once."""

import logging
from collections.abc import Hashable, Iterator
from functools import cache

from regcore import PRESETS
from regcore.config import LESSON_L2
from ui.data.spec import DataSpec
from ui.sections.studies import repeated_splits
from ui.sections.studies.repeated_splits import DEFAULT_SPLITS, Configs
from ui.training import ahead
from ui.training.cache import SHARED, Start
from workers import executor
from workers.in_process import in_process

MEMORIZE = PRESETS["memorize"]
STUDIES: dict[str, tuple[DataSpec, Configs]] = {  # by page, as each opens
    "overfitting": (DataSpec(), (MEMORIZE.but(hidden_sizes=(4,)), MEMORIZE)),
    "l2": (DataSpec(), (MEMORIZE, MEMORIZE.but(l2=LESSON_L2))),
    "dropout": (DataSpec(), (MEMORIZE, MEMORIZE.but(dropout=0.2))),
    "early stopping": (
        DataSpec(validation_size=0.2, train_rows=120),
        (MEMORIZE, MEMORIZE.but(patience=50)),
    ),
}


def _tasks() -> Iterator[tuple[Hashable, Start]]:
    for study in STUDIES.values():
        work = repeated_splits.work(*study, DEFAULT_SPLITS)
        yield from ((key, work.start) for key in work.keys)


@cache  # once in the life of the server
def compute_ahead() -> None:
    """Start to compute the default studies, unless this process has no workers. Never raises."""
    try:
        pool = executor()
        if pool is not in_process():  # that would hold up the pages
            ahead.begin(_tasks(), SHARED, pool)
    except Exception:
        logging.getLogger(__name__).exception("The default studies were not computed ahead.")
