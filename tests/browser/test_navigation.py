"""What browser.js and browser.css add: Back, the words of the glossary, the jump list, focus."""

import pytest

from tests.browser.browsing import settle, visit
from ui.navigation import APP, PAGES
from ui.terms import WORDS

ENTRIES = "history.length"
TITLES = [APP, *(page.title for page in PAGES.values())]
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"
FOCUSED = "document.activeElement.textContent"
FOCUSED_ID = "document.activeElement.id"
FOCUSED_HTML = "document.activeElement.outerHTML"
# The element in focus, or the one drawn in its place, has a ring.
RING = """() => {
  let inFocus = document.activeElement;
  while (inFocus.shadowRoot?.activeElement) inFocus = inFocus.shadowRoot.activeElement;
  const drawn = [inFocus, inFocus.closest('[data-rac], label')];
  const ringed = e => e && parseFloat(getComputedStyle(e).outlineWidth) >= 2
    && getComputedStyle(e).outlineStyle === 'solid';
  return drawn.some(ringed) || drawn[0] === document.body ? '' : drawn[0].outerHTML.slice(0, 200);
}"""
SEEN = """e => {
  const [box, list] = [e, e.parentElement].map(shape => shape.getBoundingClientRect());
  return box.top >= list.top - 1 && box.bottom <= list.bottom + 1
    && box.left >= 0 && box.right <= innerWidth;
}"""


def follow(page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("link", name=name).click()
    arrive(page, name)


def arrive(page, name: str) -> None:
    page.get_by_role("heading", level=1, name=name, exact=True).wait_for()
    settle(page)


def strength(page):
    """The slider of the page that decides most."""
    return page.locator(":is(.st-key-width, .st-key-l2) input").first


def test_back_and_forward_move_one_page_with_its_settings(chromium, address):
    with visit(chromium, address, "Overfitting", questions="false") as page:
        strength(page).press("ArrowLeft")
        settle(page)
        left, entries = (page.url, strength(page).input_value()), page.evaluate(ENTRIES)
        follow(page, "L2 weight decay")
        strength(page).press("Home")
        settle(page)
        assert page.evaluate(ENTRIES) == entries + 1
        reached = page.url, strength(page).input_value()
        for move, name, expected in (
            (page.go_back, "Overfitting", left),
            (page.go_forward, "L2 weight decay", reached),
            (page.go_back, "Overfitting", left),
            (page.reload, "Overfitting", left),
        ):
            move()
            arrive(page, name)
            assert (page.url, strength(page).input_value()) == expected


def test_back_leads_from_each_page_to_the_one_before(chromium, address):
    with visit(chromium, address, questions="false") as page:
        addresses = [page.url]
        for name in TITLES[1:]:
            follow(page, name)
            addresses.append(page.url)
        for name, left in list(zip(TITLES, addresses, strict=True))[-2::-1]:
            page.go_back()
            arrive(page, name)
            assert page.url == left


@pytest.fixture(scope="module", params=["light", "dark"])
def l2(request, chromium, address):
    with visit(chromium, address, "L2", theme=request.param, questions="false") as page:
        yield page


@pytest.mark.parametrize(("width", "link"), [(390, {}), (1280, {"projector": "true"})])
def test_where_the_menu_is_in_the_way_it_closes_and_a_page_begins_at_its_top(
    chromium, address, width, link
):
    with visit(chromium, address, "Dropout", questions="false", **link) as page:
        page.set_viewport_size({"width": width, "height": 800})
        page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_test_id("stMain").evaluate("e => e.scrollTo(0, 900)")
        menu = page.get_by_test_id("stSidebar")
        menu.get_by_role("link", name="Early stopping").click()
        page.get_by_role("heading", level=1, name="Early stopping").wait_for()
        settle(page)
        assert menu.bounding_box()["x"] < 0
        assert page.get_by_test_id("stMain").evaluate("e => e.scrollTop") == 0


def test_a_word_opens_its_meaning_where_it_stands(l2):
    word = l2.get_by_role("button", name="penalty", exact=True).first
    other = l2.get_by_role("button", name="gradient", exact=True).first
    meaning = l2.locator("#meaning")
    word.scroll_into_view_if_needed()
    place = l2.url, l2.evaluate(ENTRIES), l2.evaluate(SCROLLED)
    for press in (word.click, lambda: word.press("Enter"), lambda: word.press("Space")):
        press()
        assert meaning.inner_text() == WORDS["penalty"]
        assert word.get_attribute("aria-expanded") == "true"
        assert l2.evaluate(FOCUSED) == "penalty"
        box, note = word.bounding_box(), meaning.bounding_box()
        assert abs(note["y"] - box["y"] - box["height"]) < 20
        press()
        assert not meaning.count()
        assert word.get_attribute("aria-expanded") == "false"
    word.click()
    other.click()
    assert meaning.inner_text() == WORDS["gradient"]
    l2.keyboard.press("Escape")
    assert not meaning.count()
    assert l2.evaluate(FOCUSED) == "gradient"
    word.click()
    l2.get_by_role("heading", name="One term in the gradient").click()
    assert not meaning.count()
    assert (l2.url, l2.evaluate(ENTRIES), l2.evaluate(SCROLLED)) == place


def test_a_word_drawn_later_opens_too(chromium, address):
    with visit(chromium, address, "Early_Stopping", preset="As printed") as page:
        page.get_by_role("button", name="Skip").click()
        page.get_by_text("Ask me again").wait_for()
        settle(page)
        page.get_by_role("button", name="restored", exact=True).or_(
            page.get_by_role("button", name="epochs", exact=True)
        ).first.click()
        assert page.locator("#meaning").inner_text()
        assert page.get_by_text("Ask me again").count() == 1


@pytest.mark.parametrize("width", [1280, 400])
def test_the_glossary_is_read_and_filtered_by_keyboard(chromium, address, width):
    with visit(chromium, address, "Exercises") as page:
        page.set_viewport_size({"width": width, "height": 800})
        if width == 400:
            page.reload()
            settle(page)
            page.get_by_test_id("stExpandSidebarButton").press("Enter")
        tab_to(page, "Glossary")
        page.keyboard.press("Enter")
        page.wait_for_function(f"{FOCUSED_ID} === 'glossary-filter'")
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED_ID) == "glossary"
        page.keyboard.press("End")
        page.wait_for_timeout(500)
        words = page.locator("#glossary")
        assert words.locator("div").last.evaluate(SEEN)
        page.keyboard.press("Shift+Tab")
        page.keyboard.type("random division")
        assert words.locator("dt:visible").all_inner_texts() == ["split"]
        page.keyboard.press("Escape")
        words.wait_for(state="detached")
        assert page.evaluate(FOCUSED).startswith("Glossary")


