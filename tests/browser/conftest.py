"""The app and a real browser. They are slow and need Chromium, so they run only when asked for:

REGLAB_BROWSER=yes       run; skip where Playwright or a browser is missing
REGLAB_BROWSER=required  run; what would be skipped fails
REGLAB_PICTURES=folder   take pictures of all pages and put them there
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.load.server import Server

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_NAMES_BUT_OURS = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
ASKED = os.environ.get("REGLAB_BROWSER", "")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if ASKED == "required" and report.skipped:
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """The browser. It can look up no name but this machine's own."""
    if not ASKED:
        pytest.skip("browser tests take minutes: set REGLAB_BROWSER=yes to run them")
    pytest.importorskip("axe_playwright_python", reason="needs requirements-dev.txt")
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs requirements-dev.txt")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser here: none of {', '.join(NAMES)}")
    with sync_api.sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", NO_NAMES_BUT_OURS]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(chromium) -> Iterator[str]:
    """The app as the load test starts it, on a free port; ends with the tests."""
    with Server() as server:
        yield f"http://{server.host}:{server.port}"


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """The folder for pictures of all pages, for people to look at; None if nobody asks for them."""
    asked = os.environ.get("REGLAB_PICTURES")
    if not asked:
        return None
    folder = Path(asked)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
