"""A connection to a Dask scheduler whose futures always end, even if the scheduler hangs.

Dask's own ClientExecutor leaves a future pending for ever if the scheduler goes away while the
result is being sent. Its client waits without limit for a scheduler that hangs, and for workers
when none are left. A visitor who waits for a run would never find out.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from threading import Thread
from time import monotonic
from typing import Any, cast

CONNECT_SECONDS = 3.0  # how long a page may block, and how long a scheduler may take to restart
LOOK_SECONDS = 1.0
SILENCE_SECONDS = 10.0  # a busy scheduler answers late, and a worker may be restarting


class DaskClient:
    """Connect to the scheduler at `address`, like tcp://host:8786.

    Raises TimeoutError if there is no answer in time, ImportError without the package
    `distributed`, and Dask's own errors if another kind of server answers.
    """

    def __init__(self, address: str) -> None:
        self._under_way = set[asyncio.Task[Any]]()
        _in_loop(self._connect(address)).result()

    def is_connected(self) -> bool:
        """Return whether tasks may be submitted; a lost connection counts while it is retried."""
        return not self._watch.done()

    def size(self) -> int:
        """Return the last known number of threads in the cluster; 0 while it is lost."""
        return self._size if self._dask.status == "running" else 0

    def submit(self, call: Callable[[], Any]) -> Future[Any]:
        """Run `call` on the cluster. If the connection is lost, the future is canceled."""
        return _in_loop(self._outcome(call))

    async def _connect(self, address: str) -> None:
        from distributed import Client  # only where a scheduler is named: it need not be installed

        self._dask: Any = Client(
            address, asynchronous=True, timeout=CONNECT_SECONDS, set_as_default=False
        )
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._dask
                self._size = await self._threads()
        except BaseException as error:
            self._watch = asyncio.create_task(self._close())
            if isinstance(error, TimeoutError):  # its message is empty
                raise TimeoutError(f"{address} did not answer in {CONNECT_SECONDS:g} s.") from error
            raise
        self._watch = asyncio.create_task(self._watching())

    async def _outcome(self, call: Callable[[], Any]) -> Any:
        if self._dask.status != "running":
            raise asyncio.CancelledError
        there = self._dask.submit(call, pure=False)
        task = cast(asyncio.Task[Any], asyncio.current_task())
        self._under_way.add(task)
        try:
            return await there
        except Exception as error:
            if there.status == "error":  # raised by the task itself
                raise
            raise asyncio.CancelledError from error
        finally:
            self._under_way.discard(task)
            there.release()  # the cluster may forget it

    async def _watching(self) -> None:
        """Poll the cluster until it has been silent for SILENCE_SECONDS; then cancel and close."""
        heard = monotonic()
        while self._dask.status != "closed" and monotonic() - heard < SILENCE_SECONDS:
            await asyncio.sleep(LOOK_SECONDS)
            self._size = await self._threads()
            heard = monotonic() if self._size else heard
        for task in tuple(self._under_way):
            task.cancel()
        await self._close()

    async def _threads(self) -> int:
        with suppress(Exception):
            async with asyncio.timeout(CONNECT_SECONDS):
                return sum((await self._dask.scheduler.ncores()).values())
        return 0

    async def _close(self) -> None:
        with suppress(Exception):
            await self._dask.close(CONNECT_SECONDS)


def _in_loop(work: Coroutine[Any, Any, Any]) -> Future[Any]:
    return asyncio.run_coroutine_threadsafe(work, _loop())


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return one loop for all connections: Dask never ends the loop of a lost connection."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="dask", daemon=True).start()
    return loop