def test_tab_leaves_the_glossary_beside_its_button(chromium, address):
    with visit(chromium, address, "Exercises") as page:
        tab_to(page, "Glossary")
        page.keyboard.press("Tab")
        after = page.evaluate(FOCUSED_HTML)
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_function(f"{FOCUSED_ID} === 'glossary-filter'")
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(FOCUSED).startswith("Glossary")
        page.locator("#glossary").focus()
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED_HTML) == after


def tab_to(page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).startswith(name):
            return
    raise AssertionError(f"Tab does not reach {name}")


def test_each_control_in_focus_has_a_ring(l2):
    l2.evaluate("document.activeElement.blur()")
    bare = []
    for _ in range(40):
        l2.keyboard.press("Tab")
        bare.append(l2.evaluate(RING))
    assert not [html for html in bare if html], "\n".join(bare)


@pytest.mark.parametrize(
    ("name", "lowest"),  # a fold near the end of the page cannot come to the top
    [("One term in the gradient", 100), ("What training minimizes", 600)],
)
def test_a_jump_leads_to_its_place_and_adds_no_entry(l2, name, lowest):
    place = l2.url, l2.evaluate(ENTRIES)
    link = l2.get_by_role("link", name=name)
    if not link.is_visible():  # the list stays open
        l2.get_by_role("button", name="On this page").press("Enter")
    link.press("Enter")
    settle(l2)
    target = l2.get_by_role("heading", name=name).or_(l2.locator("summary", has_text=name)).first
    assert 0 <= target.bounding_box()["y"] < lowest
    assert l2.evaluate(FOCUSED).endswith(name)  # after the name of an icon
    assert l2.evaluate(ENTRIES) == place[1]
