"""The runs and studies of the pages' default settings, done ahead: they are there at once."""

from dataclasses import replace
from functools import partial
from math import isqrt

from regcore import PRESETS
from regcore.config import LESSON_L2
from regcore.experiments.parallel import Report
from ui import session
from ui.data import chosen
from ui.data.spec import DataSpec, split_of
from ui.navigation import PAGES, Page
from ui.sections import memorizing
from ui.sections.studies import repeated_splits
from ui.sections.studies.repeated_splits import DEFAULT_SPLITS, Configs
from ui.training import ahead, runs
from ui.training.ahead import Task
from ui.training.cache import SHARED
from workers import executor

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
TOGETHER = MEMORIZE, MEMORIZE.but(dropout=0.2), MEMORIZE.but(l2=LESSON_L2)
OPENING = STUDIES | {"all together": (DataSpec(validation_size=0.2), TOGETHER)}
DRAWN = ("overfitting", "l2")  # pages that draw what their networks predict


def prepare(here: Page) -> None:
    """Offer to train what the pages not yet visited will request, the next one first."""
    names = list(PAGES)
    place = next((n for n, page in enumerate(PAGES.values(), 1) if page is here), 0)
    after = [*names[place:], *names[:place]]
    unseen = [name for name in after if not session.has_visited(PAGES[name].path)]
    # only its own session can load a visitor's table
    tasks = [] if chosen.spec().own else [task for name in unseen for task in opening(name)]
    ahead.offer(ahead.PAGES, session.name(), tasks)
    # again and again: what is known stays in the cache for it
    studies = [partial(_compute, study) for study in STUDIES.values()]
    ahead.offer(ahead.STUDIES, "studies", studies, anew=False)


def opening(name: str) -> list[Task]:
    """Return the work of training what a page requests when it opens with the chosen data."""
    if name not in OPENING:
        return []
    data, configs = _data(OPENING[name][0]), OPENING[name][1]
    if name == "early stopping":  # its page reads any patience from the run that never stops
        every = isqrt(MEMORIZE.epochs)
        return runs.tasks([runs.Request(data, MEMORIZE, checkpoint_every=every)])
    tasks = runs.tasks([runs.Request(data, config) for config in configs])
    drawn = memorizing.opening() if name in DRAWN else None
    return tasks + [partial(memorizing.prepare, drawn, config) for config in configs if drawn]


def _data(lesson: DataSpec) -> DataSpec:
    """Return the chosen data with the rows of a page: all, if they are fewer."""
    data = chosen.spec(validation_size=lesson.validation_size)
    has_more = lesson.train_rows is not None and lesson.train_rows < len(split_of(data).train)
    return replace(data, train_rows=lesson.train_rows) if has_more else data


def _compute(study: tuple[DataSpec, Configs], report: Report) -> None:
    work, pool = repeated_splits.work(*study, DEFAULT_SPLITS), executor()
    for key in work.keys:  # one at a time: that leaves a core to others
        SHARED.get_all([key], work.start, report, pool)
