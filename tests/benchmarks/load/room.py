"""A room for a class: thirty or a hundred phones vote twice, and the projector counts them."""

import asyncio
import re
from collections.abc import Callable
from time import perf_counter
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import connect

from .classroom import beside, closed, opened
from .figures import Verdicts, latencies, percentile
from .server import Server
from .session import AS_A_BROWSER, PATIENCE, Session

PAGE, ROOM = "L2", "Room"
ASKED = {"preset": "As printed", "questions": "true"}
PROJECTOR_SECONDS, SLOWER = 2.0, 2.0  # targets
OTHERS = 5  # visitors who click meanwhile
SPREAD = 10.0  # seconds in which a class comes in, and in which it votes
POLL = 1.0  # seconds between two looks of the projector's browser, as the page asks for
COUNT, WORD = re.compile(r"(\d+) of (\d+) phones? voted"), re.compile(r'"room-word">(\w{4})<')


class Projector(Session):
    """A teacher's tab. As a browser does, it has a fragment drawn again whenever it is due."""

    fragment = ""

    def _take(self, message: Any) -> None:
        if message.WhichOneof("type") == "auto_rerun":
            self.fragment = message.auto_rerun.fragment_id
        super()._take(message)

    def _draw(self, element: Any) -> None:
        super()._draw(element)
        if element.WhichOneof("type") == "html":
            self.texts.append(element.html.body)
        elif element.WhichOneof("type") == "heading":
            self.texts.append(element.heading.body)

    async def look(self) -> tuple[int, int]:
        """Draw the count again: how many voted, of how many."""
        message = BackMsg()
        state = message.rerun_script
        state.fragment_id, state.is_auto_rerun = self.fragment, True
        state.page_name, state.query_string = self._page, self._link
        self._done.clear()
        await self.send(message)
        await self.settled()
        return self.count()

    def count(self) -> tuple[int, int]:
        """The count on screen."""
        found = [COUNT.search(text) for text in self.texts]
        return next((int(m[1]), int(m[2])) for m in [*found, re.match("(0)(0)", "00")] if m)

    def word(self) -> str:
        """The word of the room on screen."""
        return next(m[1] for text in self.texts if (m := WORD.search(text)))


async def opened_room(server: Server) -> tuple[Projector, str]:
    """A teacher's tab with an open room, and its word."""
    teacher = await Projector.start(server, PAGE, **ASKED)
    await teacher.press("room_open", True)
    return teacher, teacher.word()


def spread(voters: int) -> list[float]:
    """When each of a class does something: within some seconds, each at its own moment."""
    return [SPREAD * place / voters for place in range(voters)]


async def come(server: Server, word: str, wait: float) -> Session:
    """A phone that opens the room after a while."""
    await asyncio.sleep(wait)
    return await Session.start(server, ROOM, room=word)


async def shows(phone: Session, key: str) -> float:
    """When a phone has this control; nobody taps it meanwhile."""
    async with asyncio.timeout(PATIENCE):
        while key not in phone.controls:
            await asyncio.sleep(0.02)
    return perf_counter()


async def tap(phone: Session, key: str, wait: float) -> float:
    """Vote after a while, twice as by an impatient finger; when the first tap was sent."""
    await asyncio.sleep(wait)
    sent = perf_counter()
    await phone.press(key, True)
    await phone.press(key, True)
    return sent


async def until(teacher: Projector, voted: int, seen: list[tuple[float, int]]) -> None:
    """Look once a second, and note what is on screen, until so many have voted."""
    async with asyncio.timeout(PATIENCE):
        while not seen or seen[-1][1] < voted:
            start = perf_counter()
            count, _ = await teacher.look()
            seen.append((perf_counter(), count))
            await asyncio.sleep(max(0.0, POLL - (perf_counter() - start)))


async def vote(teacher: Projector, phones: list[Session], key: Callable[[int], str]) -> list[float]:
    """All vote, spread over some seconds; how long each vote took to the projector."""
    waits = enumerate(zip(phones, spread(len(phones)), strict=True))
    taps = [tap(phone, key(place), wait) for place, (phone, wait) in waits]
    seen: list[tuple[float, int]] = []
    looking = asyncio.create_task(until(teacher, len(phones), seen))
    sent = sorted(await asyncio.gather(*taps))
    await looking
    return [next(at for at, n in seen if n > place) - s for place, s in enumerate(sent)]


async def reconnected(server: Server, phone: Session) -> None:
    """The network of a phone fails for a moment."""
    await phone.drop()
    url = f"ws://{server.host}:{server.port}/_stcore/stream"
    told = AS_A_BROWSER | {"subprotocols": ["streamlit", "x", phone.id]}
    phone.resume(await connect(url, **told))
    await phone._asked()


async def lesson(server: Server, voters: int) -> tuple[list[float], list[float], list[str]]:
    """A vote, a talk and a second vote; how long votes and news took, and what went wrong."""
    teacher, word = await opened_room(server)
    phones = await asyncio.gather(*(come(server, word, wait) for wait in spread(voters)))
    taken = await vote(teacher, phones, lambda place: f"vote_1_{place % 3}")
    counts = [await teacher.look()]
    await teacher.press("room_next", True)
    await reconnected(server, phones[0])
    for phone in phones:
        phone.controls.clear()
    start = perf_counter()
    await teacher.press("room_next", True)
    news = [at - start for at in await asyncio.gather(*(shows(p, "vote_1_0") for p in phones))]
    taken += await vote(teacher, phones, lambda place: "vote_1_0")
    counts.append(await teacher.look())
    await teacher.press("room_reveal", True)
    said = " ".join(teacher.texts)
    wrong = [f"{found} of {voters} were counted" for found in counts if found != (voters, voters)]
    wrong += [] if said.count(f"{voters} answers") == 2 else ["not all votes were drawn"]
    await teacher.press("room_close", True)
    wrong += [error for tab in (teacher, *phones) for error in tab.errors]
    await asyncio.gather(*(tab.close() for tab in (teacher, *phones)))
    return taken, news, wrong


async def room(server: Server, voters: list[int], verdicts: Verdicts) -> None:
    """A class votes, talks and votes again; one loses the network meanwhile, others click."""
    others = await opened(server, OTHERS, "Early_Stopping")
    await (await Session.start(server, PAGE, **ASKED)).close()  # its runs are trained now
    for number in voters:
        calm = (await beside(others, asyncio.sleep(2 * SPREAD)))[0]
        latencies(f"{OTHERS} others before", calm)
        meanwhile, (taken, news, wrong) = await beside(others, lesson(server, number))
        latencies(f"{number} phones: vote to projector", taken)
        latencies(f"{number} phones: second vote on them", news)
        latencies(f"{OTHERS} others meanwhile", meanwhile)
        verdicts.none(f"{number} phones, of each vote counted once", wrong)
        seconds = percentile(taken, 0.95)
        verdicts.at_most(f"{number} phones, on the projector, p95", seconds, PROJECTOR_SECONDS)
        slower = percentile(meanwhile, 0.95) / percentile(calm, 0.95)
        verdicts.at_most("the others' p95, times as long", slower, SLOWER, "")
    await closed(others, verdicts)
