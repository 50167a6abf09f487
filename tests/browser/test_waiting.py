"""A wait of more than a second shows its progress where one looks, and then the new figures."""

from tests.browser.browsing import figures, settle, visit


def test_a_slow_training_shows_a_card_within_the_screen_and_keeps_the_page(chromium, address):
    settings = {"questions": "false", "preset": "As printed", "batch": "32"}
    with visit(chromium, address, "Dropout", **settings) as page:
        page.set_viewport_size({"width": 1280, "height": 720})
        before, scroll = figures(page), page.get_by_test_id("stMain")
        for place in ("0", "400"):
            page.locator(".st-key-p input").first.focus()
            scroll.evaluate(f"e => e.scrollTo(0, {place})")
            page.keyboard.press("ArrowRight")
            card = page.locator("[class*=st-key-progress_card]")
            card.wait_for()
            bar = card.get_by_role("progressbar")
            bar.wait_for()
            box = card.bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= 720
            assert figures(page) == before
            card.get_by_role("button", name="Stop").wait_for()
            card.wait_for(state="detached")
            settle(page)
            after = figures(page)
            assert after != before
            before = after
