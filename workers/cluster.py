"""Cluster: training on the machines of a Dask cluster, and here while it cannot be reached.

The package `distributed` is imported only when REGLAB_SCHEDULER names a scheduler. The machines
of the cluster need this project and the same versions of its requirements. What travels are
pickles: scheduler and workers belong in a network of their own, or behind tls://.
"""

import logging
import os
import re
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import cache, partial
from threading import Lock
from time import monotonic
from typing import Any, cast

from workers.dask_client import DaskClient
from workers.retry import RetriedFuture

VARIABLE = "REGLAB_SCHEDULER"
ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")
RETRY_SECONDS = 60
UNREACHABLE = (
    "The computers that help with training cannot be reached. Training goes on on this machine, "
    "and may take longer."
)


def scheduler() -> str:
    """The address that REGLAB_SCHEDULER names, "" when it is not set.

    Raises ValueError when it is no address.
    """
    asked = os.environ.get(VARIABLE, "").strip()
    if asked and not ADDRESS.fullmatch(asked):
        raise ValueError(f"{VARIABLE} is {asked!r:.120}; it must be like tcp://host:8786.")
    return asked


@cache
def link(address: str) -> "Link":
    """The one connection of this process to the scheduler at `address`."""
    return Link(partial(DaskClient, address))


class Link:
    """A connection to a scheduler, made when first needed and again when it was lost."""

    def __init__(self, connect: Callable[[], DaskClient]) -> None:
        self._connect, self._client = connect, cast(DaskClient, None)
        self._connecting, self._next_try = Lock(), 0.0
        self.trouble = ""  # one sentence for those who wait, while there is no connection

    def executor(self, local: Executor) -> Executor:
        """The cluster if it can be reached and has workers, else `local`."""
        if not self._reached() and monotonic() >= self._next_try:
            self._try()
        size = self._client.size() if self._reached() else 0
        self.trouble = "" if size else UNREACHABLE
        return Cluster(self._client, size, self, local) if size else local

    def lost(self) -> None:
        """Called when tasks came back undone."""
        self.trouble = UNREACHABLE

    def _reached(self) -> bool:
        return self._client is not None and self._client.is_connected()

    def _try(self) -> None:
        """Connect, unless another thread is connecting: this one goes on locally meanwhile."""
        if not self._connecting.acquire(blocking=False):
            return
        try:
            self._client = self._connect()
        except Exception as error:  # whatever may answer there
            logging.getLogger(__name__).warning("%s: no cluster. %r", VARIABLE, error)
        finally:
            self._next_try = monotonic() + RETRY_SECONDS
            self._connecting.release()


class Cluster(Executor):
    """`size` threads on other machines. A lost worker or scheduler costs time, and no task.

    `cancel()` cancels any task. One that runs on another machine goes on there until it ends,
    since no signal reaches it, and its result is dropped. When the scheduler is lost, every
    unfinished task begins again on the local executor.
    """

    def __init__(self, client: DaskClient, size: int, link: Link, local: Executor) -> None:
        self.size, self.client, self._link, self._local = size, client, link, local

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """fn(*args, **kwargs) on the cluster; fn is a function of a module."""
        return _Task(self, partial(fn, *args, **kwargs))

    def here(self, call: Callable[[], Any]) -> Future[Any]:
        """Submit `call` to this machine."""
        self._link.lost()
        return self._local.submit(call)


class _Task(RetriedFuture):
    def __init__(self, cluster: Cluster, call: Callable[[], Any]) -> None:
        super().__init__()
        self._cluster, self._call, self._unwanted, self._is_here = cluster, call, False, False
        self.follow(cluster.client.submit(call))

    def cancel(self) -> bool:
        self._unwanted = True
        return super().cancel()

    def retry(self, inner: Future[Any]) -> bool:
        """Submit the task here if the client cancelled it: so it tells that it was cut off."""
        if not inner.cancelled() or self._unwanted or self._is_here:
            return False
        self._is_here = True
        try:
            self.follow(self._cluster.here(self._call))
        except Exception as error:  # else those who wait would wait for ever
            self.set_exception(error)
        if self._unwanted:  # cancelled since the test above
            self._inner.cancel()
        return True
