"""A visit to the app, as a person makes it, and what went wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

HERE = ("localhost", "127.0.0.1")
PATIENCE = 60_000  # ms: a cold page trains a dozen networks, on a busy machine
# On a deep link Streamlit asks for these below the page's own path first, then at the root.
MISSED = re.compile(r"//[^/]+/\w+/_stcore/(health|host-config)$")
# The script has ended, all that it drew is there, and it stays so for a moment.
CALM = """() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const calm = all('[data-testid=stApp][data-test-script-state=notRunning]').length
    && !all('[data-testid=stSkeleton], [data-stale=true]').length
    && all('[data-testid=stVegaLiteChart]').every(chart => chart.querySelector('svg, canvas'));
  window.calmSince = calm ? window.calmSince ?? performance.now() : undefined;
  return performance.now() - window.calmSince > 400;
}"""
# What the page sends to the server, counted in window.messages.
COUNT_MESSAGES = """() => {
  const send = WebSocket.prototype.send;
  window.messages = 0;
  WebSocket.prototype.send = function (...sent) { messages++; return send.apply(this, sent); };
}"""

# What moved and by how much of the screen, in window.moved; not what the menu moves sideways when
# it opens beside a page that is still empty, which Streamlit does once it hears of a menu.
RECORD_MOVES = """
window.moved = [];
new PerformanceObserver(list => {
  for (const {value, sources} of list.getEntries()) {
    const down = ({previousRect, currentRect}) => previousRect.top !== currentRect.top;
    const told = ({node, previousRect: from, currentRect: to}) =>
      `${node?.dataset?.testid ?? node?.nodeName} ${node?.textContent?.slice(0, 30)}: `
      + `${from.x},${from.y} to ${to.x},${to.y}`;
    if (sources.some(down)) moved.push([value, sources.map(told)]);
  }
}).observe({type: 'layout-shift', buffered: true});
"""


class Watch:
    """What a page asks for outside of this machine, and what it complains of."""

    def __init__(self, page: Page) -> None:
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in HERE:
            self.foreign.append(url)

    def _said(self, message: ConsoleMessage) -> None:
        url = message.location["url"]
        if message.type in ("error", "warning") and not MISSED.search(url):
            self.complaints.append(f"{message.type}: {message.text} ({url})")


@contextmanager
def visit(
    browser: Browser, address: str, path: str = "", *, theme: str = "light", **link: object
) -> Iterator[Page]:
    """A page opened cold, in a browser of its own; at its end nothing may have gone wrong."""
    screen = {"width": 1280, "height": 800}
    context = browser.new_context(viewport=screen, color_scheme=theme, base_url=address)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(RECORD_MOVES)
    page = context.new_page()
    watch = Watch(page)
    page.goto(f"{path}?{urlencode(link)}" if link else path)
    settle(page)
    yield page
    context.close()
    wrong = watch.foreign + watch.complaints
    assert not wrong, "\n".join(wrong)


def settle(page: Page) -> None:
    """Wait until the page is drawn. A calm from before a click does not count."""
    page.evaluate("window.calmSince = undefined")
    page.wait_for_function(CALM, polling=50)


def unfold(page: Page, label: str) -> None:
    """Open the fold of this name."""
    page.locator("summary").filter(has_text=label).first.click()
    page.wait_for_timeout(300)


def answer(page: Page, said: str) -> None:
    """Press an answer to the question of the page, and how sure it is, if that is asked."""
    page.get_by_role("button", name=said, exact=True).click()
    page.get_by_role("button", name="Fairly sure", exact=True).click()


def picture(page: Page, folder: Path | None, name: str, **how: bool) -> None:
    """Take a picture for people to look at, if a folder for pictures was named."""
    if folder:
        page.screenshot(path=folder / f"{name}.png", **how)


def figures(page: Page) -> list[str]:
    """The numbers in the results header."""
    return page.get_by_test_id("stMetricValue").all_inner_texts()[:3]


def sentence(page: Page) -> str:
    """What the charts say."""
    charts = page.get_by_test_id("stVegaLiteChart").all()
    return " ".join(chart.get_attribute("aria-label") or "" for chart in charts)


def charts(page: Page) -> list[dict[str, float]]:
    """Where all charts are drawn, and the place to draw in, in their order on the page."""
    to_draw_in = "[aria-label^='Draw the']"
    drawn = page.locator(f"[data-testid=stVegaLiteChart] :is(svg, canvas).marks, {to_draw_in}")
    boxes = [chart.bounding_box() for chart in drawn.all()]
    return [dict(box) for box in boxes if box]


def moved(page: Page) -> tuple[float, str]:
    """By how much of the screen things moved since the last call, and what."""
    found = page.evaluate("moved.splice(0)")
    return sum(value for value, _ in found), "\n".join(map(str, found))
