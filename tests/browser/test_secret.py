"""Another account's browser at the owner's app: the question for the secret, and what is kept."""

import pytest

from tests.browser.browsing import PATIENCE, picture, settle, visit
from tests.ui.exercises.accounts import OWNER, OwnersServer, readable_checkout

expect = pytest.importorskip("playwright.sync_api", reason="needs requirements-dev.txt").expect
expect.set_options(timeout=PATIENCE)
TASK = "Exercises?task=4"
QUESTION = "To run code, type the secret"


@pytest.fixture(scope="module")
def server(chromium):
    with readable_checkout(OWNER) as made, OwnersServer(*made) as started:
        yield started


@pytest.fixture
def here(server) -> str:
    return f"http://127.0.0.1:{server.port}"


def run(page):
    return page.get_by_role("button", name="Run", exact=True)


def test_the_secret_is_typed_once_in_each_browser(chromium, server, here):
    with visit(chromium, here, TASK) as page:
        secret, code = server.printed()[1], page.get_by_label("Your code", exact=True)
        code.fill("print(6 * 7)")
        question = page.get_by_label(QUESTION)
        question.fill("a guess")
        question.press("Enter")
        expect(page.get_by_text("This is not the secret of this server")).to_be_visible()
        expect(run(page)).to_be_disabled()
        expect(question).to_have_value("")
        question.fill(secret)
        question.press("Enter")
        expect(question).to_have_count(0)
        settle(page)  # until then the closed button may still be there, too
        expect(run(page)).to_be_enabled()
        expect(question).to_have_count(0)
        settle(page)
        expect(code).to_have_value("print(6 * 7)")
        run(page).click()
        expect(page.get_by_test_id("stCode").get_by_text("42", exact=True).first).to_be_visible()
        for tab in (page, page.context.new_page()):
            tab.goto(f"{here}/{TASK}")
            expect(run(tab)).to_be_enabled()
            expect(tab.get_by_label(QUESTION)).to_have_count(0)
        assert secret not in page.evaluate("JSON.stringify(localStorage) + document.cookie")
    with visit(chromium, here, TASK) as page:
        expect(run(page)).to_be_disabled()


def test_the_printed_link_is_enough_and_leaves_the_address_bar(chromium, server, here):
    with visit(chromium, here, TASK) as page:
        secret = server.printed()[1]
    with visit(chromium, here, "Exercises", task=4, key=secret) as page:
        expect(run(page)).to_be_enabled()
        assert "key" not in page.url
        assert "task=4" in page.url
        settle(page)
        page.reload()
        expect(run(page)).to_be_enabled()


def test_a_pass_of_an_earlier_start_is_asked_anew(chromium, server, here):
    with visit(chromium, here, "") as page:
        page.evaluate("localStorage.setItem('reglab-pass', 'x'.repeat(43))")
        page.goto(f"{here}/{TASK}")
        settle(page)
        expect(run(page)).to_be_disabled()
        expect(page.get_by_label(QUESTION)).to_be_visible()
        expect(page.get_by_text("This is not the secret")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_the_question_is_seen_at_every_width(chromium, here, pictures, theme, width):
    with visit(chromium, here, TASK, theme=theme) as page:
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        question = page.get_by_label(QUESTION)
        question.fill("a guess")
        question.press("Enter")
        expect(page.get_by_text("This is not the secret")).to_be_visible()
        settle(page)
        box = question.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        picture(page, pictures, f"secret-{theme}-{width}", full_page=True)
        question.scroll_into_view_if_needed()
        picture(page, pictures, f"secret-{theme}-{width}-near")
