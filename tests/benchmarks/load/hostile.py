"""What a hostile client sends. Each attack returns complaints: what it should not have got."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from time import perf_counter

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from .classroom import click_around
from .figures import Verdicts, latencies, percentile
from .hostile_http import paths, uploads
from .hostile_rooms import rooms
from .server import Server
from .session import AS_A_BROWSER, AS_PRINTED, Session, tab

ANSWER_SECONDS, UNDISTURBED_SECONDS = 20.0, 1.5
PAGES = ("Early_Stopping", "Overfitting", "L2", "Dropout", "All_Together", "Exercises", "")
MEGABYTE = 2**20
REDACTED = "The original error message is redacted"
NUMBERS = (1e9, -1e9, 1e308, float("inf"), float("-inf"), float("nan"), 2.5, -0.0)
WORDS = ("", "../../etc/passwd", "<script>alert(1)</script>", "\x00", "1e400", "x" * 100_000)


def states(field: str) -> list[tuple[str | None, object]]:
    """(field, value) of what a control never sends: beyond its limits, then of other types."""
    own = NUMBERS if field.startswith("double") else WORDS if field.startswith("string") else ()
    other = {
        "bool_value": True,
        "double_value": 1e9,
        "double_array_value": float("nan"),
        "int_value": -(2**53),
        "int_array_value": 2**53,
        "string_value": "🧪" * 1000,
        "string_array_value": "../..",
        "bytes_value": b"\xff" * 1000,
        "json_value": "[" * 10_000,
    }
    return [*((field, value) for value in own), *((n, v) for n, v in other.items() if n != field)]


async def wrong_values(server: Server, page: str, only: Sequence[str] = ()) -> list[str]:
    """Controls get what they never send; the page answers soon and tells nothing of its inside."""
    complaints = []
    async with tab(server, page) as session:
        for key, (_, field) in list(session.controls.items()):
            if (only and key not in only) or field == "trigger_value":
                continue
            for name, value in states(field):
                session.pressed.clear()
                await session.move(key, value, name)
                try:
                    await asyncio.wait_for(session.settled(), ANSWER_SECONDS)
                except TimeoutError:
                    complaints.append(f"{key}: no answer to {name} {str(value)[:20]!r}")
    return complaints + [error for error in session.errors if REDACTED not in error]


async def noise(server: Server) -> list[str]:
    """Random bytes, cut and huge messages, text: that connection may go, the server may not."""
    draw, url = random.Random(0), f"ws://{server.host}:{server.port}/_stcore/stream"
    messages = [BackMsg() for _ in range(3)]
    for message, size in zip(messages, (1000, MEGABYTE, 10 * MEGABYTE), strict=True):
        message.rerun_script.query_string = "x" * size
    whole = [message.SerializeToString() for message in messages]
    sent = [draw.randbytes(draw.randrange(1, 2000)) for _ in range(30)]
    sent += [*whole, whole[0][:-5], b"", "a word", bytes(10 * MEGABYTE)]
    for raw in sent:
        async with connect(url, **AS_A_BROWSER) as socket:
            with suppress(WebSocketException):
                await socket.send(raw)
    return [] if await asyncio.to_thread(server.ready) else ["the server does not answer"]


async def commands(server: Server, page: str) -> list[str]:
    """Messages that only a developer's browser sends."""
    complaints = []
    async with tab(server, page) as session:
        for name in ("debug_shutdown_runtime", "debug_disconnect_websocket", "load_git_info"):
            await session.send(BackMsg(**{name: True}))
        for name in ("stop_script", "set_run_on_save", "clear_cache"):
            await session.send(BackMsg(**{name: True}))
        install = BackMsg()
        install.backend_operation_request.request_id = "1"
        install.backend_operation_request.install_skills.SetInParent()
        await session.send(install)
        await asyncio.sleep(0.3)
        if "git_info_changed" in session.heard:
            complaints.append("load_git_info: the repository's state was told")
        complaints += session.errors
    before = server.trainings()
    async with tab(server, page):
        if server.trainings() != before:
            complaints.append("clear_cache: the runs of all visitors were thrown away")
    return complaints


async def reconnects(server: Server, times: int) -> list[str]:
    """Sockets opened and dropped as fast as it goes, half of them after a first message."""
    url = f"ws://{server.host}:{server.port}/_stcore/stream"
    gate, failed = asyncio.Semaphore(20), 0

    async def one(number: int) -> None:
        nonlocal failed
        async with gate:
            try:
                socket = await connect(url, **AS_A_BROWSER)
                if number % 2:
                    await socket.send(BackMsg(app_heartbeat=True).SerializeToString())
                socket.transport.abort()
            except (OSError, TimeoutError, WebSocketException):
                failed += 1

    await asyncio.gather(*map(one, range(times)))
    return [f"{failed} of {times} connections were refused"] if failed else []


async def hostile(
    server: Server, times: int, verdicts: Verdicts, pages: Sequence[str] = PAGES
) -> None:
    """All attacks in turn, while an honest visitor goes on clicking."""
    honest, over = await Session.start(server, pages[0], **AS_PRINTED), asyncio.Event()
    clicking = asyncio.create_task(click_around(honest, over))
    attacks = {
        **{f"wrong values on {page or 'Home'}": wrong_values(server, page) for page in pages},
        "random and huge messages": noise(server),
        "a developer's commands": commands(server, pages[0]),
        f"{times} quick reconnects": reconnects(server, times),
        "paths out of every folder": paths(server),
        "uploads": uploads(server, pages[0]),
        "a class's room": rooms(server),
    }
    for name, attack in attacks.items():
        start = perf_counter()
        complaints = await attack
        took = perf_counter() - start
        verdicts.none(f"{name}, {took:.1f} s, then {server.megabytes():,.0f} MB", complaints)
    over.set()
    waited = await clicking
    latencies("an honest visitor meanwhile", waited)
    verdicts.at_most("their p95", percentile(waited, 0.95), UNDISTURBED_SECONDS)
    verdicts.none("in their session", honest.errors)
    verdicts.none("of the server", [] if server.ready() else ["it does not answer"])
    await honest.close()
