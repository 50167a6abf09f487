"""What is sent to the browser before the page."""

from pathlib import Path

import streamlit

from ui.page import browser


def test_the_code_for_charts_is_found_in_this_release_of_streamlit():
    files = [file.name for file in (Path(streamlit.__file__).parent / "static").rglob("*.js")]
    for module in browser.MODULES:
        assert sum(name.startswith(f"{module}.") for name in files) == 1
        assert f"'{module}." in browser._loading()
