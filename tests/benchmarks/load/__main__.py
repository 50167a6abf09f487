"""A whole class on this machine: starts the app and speaks to it as thirty browsers do.

Run by hand, on an idle machine, from the repository root; `--help` lists the scenes:

    python -m tests.benchmarks.load [--workers 2] SCENE

The scenes are burst, same, drag, soak, room, hostile and copies.

Each prints its figures, the target beside them, and met or MISSED; the exit code is 1 if one was
missed. burst, same and drag take one to two minutes, soak as long as told, room and hostile one,
copies half a minute; it needs nginx (`apt install nginx`), and the exit code is 3 without it.
"""

import argparse
import asyncio
import os
import platform
import signal
import sys
from time import process_time

from workers import VARIABLE

from . import classroom
from .copies import copies
from .figures import Verdicts
from .hostile import hostile
from .nginx import program
from .room import room
from .server import Server


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load")
    parser.add_argument("--workers", help=f"the server's {VARIABLE}, if not that of this shell")
    scenes = parser.add_subparsers(dest="scene", required=True)
    for scene in (classroom.burst, classroom.same, classroom.drag):
        options = scenes.add_parser(scene.__name__, help=scene.__doc__)
        options.add_argument("--rounds", type=int, default=3)
        least = 3 if scene is classroom.drag else 30
        options.add_argument("--sessions", type=int, default=least)
    options = scenes.add_parser("soak", help=classroom.soak.__doc__)
    options.add_argument("--sessions", type=int, default=30)
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--period", type=float, default=5.0, help="seconds between clicks")
    options = scenes.add_parser("room", help=room.__doc__)
    options.add_argument("--voters", type=int, nargs="+", default=[30, 100])
    options = scenes.add_parser("hostile", help=hostile.__doc__)
    options.add_argument("--reconnects", type=int, default=3000)
    options = scenes.add_parser("copies", help=copies.__doc__)
    options.add_argument("--sessions", type=int, default=20)
    return parser.parse_args()


async def play(told: argparse.Namespace, server: Server, verdicts: Verdicts) -> None:
    if told.scene == "hostile":
        await hostile(server, told.reconnects, verdicts)
    elif told.scene == "room":
        await room(server, told.voters, verdicts)
    elif told.scene == "soak":
        await classroom.soak(server, told.sessions, told.minutes, told.period, verdicts)
    else:
        scene = getattr(classroom, told.scene)
        await scene(server, told.sessions, told.rounds, verdicts)


def main() -> None:
    told, verdicts = arguments(), Verdicts()
    if told.scene == "copies" and program() is None:
        print("The scene copies needs nginx, which is not installed.", file=sys.stderr)
        sys.exit(3)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server ends, too
    if told.workers is not None:
        os.environ[VARIABLE] = told.workers
    print(
        f"{told.scene}, {VARIABLE}={os.environ.get(VARIABLE, '')}, {os.cpu_count()} cores, ", end=""
    )
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    if told.scene == "copies":
        asyncio.run(copies(told.sessions, verdicts))
    else:
        with Server() as server:
            asyncio.run(play(told, server, verdicts))
            print(f"\n  the server took {server.cpu_seconds():.0f} s of processor time, ", end="")
            print(f"this tool {process_time():.0f} s")
    sys.exit(bool(verdicts.missed))


if __name__ == "__main__":
    main()
