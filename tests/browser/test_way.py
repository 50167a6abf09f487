"""What only a browser can show of the way through: menu, tour, projector."""

import pytest

from tests.browser.browsing import answer, settle, visit

LARGE = "parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)"
EMPTY = """() => [...document.querySelectorAll('[data-testid=stSidebar] [data-testid=stHtml]')]
  .map(e => e.parentElement.parentElement.getBoundingClientRect().height)"""
LINES = """() => [...document.querySelectorAll('[data-testid=stButtonGroup] [role=radiogroup]')]
  .map(group => [...new Set([...group.children].map(e => e.getBoundingClientRect().top))])"""
CLIPPED = """() => [...document.querySelectorAll('[data-testid=stSidebar] a p')]
  .filter(e => e.getBoundingClientRect().right > e.closest('a').getBoundingClientRect().right - 4)
  .map(e => e.textContent)"""


def open_menu(page) -> None:
    """Open the menu, which is closed on a projector."""
    opener = page.get_by_test_id("stExpandSidebarButton")
    if opener.count():
        opener.click()
        page.get_by_role("switch", name="Projector").wait_for()


def follow(page, room: str) -> None:
    page.mouse.move(0, 0)  # off a help icon, whose tooltip may cover the menu
    open_menu(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name=room).click()
    page.get_by_role("heading", level=1, name=room).wait_for()
    settle(page)


def flip(page) -> None:
    open_menu(page)
    page.get_by_role("switch", name="Projector").press("Space")
    page.wait_for_timeout(300)
    settle(page)


@pytest.mark.parametrize("link", [{}, {"projector": "true"}])
def test_the_projector_switch_enlarges_all_type_and_gives_it_back(chromium, address, link):
    with visit(chromium, address, "Exercises", **link) as page:
        if not link:
            small = page.evaluate(LARGE)
            flip(page)
        large = page.evaluate(LARGE)
        follow(page, "Early stopping")
        assert page.evaluate(LARGE) == large
        open_menu(page)
        page.wait_for_timeout(400)  # it slides in
        assert not page.evaluate(CLIPPED)
        flip(page)
        assert large / page.evaluate(LARGE) == pytest.approx(1.4, abs=0.01)
        if not link:
            assert page.evaluate(LARGE) == small
        assert max(page.evaluate(EMPTY)) < 45  # no more than the line of the switch


def test_the_presets_stand_in_one_line_on_a_projector(chromium, address):
    with visit(chromium, address, "Overfitting", questions="false", projector="true") as page:
        lines = page.evaluate(LINES)
        assert lines
        assert all(len(tops) == 1 for tops in lines), lines


def test_the_menu_tells_how_far_a_visitor_has_come(chromium, address):
    with visit(chromium, address, "L2") as page:
        answer(page, "Cannot tell")
        page.get_by_text("Measured:").wait_for()
        settle(page)
        menu = page.get_by_test_id("stSidebar")
        menu.get_by_role("link", name="L2 weight decay done icon", exact=True).wait_for()
        assert not page.evaluate(CLIPPED)
        follow(page, "Exercises")
        follow(page, "Dropout")
        menu.get_by_role("link", name="Exercises visibility icon", exact=True).wait_for()
        menu.get_by_role("link", name="L2 weight decay done icon", exact=True).wait_for()


def test_a_step_of_the_tour_shows_its_settings_whatever_was_set_before(chromium, address):
    with visit(chromium, address, "Overfitting", width=2) as page:
        for step, width in (("2:00 4 units", "4"), ("1:00 64 units", "64")):
            page.get_by_test_id("stSidebar").get_by_role("link", name="Home").click()
            page.get_by_role("heading", level=1, name="Regularization Lab").wait_for()
            settle(page)
            page.get_by_text("For teachers").click()
            page.get_by_role("link", name=step).click()
            page.get_by_role("heading", level=1, name="Overfitting").wait_for()
            page.get_by_test_id("stMetricValue").first.wait_for()
            settle(page)
            slider = page.get_by_role("slider", name="Units in a hidden layer")
            assert slider.get_attribute("aria-valuetext") == width
            assert not page.get_by_text("Predict first.").count()
            slider.press("ArrowLeft")
            settle(page)
