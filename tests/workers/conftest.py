"""Fixtures of the tests of workers."""

import pytest

from workers import faults, processes
from workers.faults import fault


@pytest.fixture
def fresh(monkeypatch):
    """Start without a pool or a fault; retry a failed pool soon."""
    monkeypatch.setattr(processes, "_pools", {})
    monkeypatch.setattr(faults, "RETRY_SECONDS", 0.3)
    fault.clear()
    yield
    fault.clear()
    for made in processes._pools.values():
        made.shutdown(wait=True, kill_workers=False)
