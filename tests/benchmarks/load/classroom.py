"""What a class does: all at once, all the same, one that drags, and a lesson of clicks."""

import asyncio
import math
import random
from statistics import median
from time import perf_counter

from regcore import PRESETS, fit, load_diabetes, split

from .figures import Verdicts, latencies, percentile
from .server import Server
from .session import AS_PRINTED, Session

BURST_SHARE, HOME_SECONDS = 0.75, 1.5  # targets, from here on
SAME_SECONDS = 2.0
DRAG_TRAININGS, DRAG_SECONDS, DRAG_SLOWER = 4, 1.0, 2.0
SOAK_GROWTH, SOAK_SAMPLE = 1.10, 5.0
MOVE_SECONDS = 0.1
PRINTED_BY_HAND = {"all_epochs": "2000", "momentum": "0.0"}  # All Together has no preset
VISIT_PAUSE = 1.0  # seconds between two visits; more of them would be a load of their own
CLICKS = {  # page -> key -> settings that a class tries; few enough to be trained in a minute
    "": {},
    "Overfitting": {"width": ("4", "16", "64", "128"), "depth": ("1", "2")},
    "L2": {"l2": ("0.01", "0.05", "0.2"), "width": ("16", "64")},
    "Dropout": {"p": (0.2, 0.5), "width": ("32", "64")},
    "Early_Stopping": {"patience": (5, 20, 50, 100, 300), "width": ("16", "64", "128")},
    "All_Together": {"momentum": (0.5, 0.8, 0.9), "width": ("32", "64")},
}
STAY = 8  # clicks on a page before the next


async def opened(server: Server, sessions: int, page: str, **link: str) -> list[Session]:
    """So many tabs with this page, as printed, its usual runs trained."""
    link = AS_PRINTED | link
    first = await Session.start(server, page, **link)  # the others find its runs
    starts = (Session.start(server, page, **link) for _ in range(sessions - 1))
    return [first, *await asyncio.gather(*starts)]


async def closed(sessions: list[Session], verdicts: Verdicts) -> None:
    """End the tabs and say what went wrong in them."""
    errors = [error for session in sessions for error in session.errors]
    await asyncio.gather(*(session.close() for session in sessions))
    verdicts.none("errors", errors)


def alone(seed: int, momentum: float = 0.0) -> float:
    """Seconds that such an as-printed run takes in this process, with nothing beside."""
    parts = split(load_diabetes(), validation_size=0.2)
    config = PRESETS["as printed"].but(seed=seed, momentum=momentum)
    start = perf_counter()
    fit(parts, config)
    return perf_counter() - start


async def visit_home(server: Server, until: asyncio.Event) -> list[float]:
    """A new visitor opens Home, and when they have it, soon the next; how long each waited."""
    taken = []
    while not until.is_set():
        start = perf_counter()
        visitor = await Session.start(server)
        taken.append(perf_counter() - start if not visitor.errors else math.inf)
        await visitor.close()
        await asyncio.sleep(VISIT_PAUSE)
    return taken


async def burst(server: Server, sessions: int, rounds: int, verdicts: Verdicts) -> None:
    """Each asks at the same moment for an as-printed run that nobody has trained."""
    tabs = await opened(server, sessions, "All_Together", **PRINTED_BY_HAND)
    ratios, pressed, visits, trained = [], [], [], 0
    for number in range(rounds):
        seeds = [2 + number * sessions + place for place in range(sessions)]
        one_by_one = sum(alone(seed) for seed in seeds)
        over, before = asyncio.Event(), server.trainings()
        visiting = asyncio.create_task(visit_home(server, over))
        start = perf_counter()
        presses = (tab.press("all_seed", seed) for tab, seed in zip(tabs, seeds, strict=True))
        pressed += await asyncio.gather(*presses)
        took = perf_counter() - start
        over.set()
        visits += await visiting
        trained += server.trainings() - before
        ratios.append(took / one_by_one)
        print(f"  burst of {took:.2f} s; its {sessions} runs alone, in turn: {one_by_one:.2f} s")
    latencies("a burst's own run", pressed)
    latencies("Home meanwhile", visits)
    print(f"  {trained} trainings for {rounds * sessions} runs, {server.megabytes():.0f} MB")
    verdicts.at_most("burst / runs alone, median round", median(ratios), BURST_SHARE, "")
    verdicts.at_most("Home meanwhile, p95", percentile(visits, 0.95), HOME_SECONDS)
    await closed(tabs, verdicts)


async def rested(server: Server) -> None:
    """Wait until nothing is trained ahead any longer; the studies begin later."""
    before = -1
    while before != server.trainings():
        before = server.trainings()
        await asyncio.sleep(1.5)


async def same(server: Server, sessions: int, rounds: int, verdicts: Verdicts) -> None:
    """All ask at the same moment for the same untrained as-printed run."""
    tabs = await opened(server, sessions, "All_Together", **PRINTED_BY_HAND)
    await (await Session.start(server)).close()
    await rested(server)
    pressed, again, trained = [], [], 0
    for number in range(rounds):
        seed, before = 100 * (number + 1), server.trainings()  # no step from another: none is ahead
        pressed += await asyncio.gather(*(tab.press("all_seed", seed) for tab in tabs))
        trained += server.trainings() - before
        await asyncio.gather(*(tab.press("all_seed", 1) for tab in tabs))
        again += await asyncio.gather(*(tab.press("all_seed", seed) for tab in tabs))
    latencies("the same untrained run", pressed)
    latencies("the same, once it is trained", again)
    verdicts.at_most("trainings of each run", trained / rounds, 1, "")
    verdicts.at_most("all have it, slowest of all rounds", max(pressed), SAME_SECONDS)
    await closed(tabs, verdicts)


