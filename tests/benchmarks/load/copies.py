"""Two copies of the app behind nginx: who is served by which, and what when one of them dies."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from time import perf_counter

from .browser import LEARNER, Browser
from .figures import Verdicts, latencies
from .nginx import Nginx, Served
from .room import ROOM, opened_room
from .server import ROOT, Server
from .session import AS_PRINTED, PATIENCE

PAGE, STREAM = "Early_Stopping", "/_stcore/stream"
TABLE = ROOT / "data" / "diabetes.csv"
NOTICED = "Noticed in the file"  # says a page that has read one
CLICKS = (20, 30, 40)
NEWCOMERS, LEAST_SHARE, PHONES = 100, 0.25, 3


async def copies(sessions: int, verdicts: Verdicts) -> None:
    """Sessions behind nginx stay on their copy; when that dies, the other takes them over."""
    with (
        Server(REGLAB_COPY="b") as one,
        Server(REGLAB_COPY="c") as two,
        Nginx([one, two]) as nginx,
    ):
        verdicts.none("copies that newcomers hardly find", await neglected(nginx))
        with Nginx([one, two]) as another:  # whose log has nothing of what is counted below
            verdicts.none("phones without their room", await phones(another, [one, two]))
        browsers = [Browser(nginx) for _ in range(sessions)]
        await asyncio.gather(*(browser.open(PAGE, **AS_PRINTED) for browser in browsers))
        verdicts.none("errors at clicks", await click(browsers))
        verdicts.none("errors at uploads", await upload(browsers))
        verdicts.none("errors at reconnects", await reconnect(browsers))
        home = homes(await streams(nginx, len(browsers)), browsers)
        print(f"  sessions on the copies: {list(Counter(home.values()).values())}")

        dead = one if home[browsers[0].cookie(LEARNER)] == address(one) else two
        bereft = [b for b in browsers if home[b.cookie(LEARNER)] == address(dead)]
        rest, died = [b for b in browsers if b not in bereft], time.time()
        dead.kill()
        verdicts.none("errors of those whose copy died", await begin_again(bereft))
        verdicts.none("errors of the others", await click(rest))
        await asyncio.gather(*(browser.tab.close() for browser in browsers))

        served = await streams(nginx, 2 * len(browsers) + len(bereft))
        before = [row for row in served if row.begin < died]
        after = [row for row in served if row.begin >= died]
        verdicts.none("requests that left their copy", strays(before, home))
        survivor = address(two if dead is one else one)
        verdicts.none("later, to a dead copy", strays(after, dict.fromkeys(home, survivor)))


def address(copy: Server) -> str:
    """A copy's name in nginx's log."""
    return f"127.0.0.1:{copy.port}"


async def neglected(nginx: Nginx) -> list[str]:
    """Copies that get too few of those who come for the first time."""
    await asyncio.gather(*(Browser(nginx).ask("GET", "/") for _ in range(NEWCOMERS)))
    count = Counter(row.copies[-1] for row in nginx.served())
    few = LEAST_SHARE * NEWCOMERS
    return [f"{a}: {count[a]} of {NEWCOMERS}" for a in nginx.addresses if count[a] < few]


async def phones(nginx: Nginx, owners: Sequence[Server]) -> list[str]:
    """For each copy a room on it, and phones that come for the first time; which miss it."""
    lost = []
    for copy in owners:
        teacher, word = await opened_room(copy)
        for _ in range(PHONES):
            phone = Browser(nginx)
            await phone.ask("GET", f"/{ROOM}?room={word}")
            await phone.open(ROOM, room=word)
            lost += [] if "vote_1_0" in phone.tab.controls else [f"{word} on {address(copy)}"]
            await phone.tab.close()
        await teacher.close()
    return lost


async def click(browsers: Sequence[Browser]) -> list[str]:
    """Some clicks that train nothing; what went wrong."""
    taken = []
    for value in CLICKS:
        taken += await asyncio.gather(*(b.tab.press("patience", value) for b in browsers))
    if taken:
        latencies("a click", taken)
    return [error for browser in browsers for error in browser.tab.errors]


async def upload(browsers: Sequence[Browser]) -> list[str]:
    """Each brings a table of its own, and the page teaches on it; what went wrong."""
    await asyncio.gather(*(b.tab.press("data", "Your file") for b in browsers))
    raw = TABLE.read_bytes()
    statuses = await asyncio.gather(*(b.upload("own_file", "mine.csv", raw) for b in browsers))
    refused = [f"an upload got status {status}" for status in statuses if status != 204]
    return refused + wanting(browsers)


def wanting(browsers: Sequence[Browser]) -> list[str]:
    """Errors, and pages that have not read a table of the visitor's own."""
    complaints = [error for browser in browsers for error in browser.tab.errors]
    without = [b for b in browsers if not any(NOTICED in text for text in b.tab.texts)]
    return complaints + ["a session is without its table"] * len(without)


async def reconnect(browsers: Sequence[Browser]) -> list[str]:
    """The network fails for a moment: each finds its session and its table; what went wrong."""
    before = [browser.tab.id for browser in browsers]
    await asyncio.gather(*(browser.tab.drop() for browser in browsers))
    await asyncio.gather(*(browser.reconnect() for browser in browsers))
    await asyncio.gather(*(browser.tab.press("patience", 50) for browser in browsers))
    resumed = [browser.tab.id for browser in browsers]
    lost = [f"session {old} is lost" for old in before if old not in resumed]
    return lost + wanting(browsers)


async def begin_again(browsers: Sequence[Browser]) -> list[str]:
    """Those whose copy is gone reconnect and bring their table once more; what went wrong."""
    start = perf_counter()
    for browser in browsers:
        await browser.tab.drop()
        browser.tab.errors.clear()  # that the connection was lost
    await asyncio.gather(*(browser.reconnect() for browser in browsers))
    complaints = await upload(browsers)
    print(f"  {len(browsers)} sessions lost their copy and work again: ", end="")
    print(f"{perf_counter() - start:.2f} s")
    return complaints


async def streams(nginx: Nginx, number: int) -> list[Served]:
    """The log, once it tells of so many WebSockets that have ended."""
    async with asyncio.timeout(PATIENCE):
        while sum(row.path == STREAM for row in nginx.served()) < number:
            await asyncio.sleep(0.1)
    return nginx.served()


def homes(served: Sequence[Served], browsers: Sequence[Browser]) -> dict[str, str]:
    """Learner -> the copy to which the first WebSocket went."""
    learners = {browser.cookie(LEARNER) for browser in browsers}
    first = {row.learner: row.copies[-1] for row in served[::-1] if row.path == STREAM}
    return {learner: first[learner] for learner in learners}


def strays(served: Sequence[Served], home: dict[str, str]) -> list[str]:
    """What another copy answered than that of the learner."""
    return [
        f"{row.path}: {row.copies[-1]}, not {home[row.learner]}"
        for row in served
        if row.learner in home and row.copies[-1] != home[row.learner]
    ]
