"""The lesson's loop, one line at a time: stepped through in the browser alone."""

import pytest

from tests.browser.browsing import COUNT_MESSAGES, settle, visit

LINK = {"questions": "false", "preset": "As printed", "open_loop": "true"}


def panel(page) -> str:
    """The step as it is shown: where it is, its formulas, numbers, and where they go."""
    return page.locator("[data-part=panel]").inner_text()


def cursor(page) -> str:
    return page.locator("[aria-current=step]").inner_text()


def press(page, *keys: str) -> None:
    page.locator("[data-part=code]").focus()
    for key in keys:
        page.keyboard.press(key)


def go_to(page, line: str) -> None:
    page.locator(".row").filter(has_text=line).click()


@pytest.fixture
def theme() -> str:
    return "light"


@pytest.fixture
def path() -> str:
    return "Overfitting"


@pytest.fixture
def page(chromium, address, path, theme):
    with visit(chromium, address, path, theme=theme, **LINK) as page:
        page.locator("[aria-current=step]").wait_for()
        yield page


def test_the_loop_is_stepped_through_without_a_rerun(page):
    page.evaluate(COUNT_MESSAGES)
    seen = [panel(page)]
    for _ in range(40):
        press(page, "ArrowRight")
        seen.append(panel(page))
    assert len(set(seen)) == len(seen)
    for before in seen[-2::-1]:  # what stood there before
        press(page, "ArrowLeft")
        assert panel(page) == before
    press(page, "End")
    assert "return W1, b1, W2, b2" in cursor(page)
    assert page.get_by_role("combobox", name="epoch").input_value() == "1000"
    page.get_by_role("button", name="One epoch back").click()
    press(page, "Home")
    assert panel(page) == seen[0]

    go_to(page, "dZ2 = (A2 - y) / n")
    one = panel(page)
    page.get_by_role("button", name="One epoch on").press("Enter")
    assert "dZ2 = (A2 - y) / n" in cursor(page) and panel(page) != one
    press(page, "Shift+ArrowLeft")
    assert panel(page) == one
    page.get_by_role("combobox", name="patient i").select_option(index=1)
    assert "dZ2[1, 0]" in panel(page) and "dZ2[0, 0]" not in panel(page)
    assert "dZ2[1, 0]" in page.get_by_role("status").filter(has_text="dZ2").inner_text()
    page.get_by_role("combobox", name="unit j").select_option(index=3)
    go_to(page, "Z1 = X @ W1 + b1")
    assert "Z1[1, 3]" in panel(page) and "W1[:, 3]" in panel(page)
    assert page.evaluate("messages") == 0


@pytest.mark.parametrize("path", ["L2"])
def test_l2_begins_in_the_middle_and_its_term_has_numbers(page, path):
    go_to(page, "dW2 = A1.T @ dZ2")
    term = page.locator("tr.term .value")
    switch = page.get_by_role("checkbox", name="λ = 0.05 from epoch 2 on")
    assert switch.is_checked()  # on this page
    assert term.inner_text() == "0"  # in the first epoch
    assert not page.locator(".code.with-l2").count()
    press(page, "ArrowDown")
    data, added = (
        float(cell.replace("−", "-")) for cell in page.locator(".terms .value").all_inner_texts()
    )
    total = float(page.locator(".gives .value").inner_text().replace("−", "-"))
    assert added != 0 and abs(data + added - total) < 1e-4 * abs(total)
    assert page.locator(".code.with-l2").count() == 1
    switch.uncheck()
    assert float(term.inner_text()) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_stepper_is_accessible_and_fits_a_phone(page, theme):
    from axe_playwright_python.sync_playwright import Axe

    go_to(page, "dW1 = X.T @ dZ1")
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        wrong = [
            v
            for v in Axe().run(page).response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert not wrong, [(v["id"], v["nodes"][0]["html"]) for v in wrong]
        main = page.get_by_test_id("stMain")
        assert main.evaluate("e => e.scrollWidth <= e.clientWidth")
        small = page.locator(".box :is(button, select, .switch)").evaluate_all(
            "all => all.filter(e => Math.min(e.offsetWidth, e.offsetHeight) < 24).length"
        )
        assert small == 0