async def click_around(tab: Session, until: asyncio.Event) -> list[float]:
    """Moves a slider that trains nothing, with little pause."""
    taken = []
    while not until.is_set():
        taken.append(await tab.press("patience", 10 + len(taken) % 20))
        await asyncio.sleep(0.2)
    return taken


async def beside(others: list[Session], work) -> tuple[list[float], float]:
    """What the others wait while `work` goes on, and what work returns."""
    over = asyncio.Event()
    clicking = [asyncio.create_task(click_around(tab, over)) for tab in others]
    result = await work
    over.set()
    return [taken for one in clicking for taken in await one], result


async def dragged(tab: Session, momenta: list[float]) -> float:
    """Move the slider over all these values; seconds from the last until it is on screen."""
    for momentum in momenta:
        await tab.move("momentum", momentum)
        await asyncio.sleep(MOVE_SECONDS if momentum != momenta[-1] else 0.0)
    shown = f"μ = {momenta[-1]:g}"
    return await tab.settled(lambda tab: any(shown in text for text in tab.texts))


async def drag(server: Server, others: int, rounds: int, verdicts: Verdicts) -> None:
    """One drags a slider over 19 untrained values in two seconds, others click meanwhile."""
    tabs, draggers = await opened(server, others, "Early_Stopping"), []
    momenta = [round(0.05 * step, 2) for step in range(1, 20)]
    calm, meanwhile, waited, trained = [], [], [], []
    for number in range(rounds):
        link = AS_PRINTED | PRINTED_BY_HAND | {"all_seed": str(2 + number)}
        draggers.append(await Session.start(server, "All_Together", **link))
        calm += (await beside(tabs, asyncio.sleep(4.0)))[0]
        before = server.trainings()
        taken, last = await beside(tabs, dragged(draggers[-1], momenta))
        meanwhile += taken
        waited.append(last - alone(2 + number, momenta[-1]))
        trained.append(server.trainings() - before)
        print(f"  {trained[-1]} trainings ran to their end, the last value after {last:.2f} s")
    latencies(f"{others} others before", calm)
    latencies(f"{others} others meanwhile", meanwhile)
    verdicts.at_most("trainings that ran to their end", max(trained), DRAG_TRAININGS, "")
    verdicts.at_most("the last value, beyond its own run", max(waited), DRAG_SECONDS)
    slower = median(meanwhile) / median(calm)
    verdicts.at_most("the others' median, times as long", slower, DRAG_SLOWER, "")
    await closed([*draggers, *tabs], verdicts)


async def attend(tab: Session, number: int, end: float, period: float, taken: list) -> None:
    """One learner's lesson: a click each `period`, now and then the next page."""
    draw, pages = random.Random(number), list(CLICKS)
    await asyncio.sleep(period * draw.random())
    page, clicks = pages[number % len(pages)], 0
    await tab.visit(page, **AS_PRINTED)
    while (now := perf_counter()) < end:
        clicks += 1
        if clicks % STAY == 0 or not CLICKS[page]:
            page = pages[(pages.index(page) + 1) % len(pages)]
            taken.append((now, await tab.visit(page, **AS_PRINTED)))
        else:
            key = draw.choice(list(CLICKS[page]))
            taken.append((now, await tab.press(key, draw.choice(CLICKS[page][key]))))
        await asyncio.sleep(max(0.0, period - (perf_counter() - now)))


async def soak(
    server: Server, sessions: int, minutes: float, period: float, verdicts: Verdicts
) -> None:
    """A lesson: all click every few seconds, for minutes."""
    tabs = await opened(server, sessions, "")
    for page in CLICKS:
        print(f"  first visit of {page or 'Home'}: {await tabs[0].visit(page, **AS_PRINTED):.2f} s")
    start, taken, memory = perf_counter(), [], []
    end = start + 60.0 * minutes
    lessons = [
        asyncio.create_task(attend(tab, number, end, period, taken))
        for number, tab in enumerate(tabs)
    ]
    for minute in range(math.ceil(minutes)):
        until, since = min(end, start + 60.0 * (minute + 1)), len(taken)
        while perf_counter() < until:
            await asyncio.sleep(min(SOAK_SAMPLE, max(0.0, until - perf_counter())))
            memory.append((perf_counter() - start, server.megabytes()))
        latencies(
            f"minute {minute + 1}, then {memory[-1][1]:,.0f} MB", [s for _, s in taken[since:]]
        )
    await asyncio.gather(*lessons)
    latencies("all clicks", [s for _, s in taken])
    settled = next((size for at, size in memory if at >= 60.0), memory[0][1])
    growth = max(size for at, size in memory if at >= 60.0 or minutes <= 1) / settled
    verdicts.at_most("memory after the first minute, times as much", growth, SOAK_GROWTH, "")
    await closed(tabs, verdicts)
