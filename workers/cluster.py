"""Cluster: train on a Dask cluster, and on this machine while the cluster cannot be reached.

The machines of the cluster need this project and the same versions of its requirements. Tasks and
results are sent as pickles: run the scheduler and workers in a private network, or use tls://.
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
    "The computers that help with training cannot be reached. Training continues on this machine, "
    "and may take longer."
)


def scheduler() -> str:
    """Return the address in REGLAB_SCHEDULER, or ""; raise ValueError if it is no address."""
    asked = os.environ.get(VARIABLE, "").strip()
    if asked and not ADDRESS.fullmatch(asked):
        raise ValueError(f"{VARIABLE} is {asked!r:.120}; it must be like tcp://host:8786.")
    return asked


@cache
def link(address: str) -> "Link":
    """Return this process's only connection to the scheduler at `address`."""
    return Link(partial(DaskClient, address))


class Link:
    """A connection to a scheduler, made when first needed and made again after a loss."""

    def __init__(self, connect: Callable[[], DaskClient]) -> None:
        self._connect, self._client = connect, cast(DaskClient, None)
        self._connecting, self._next_try = Lock(), 0.0
        self.trouble = ""  # one sentence for waiting visitors while there is no connection

    def executor(self, local: Executor) -> Executor:
        """Return the cluster if it can be reached and has workers, else `local`."""
        if not self._reached() and monotonic() >= self._next_try:
            self._try()
        size = self._client.size() if self._reached() else 0
        self.trouble = "" if size else UNREACHABLE
        return Cluster(self._client, size, self, local) if size else local

    def _reached(self) -> bool:
        return self._client is not None and self._client.is_connected()

    def _try(self) -> None:
        """Connect, unless another thread is already connecting; does not wait for that thread."""
        if not self._connecting.acquire(blocking=False):
            return
        try:
            self._client = self._connect()
        except Exception as error:  # any server may answer at the address
            logging.getLogger(__name__).warning("%s: no cluster. %r", VARIABLE, error)
        finally:
            self._next_try = monotonic() + RETRY_SECONDS
            self._connecting.release()


class Cluster(Executor):
    """`size` threads on other machines. Losing a worker or the scheduler costs time, but no task.

    `cancel()` cancels any task. A task that is running on another machine cannot be interrupted:
    it runs to its end and its result is dropped. When the scheduler is lost, every unfinished task
    starts again on the local executor.
    """

    def __init__(self, client: DaskClient, size: int, link: Link, local: Executor) -> None:
        self.size, self.client, self._link, self._local = size, client, link, local

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run fn(*args, **kwargs) on the cluster; fn is a function of a module."""
        return _Task(self, partial(fn, *args, **kwargs))

    def here(self, call: Callable[[], Any]) -> Future[Any]:
        """Submit `call` to the local executor, because the cluster gave it back unfinished."""
        self._link.trouble = UNREACHABLE
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
        """Submit the task locally if the client canceled it, which means that it was cut off."""
        if not inner.cancelled() or self._unwanted or self._is_here:
            return False
        self._is_here = True
        try:
            self.follow(self._cluster.here(self._call))
        except Exception as error:  # otherwise callers would wait for ever
            self.set_exception(error)
        if self._unwanted:  # canceled since the check above
            self._inner.cancel()
        return True
