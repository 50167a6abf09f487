"""A connection to a Dask scheduler whose futures always end.

Dask's own ClientExecutor leaves a future pending for ever when the scheduler goes while its result
is on the way, and when it is handed over while the client closes: whoever waits would never know.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

ANSWER_SECONDS = 3  # as long a page may stand still once, and a scheduler that restarts be away
LOOK_SECONDS = 1.0


class DaskClient:
    """Connect to the scheduler at `address`, like tcp://host:8786.

    Raises OSError when nobody answers there, and ImportError without the package `distributed` or
    when the other side has versions that do not fit.
    """

    def __init__(self, address: str) -> None:
        from distributed import Client

        self._dask: Any = Client(address, timeout=ANSWER_SECONDS, set_as_default=False)

    def is_connected(self) -> bool:
        """False from the moment in which the connection is lost until Dask has it back."""
        return bool(self._dask.status == "running")

    def size(self) -> int:
        """How many threads the cluster has; 0 if it does not say."""
        with suppress(Exception):
            return sum(self._dask.nthreads(callback_timeout=ANSWER_SECONDS).values())
        return 0

    def submit(self, call: Callable[[], Any]) -> Future[Any]:
        """The outcome of `call` there. Whoever is cut off from it finds the future cancelled."""
        there, here = self._dask.submit(call, pure=False), Future[Any]()
        here.add_done_callback(lambda _: there.release())  # the cluster may forget it
        self._dask.loop.add_callback(self._bring, there, here)
        return here

    async def _bring(self, there: Any, here: Future[Any]) -> None:
        try:
            result = await self._unless_lost(asyncio.ensure_future(there.result()))
        except BaseException as error:  # a cancelled task of asyncio's is no Exception
            if there.status != "error":  # not the task's own
                here.cancel()
            if here.set_running_or_notify_cancel():
                here.set_exception(error)
        else:
            if here.set_running_or_notify_cancel():
                here.set_result(result)

    async def _unless_lost(self, coming: asyncio.Future[Any]) -> Any:
        while not (await asyncio.wait({coming}, timeout=LOOK_SECONDS))[0]:
            if self._dask.status in ("closing", "closed"):
                coming.cancel()
        return coming.result()
