"""Draw the page of other sessions anew: phones follow the projector, and none has to ask for news.

Without it, as with another version of Streamlit, a tap on a phone brings what is new.
"""

import logging
from collections.abc import Iterable
from typing import Any

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

PAUSE = 0.03  # s between two phones: the clicks of other visitors come in between


def tab() -> str:
    """Return what names the present session to `wake`."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def wake(tabs: Iterable[str]) -> None:
    """Run the scripts of these sessions again, as far as they are connected."""
    for place, name in enumerate(tabs):
        try:  # Streamlit has no public API for it
            _wake(name, place * PAUSE)
        except Exception as error:
            logging.getLogger(__name__).info("A phone must be tapped for news: %r", error)
            return


def _wake(name: str, seconds: float) -> None:
    """Have the thread that takes a session's messages run its script, a little later."""
    loop = runtime.get_instance()._get_async_objs().eventloop
    loop.call_soon_threadsafe(loop.call_later, seconds, _rerun, name)


def _rerun(name: str) -> None:
    """Run with what the browser has sent last."""
    session: Any = runtime.get_instance().get_app_session(name)
    if session is not None:
        session.request_rerun(session._client_state)
