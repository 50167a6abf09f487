"""deploy/nginx.conf in front of copies of the app: which copy serves a session; what is refused.

`python -m tests.benchmarks.load copies` is the long version of the first test.
"""

import asyncio
from contextlib import AsyncExitStack

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.benchmarks.load.browser import Browser, form
from tests.benchmarks.load.copies import copies, strays
from tests.benchmarks.load.figures import Verdicts
from tests.benchmarks.load.hostile_http import MEGABYTE, ask
from tests.benchmarks.load.nginx import Nginx, Served, program
from tests.benchmarks.load.server import Server
from tests.benchmarks.load.session import AS_A_BROWSER, Session

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(program() is None, reason="nginx is not installed"),
]

TABS = 120  # sixty learners behind one address, two tabs each
NGINX_FOOTER = b"<center>nginx"  # at the foot of the answers that nginx itself gives
UPLOADS = 21  # accepted from one session at once: one, and the burst of 20


@pytest.fixture(scope="module")
def copy():
    with Server() as started:
        yield started


@pytest.fixture
def nginx(copy):
    """A new nginx for each test, because its limits count earlier requests."""
    with Nginx([copy, copy]) as started:
        yield started


def test_a_session_stays_on_its_copy_and_outlives_it():
    verdicts = Verdicts()
    asyncio.run(copies(4, verdicts))
    assert verdicts.missed == 0


def test_a_request_that_another_copy_answered_is_found():
    home = {"ann": "a", "ben": "b"}
    rows = [Served(who, (at,), "/", 0.0) for who, at in (("ann", "a"), ("ben", "a"), ("new", "b"))]
    assert strays(rows, home) == ["/: a, not b"]
    assert strays([Served("ann", ("b", "a"), "/", 0.0)], home) == []


def test_behind_nginx_no_code_of_learners_runs(copy, nginx):
    async def ways() -> list[bool]:
        """Return whether each visitor is offered to answer by code."""
        visitors = [await Session.start(place, "Exercises") for place in (copy, nginx)]
        offered = ["by_Form_Lines" in visitor.controls for visitor in visitors]
        for visitor in visitors:
            await visitor.close()
            assert visitor.errors == []
        return offered

    assert asyncio.run(ways()) == [True, False]


@pytest.mark.parametrize("path", ["metrics", "agent/openapi.json", "%6detrics", "./metrics"])
def test_paths_for_administrators_are_hidden_from_learners(path, copy, nginx):
    request = f"GET /_stcore/{path} HTTP/1.1"
    assert asyncio.run(ask(nginx, request))[9:12] == b"404"
    assert asyncio.run(ask(copy, "GET /_stcore/metrics HTTP/1.1"))[9:12] == b"200"


STREAMS = ("stream", "stream%0A")  # the app accepts both


async def answer(nginx: Nginx, origin: str, stream: str) -> tuple[int, bool]:
    """Return the status of opening a WebSocket, and whether nginx itself refused it."""
    url = f"ws://{nginx.host}:{nginx.port}/_stcore/{stream}"
    try:
        async with connect(url, origin=origin, **AS_A_BROWSER) as socket:
            return socket.response.status_code, False
    except InvalidStatus as error:
        return error.response.status_code, NGINX_FOOTER in error.response.body


@pytest.mark.parametrize("stream", STREAMS)
def test_nginx_refuses_sessions_from_pages_of_other_sites(stream, nginx):
    here = f"{nginx.host}:{nginx.port}"
    for origin in (f"http://{here}", f"https://{here}"):
        assert asyncio.run(answer(nginx, origin, stream)) == (101, False)
    for origin in ("http://evil.example", f"http://x{here}", f"http://{here}.evil.example", "null"):
        assert asyncio.run(answer(nginx, origin, stream)) == (403, True)


@pytest.mark.parametrize("stream", STREAMS)
def test_a_class_behind_one_address_connects_but_not_a_flood(stream, nginx):
    url = f"ws://{nginx.host}:{nginx.port}/_stcore/{stream}"

    async def opened(number: int) -> list[object]:
        async with AsyncExitStack() as stack:
            sockets = (connect(url, **AS_A_BROWSER) for _ in range(number))
            entered = (stack.enter_async_context(socket) for socket in sockets)
            return await asyncio.gather(*entered, return_exceptions=True)

    refused = [e for e in asyncio.run(opened(TABS)) if isinstance(e, BaseException)]
    assert refused == []
    refused = [e for e in asyncio.run(opened(2 * TABS)) if isinstance(e, InvalidStatus)]
    assert {error.response.status_code for error in refused} == {429}
    assert len(refused) >= 2 * TABS - 151


def test_size_and_number_of_uploads_are_limited_per_session(nginx):
    async def statuses(browser: Browser, sizes: list[int]) -> list[int]:
        path = f"/_stcore/upload_file/{browser.tab.id}/file"
        bodies = [form("a.csv", bytes(size)) for size in sizes]
        return [await browser.ask("PUT", path, body) for body in bodies]

    async def both() -> list[list[int]]:
        one, two = Browser(nginx), Browser(nginx)
        await one.open("Exercises")
        await two.open("Exercises")
        many = await statuses(one, [100] * (UPLOADS + 5))
        few = await statuses(two, [100, int(1.9 * MEGABYTE), int(2.5 * MEGABYTE)])
        await one.tab.close()
        await two.tab.close()
        return [many, few]

    many, few = asyncio.run(both())
    assert many[:UPLOADS] == [204] * UPLOADS
    assert 429 in many[UPLOADS:]
    assert few == [204, 204, 413]


def test_nginx_refuses_a_body_that_is_too_large(nginx):
    head = "PUT /_stcore/upload_file/s/f HTTP/1.1"
    answer = asyncio.run(ask(nginx, head, bytes(4 * MEGABYTE)))
    assert answer[9:12] == b"413"
    assert NGINX_FOOTER in answer
