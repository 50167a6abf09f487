"""How long a person waits in the browser, beside an app that says one word, in one run.

Run by hand, on an idle machine, some three minutes; needs requirements-dev.txt and Chromium:

    python tests/benchmarks/bench_browser.py

1. cold start: from the start of the server to the first complete picture on Home (charts and all),
   each time with a server, a browser context and a cache of runs that are new;
2. a slider: from the press of a key to the new picture, for settings that were computed before;
3. two clicks from Home to the closed gap on L2: a link of the menu, then an answer to the question,
   each time with a server and a cache of runs that are new. Reading takes no time here.

The bare app is `st.title`, and a slider with it for the second. All apps take turns, so that
whatever else the machine does falls on them alike. For the cold start a third one tells what any
picture costs: `st.title` and a line of two points, drawn with Altair from a data frame.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which
from statistics import median
from time import perf_counter, sleep
from urllib.request import urlopen

from load.program import free_port
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BARE = """import streamlit as st
st.title("Bare")
st.markdown(f"chosen: {st.slider('Slider', 1, 300, 20)}")
"""
ONE_LINE = """import altair as alt
import pandas as pd
import streamlit as st
st.title("One line")
points = pd.DataFrame({"x": [0, 1], "y": [0, 1]})
st.altair_chart(alt.Chart(points).mark_line().encode(x="x", y="y"))
"""
COLD_ROUNDS, PRESSES = 5, 15
COLD_TARGET, RERUN_TARGET = 2.5, 0.5  # times the bare app's; seconds more than the bare app's
CLICKS_TARGET = 4.0  # seconds
LAB_PAGE = "/Early_Stopping?questions=false&preset=memorize&patience=20"
DRAWN = """least => {
  const charts = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')];
  return document.querySelector('[data-testid=stApp][data-test-script-state=notRunning] h1')
    && !document.querySelector('[data-testid=stSkeleton], [data-stale=true]')
    && charts.length >= least && charts.every(chart => chart.querySelector('svg, canvas'));
}"""


@contextmanager
def served(script: Path) -> Iterator[str]:
    """The address of the app in `script`, as soon as the server answers."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    options = ["--server.port", str(port), "--server.address", "localhost"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    app = subprocess.Popen([*command, *options], cwd=ROOT, **quiet)
    try:
        while app.poll() is None:
            with suppress(OSError), urlopen(f"http://localhost:{port}/_stcore/health", timeout=1):
                break
            sleep(0.02)
        yield f"http://localhost:{port}"
    finally:
        app.terminate()
        app.wait()


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser of this machine, without a window."""
    path = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def drawn(page: Page, charts: int) -> None:
    """Wait for the whole picture: the script has ended, and its charts are there."""
    page.wait_for_function(DRAWN, arg=charts, polling=20)


def cold(browser: Browser, script: Path, charts: int) -> float:
    """Seconds from the start of the server to the picture."""
    start = perf_counter()
    with served(script) as address:
        page = browser.new_page()
        page.goto(address)
        drawn(page, charts)
        taken = perf_counter() - start
        page.close()
    return taken


def press(page: Page, slider: str, key: str, told: str) -> float:
    """Seconds from the press of a key to the words and charts that follow from it."""
    page.get_by_role("slider", name=slider).focus()
    start = perf_counter()
    page.keyboard.press(key)
    page.get_by_text(told).first.wait_for()
    drawn(page, 0)
    return perf_counter() - start


def presses(bare: Page, lab: Page) -> tuple[list[float], list[float]]:
    """Both sliders in turn, up and down again between settings that have been seen before."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(PRESSES + 3):
        key, value = ("ArrowLeft", 20) if number % 2 else ("ArrowRight", 21)
        told = press(bare, "Slider", key, f"chosen: {value}")
        ours = press(lab, "Patience", key, f"the rule stops {value} epochs later")
        if number > 2:  # the first ones compute
            taken[0].append(told)
            taken[1].append(ours)
    return taken


def two_clicks(browser: Browser, script: Path) -> float:
    """Seconds from the first of two clicks on Home to the gap that L2 has closed."""
    with served(script) as address:
        page = browser.new_page()
        page.goto(address)
        drawn(page, 1)
        start = perf_counter()
        menu = page.get_by_test_id("stSidebar")
        menu.get_by_role("link", name="L2 weight decay").click()
        page.get_by_role("button", name="Skip", exact=True).click()
        page.get_by_text("Measured:").wait_for()
        drawn(page, 3)
        taken = perf_counter() - start
        page.close()
    return taken


def row(name: str, bare: list[float], lab: list[float], target: float) -> None:
    """A line of the table: medians, fastest and the verdict on the target (in seconds)."""
    met = "met" if median(lab) <= target else "MISSED"
    print(
        f"{name:<40} {median(bare):6.2f} ({min(bare):.2f}) {median(lab):6.2f} ({min(lab):.2f})"
        f"   at most {target:.2f}: {met}"
    )


def main() -> None:
    """Both measurements, printed."""
    with launched() as browser, tempfile.TemporaryDirectory() as folder:
        script, picture = Path(folder) / "bare.py", Path(folder) / "one_line.py"
        script.write_text(BARE, encoding="utf-8")
        picture.write_text(ONE_LINE, encoding="utf-8")
        home = ROOT / "streamlit_app.py"
        apps = ((script, 0), (picture, 1), (home, 1))  # with how many charts to wait for
        rounds = [[cold(browser, *app) for app in apps] for _ in range(COLD_ROUNDS)]
        bare_times, line_times, lab_times = map(list, zip(*rounds, strict=True))
        target = COLD_TARGET * median(bare_times)
        print(f"{'seconds, median (fastest)':<40} {'bare':>13} {'lab':>13}")
        row("cold start to the picture on Home", bare_times, lab_times, target)
        row("the same, of one line drawn with Altair", bare_times, line_times, target)
        clicks = [two_clicks(browser, home) for _ in range(COLD_ROUNDS)]
        row("two clicks from Home to L2's closed gap", clicks, clicks, CLICKS_TARGET)
        with served(script) as bare_address, served(home) as lab_address:
            bare, lab = browser.new_page(), browser.new_page()
            bare.goto(bare_address)
            drawn(bare, 0)
            lab.goto(lab_address + LAB_PAGE)
            drawn(lab, 1)
            told, ours = presses(bare, lab)
        row("key press to the picture, cached", told, ours, median(told) + RERUN_TARGET)


if __name__ == "__main__":
    main()
