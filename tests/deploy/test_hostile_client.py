"""The trust boundary: the app, started as usual, withstands a client that breaks every rule.

`python -m tests.benchmarks.load hostile` is the long version, on every page.
"""

import asyncio

import pytest

from tests.benchmarks.load import hostile
from tests.benchmarks.load.server import Server
from tests.benchmarks.load.session import AS_PRINTED, Session

pytestmark = pytest.mark.slow

PAGE = "Early_Stopping"


@pytest.fixture(scope="module")
def server():
    with Server() as started:
        yield started


async def visited(server: Server) -> list[str]:
    """Return the errors in an honest visitor's session."""
    visitor = await Session.start(server, PAGE, **AS_PRINTED)
    await visitor.press("patience", 30)
    await visitor.close()
    return visitor.errors


ATTACKS = {
    "wrong values": lambda server: hostile.wrong_values(server, PAGE, only=("patience",)),
    "noise": hostile.noise,
    "commands": lambda server: hostile.commands(server, PAGE),
    "reconnects": lambda server: hostile.reconnects(server, 200),
    "paths": hostile.paths,
    "uploads": lambda server: hostile.uploads(server, PAGE),
    "rooms": hostile.rooms,
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_hostile_client_gets_nothing_and_disturbs_no_visitor(attack, server):
    assert asyncio.run(attack(server)) == []
    assert asyncio.run(visited(server)) == []
    assert server.ready()
