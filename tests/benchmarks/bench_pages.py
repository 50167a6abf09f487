"""How long a person waits on the way through the lesson, in one run in a real browser.

Run by hand, on an idle machine, some five minutes; needs requirements-dev.txt and Chromium:

    python tests/benchmarks/bench_pages.py

1. read for ten seconds, then on to the next page, from Home to the exercises: seconds from the
   click to the first complete picture, each round with a server that is new;
2. ten moves of Epochs and ten of Patience after one run: seconds from the press of the key to the
   change of the picture, as the page itself sees them, and how many bars of progress came up;
3. deep links to all pages on a warm server, each in a browser that is new: seconds to the first
   picture and to the whole page, messages and bytes that the server sends.
"""

from collections.abc import Sequence
from time import perf_counter

from bench_browser import ROOT, drawn, launched, served
from playwright.sync_api import Browser, Page

READING, ROUNDS = 10.0, 5  # seconds on each page; rounds
PICTURE_TARGET, KEY_TARGET = 1.0, 0.25  # seconds, 95th percentile
MOVES = 10
PAGES = ("Overfitting", "L2 weight decay", "Dropout", "Early stopping", "All together", "Exercises")
PLACES = ("", "Overfitting", "L2", "Dropout", "Early_Stopping", "All_Together", "Exercises")
EPOCHS = "/Overfitting?questions=false"
PATIENCE = "/Early_Stopping?questions=false"
# the first canvas or SVG of this page; of the exercises, the table of those that are done
PICTURE = """title => {
  const here = document.querySelector('h1')?.textContent.startsWith(title);
  const picture = title === "Exercises" ? '[data-testid=stMain] [data-testid=stTable]'
    : '[data-testid=stVegaLiteChart] :is(svg, canvas)';
  const shown = document.querySelector(picture);
  return here && shown && !shown.closest('[data-stale=true]');
}"""
# The page itself notes when a key went down, and each change of a chart after that: elements that
# are replaced, and canvases that are cleared to be drawn anew.
PROBE = """() => {
  const probe = window.probe = {pressed: 0, changed: 0, bars: 0};
  const note = () => { if (probe.pressed) probe.changed ||= performance.now(); };
  addEventListener("keydown", () => {
    Object.assign(probe, {pressed: performance.now(), changed: 0});
  }, true);
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    note();
    return clear.apply(this, box);
  };
  const chart = "[data-testid=stVegaLiteChart]";
  new MutationObserver(changes => {
    for (const {target, addedNodes} of changes) {
      if (target.closest?.(chart)) note();
      for (const node of addedNodes)
        if (node.querySelector?.("[class*=st-key-progress_card]")) probe.bars += 1;
    }
  }).observe(document.body, {childList: true, subtree: true, attributes: true});
}"""
CHANGED = "() => window.probe.changed && (window.probe.changed - window.probe.pressed) / 1000"


def p95(values: Sequence[float]) -> float:
    """The 95th percentile: of twenty values the second largest."""
    return sorted(values)[max(0, int(0.95 * len(values)) - 1)]


def verdict(name: str, taken: Sequence[float], target: float) -> None:
    """Print a row: the 95th percentile, the largest and whether the target is met."""
    met = "met" if p95(taken) <= target else "MISSED"
    print(f"{name:<36} {p95(taken):6.2f} {max(taken):6.2f}   at most {target:.2f}: {met}")


def walk(browser: Browser) -> dict[str, float]:
    """Seconds from the click to the first picture of each page, after ten seconds of reading."""
    taken = {}
    with served(ROOT / "streamlit_app.py") as address:
        page = browser.new_page()
        page.goto(f"{address}/?questions=false")
        drawn(page, 1)
        for title in PAGES:
            page.wait_for_timeout(1000 * READING)
            link = page.get_by_test_id("stSidebar").get_by_role("link", name=title)
            start = perf_counter()
            link.click()
            page.wait_for_function(PICTURE, arg=title, polling=20)
            taken[title] = perf_counter() - start
        page.close()
    return taken


def presses(page: Page, address: str, slider: str) -> tuple[list[float], int]:
    """Seconds from each press of a key to the change of the picture; bars of progress seen."""
    page.goto(address)
    drawn(page, 1)
    if not page.get_by_role("slider", name=slider).first.is_visible():
        page.get_by_text("More settings").click()
    page.wait_for_timeout(2000)  # for the code that the browser loads later
    page.evaluate(PROBE)
    taken = []
    for _ in range(MOVES):
        page.get_by_role("slider", name=slider).first.focus()
        page.keyboard.press("ArrowLeft")
        page.wait_for_function(CHANGED, polling=20)
        taken.append(page.evaluate(CHANGED))
        drawn(page, 1)
        page.wait_for_timeout(500)
    return taken, page.evaluate("window.probe.bars")


def deep_link(browser: Browser, address: str, title: str, charts: int) -> list[float]:
    """First picture (s), whole page (s), messages and kilobytes that the server sent."""
    page, sent = browser.new_context().new_page(), [0]
    page.on("websocket", lambda socket: socket.on("framereceived", lambda m: sent.append(len(m))))
    start = perf_counter()
    page.goto(address)
    page.wait_for_function(PICTURE, arg=title, polling=20)
    first = perf_counter() - start
    drawn(page, charts)
    whole = perf_counter() - start
    page.context.close()
    return [first, whole, len(sent) - 1, sum(sent) / 1000]


def deep_links(browser: Browser, address: str) -> None:
    """Print the table of all pages: the second visit to each, when all is known."""
    print(f"\n{'deep link, warm server':<36} {'first':>6} {'whole':>6} {'messages':>9} {'kB':>6}")
    for title, place in zip(("Regularization Lab", *PAGES), PLACES, strict=True):
        charts = int(title != "Exercises")
        for _ in range(2):
            row = deep_link(browser, f"{address}/{place}?questions=false", title, charts)
        print(f"{title:<36} {row[0]:6.2f} {row[1]:6.2f} {row[2]:9.0f} {row[3]:6.0f}")


def main() -> None:
    """All three measurements, printed."""
    with launched() as browser:
        rounds = [walk(browser) for _ in range(ROUNDS)]
        print(f"{'seconds, 95th percentile, largest':<36}")
        for title in PAGES:
            verdict(f"click to {title}", [taken[title] for taken in rounds], PICTURE_TARGET)
        every = [seconds for taken in rounds for seconds in taken.values()]
        verdict("click to any page", every, PICTURE_TARGET)
        with served(ROOT / "streamlit_app.py") as address:
            page = browser.new_page()
            for path, slider in ((EPOCHS, "Epochs"), (PATIENCE, "Patience")):
                taken, bars = presses(page, address + path, slider)
                verdict(f"key on {slider}, {bars} bars", taken, KEY_TARGET)
            deep_links(browser, address)


if __name__ == "__main__":
    main()
