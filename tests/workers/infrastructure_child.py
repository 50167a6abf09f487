"""Take away a resource, open pages, give it back, open Home again; print the messages shown.

    python -m tests.workers.infrastructure_child pages "take away" "give back"

The test runs this in a separate process, with its own namespace and limits.
"""

import faulthandler
import json
import resource  # noqa: F401  the statements use these
import subprocess
import sys
import tempfile  # noqa: F401
from pathlib import Path  # noqa: F401
from time import monotonic, sleep

import workers
from tests.support.apps import header, opened
from ui.navigation import HOME, PAGES
from workers import faults

PATIENT = 30.0


def run(command: str) -> None:
    subprocess.run(command, shell=True, check=True)


def opened_again(path: str):
    """The page; as in a browser, it is asked for again while its own thread cannot start."""
    end = monotonic() + PATIENT
    while True:
        try:
            return opened(path)
        except RuntimeError as error:  # a trial of the pool may hold the last free thread
            if "thread" not in str(error) or monotonic() > end:
                raise
            sleep(0.2)


def seen(path: str) -> dict:
    app = opened_again(path)
    toast, menu, error = app.toast, app.sidebar.warning, app.main.error
    messages = {"toast": toast, "menu": menu, "error": error}
    return {name: [e.value for e in kind] for name, kind in messages.items()} | {
        "header": header(app)
    }


def main() -> None:
    faulthandler.dump_traceback_later(240)
    faults.RETRY_SECONDS = 2.0
    pages, take, give = sys.argv[1:]
    exec(take)
    print(
        json.dumps([seen(page.path) for page in (HOME, *PAGES.values())[: int(pages)]]), flush=True
    )
    exec(give)
    end = monotonic() + PATIENT
    while workers.trouble() and monotonic() < end:
        sleep(0.2)
    print(json.dumps(seen(HOME.path)))


if __name__ == "__main__":
    main()
