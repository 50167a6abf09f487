"""Every page in both themes, opened cold by a deep link, a fold open: what it shows."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pytest

from regcore.exercises import numbered
from tests.browser.browsing import picture, sentence, settle, visit
from ui.navigation import APP

PAGES = {  # address -> title
    "": APP,
    "Overfitting": "Overfitting",
    "L2": "L2 weight decay",
    "Dropout": "Dropout",
    "Early_Stopping": "Early stopping",
    "All_Together": "All together",
    "Exercises": "Exercises",
}
FOLDS = {"Overfitting": "widths", "L2": "weights", "Dropout": "agree", "Early_Stopping": "code"}
LAPTOP, ZOOMED, PHONE = 1280, 640, 400  # the second is the first at 200%
CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex]"
NAMELESS = re.compile(
    r"^\s*- ('?(?:button|checkbox|combobox|link|radio|radiogroup|searchbox|slider|spinbutton|switch"
    r"|tab|textbox)'?(?: \[[^\]]*\])*(?::.*)?)$",
    re.MULTILINE,
)
# Everything that the Tab key should reach gets a number; a group of radio buttons is one stop.
NUMBER = """selector => {
  const shown = e => e.getClientRects().length && e.checkVisibility({visibilityProperty: true});
  const stops = [...document.querySelectorAll(selector)]
    .filter(e => e.tabIndex >= 0 && !e.disabled && shown(e))
    .map(e => e.closest('[role=radiogroup]') ?? e);
  const controls = [...new Set(stops)];
  controls.forEach((e, number) => e.dataset.number = number);
  return controls.map(e => e.outerHTML.slice(0, 200));
}"""
FOCUSED = "document.activeElement.closest('[data-number]')?.dataset.number"
CUT_OFF = """() => {
  const clipped = e => getComputedStyle(e).overflowX !== 'visible';
  const main = document.querySelector('[data-testid=stMain]'), found = [];
  for (const e of main.querySelectorAll('*')) {
    let box = e.parentElement;
    while (box !== main && !clipped(box)) box = box.parentElement;
    if (box === main && e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
      found.push(e.outerHTML.slice(0, 200));
  }
  for (const e of main.querySelectorAll('[data-testid=stVegaLiteChart] svg text')) {
    const [word, chart] = [e, e.closest('svg')].map(shape => shape.getBoundingClientRect());
    if (word.left < chart.left - 1 || word.right > chart.right + 1)
      found.push(`in a chart: ${e.textContent}`);
  }
  for (const e of [document.scrollingElement, main])
    if (e.scrollWidth > e.clientWidth) found.push(`${e.tagName} scrolls sideways`);
  return found;
}"""
# Contrast of the words in charts, which axe does not measure (WCAG 2.2, relative luminance).
PALE = """() => {
  const light = colour => colour.match(/[0-9.]+/g).slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  return [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg text')].flatMap(e => {
    const svg = e.closest('svg'), style = getComputedStyle(e);
    const [a, b] = [light(style.fill), light(getComputedStyle(svg).backgroundColor)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return contrast < 4.5 && e.textContent ? [`${e.textContent}: ${contrast.toFixed(2)}`] : [];
  });
}"""


def lines(found: Iterable) -> str:
    """All that was found: pytest would shorten the list."""
    return "\n".join(map(str, found))


class Seen(NamedTuple):
    """A page as one visitor sees it."""

    page: object
    path: str
    theme: str


@pytest.fixture(scope="module", params=[(p, t) for t in ("light", "dark") for p in PAGES], ids=str)
def seen(request, chromium, address) -> Iterator[Seen]:
    path, theme = request.param
    link = {"questions": "false"} | ({f"open_{FOLDS[path]}": "true"} if path in FOLDS else {})
    with visit(chromium, address, path, theme=theme, **link) as page:
        yield Seen(page, path, theme)


def test_a_cold_deep_link_shows_its_page(seen):
    page = seen.page
    name = PAGES[seen.path]
    assert page.title() == (f"{name} · {APP}" if seen.path else APP)
    assert page.get_by_role("heading", level=1).inner_text() == name
    assert not page.get_by_test_id("stException").count()
    if seen.path == "Exercises":
        assert page.get_by_label("Your code").input_value() == numbered(1).starter
    else:
        assert re.search(r"\d\.\d{3}", sentence(page))


def test_axe_finds_nothing_serious(seen):
    from axe_playwright_python.sync_playwright import Axe

    found = [
        (violation["id"], target, node["html"][:200])
        for violation in Axe().run(seen.page).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
        for target in node["target"]
    ]
    assert not found, lines(found)


def test_every_chart_speaks_and_its_words_stand_out(seen):
    """The words of the one canvas, the surface, are not seen by this: look at the pictures."""
    for chart in seen.page.get_by_test_id("stVegaLiteChart").all():
        assert re.search(r"\d", chart.get_attribute("aria-label"))
    pale = seen.page.evaluate(PALE)
    assert not pale, lines(pale)


def test_every_control_has_a_name_and_is_reached_with_tab(seen):
    page = seen.page
    nameless = NAMELESS.findall(page.locator("body").aria_snapshot())
    assert not nameless, lines(nameless)
    controls = page.evaluate(NUMBER, CONTROLS)
    missing = {str(number): html for number, html in enumerate(controls)}
    for _ in range(2 * len(controls)):
        if missing:
            page.keyboard.press("Tab")
            missing.pop(page.evaluate(FOCUSED), None)
    assert not missing, lines(missing.values())


@pytest.mark.parametrize("width", (LAPTOP, ZOOMED, PHONE))
def test_nothing_is_cut_off(seen, width, pictures):
    page, name = seen.page, f"{seen.path or 'Home'}-{seen.theme}-{width}"
    look(page, width, 800)
    if width == PHONE:  # nobody zooms to that: it is opened so
        page.reload()
        settle(page)
    cut_off = page.evaluate(CUT_OFF)
    if pictures:
        picture(page, pictures, f"{name}-first")
        look(page, width, page.get_by_test_id("stMain").evaluate("e => e.scrollHeight"))
        picture(page, pictures, name)
    assert not cut_off, lines(cut_off)


def look(page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("document.activeElement.blur()")
    page.get_by_test_id("stMain").evaluate("e => e.scrollTo(0, 0)")
    page.wait_for_timeout(300)  # the charts follow their columns
    settle(page)
