"""Draw the page of other sessions anew: phones follow the projector, and none has to ask for news.

Without it, as with another version of Streamlit, a tap on a phone brings what is new.
"""

import logging
from collections.abc import Iterable
from typing import Any

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx


def tab() -> str:
    """Return what names the present session to `wake`."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def wake(tabs: Iterable[str]) -> None:
    """Run the scripts of these sessions again, as far as they are connected."""
    for name in tabs:
        try:  # Streamlit has no public API for it
            session: Any = runtime.get_instance().get_app_session(name)
            if session is not None:
                session._call_soon_on_event_loop(lambda session=session: _rerun(session))
        except Exception as error:
            logging.getLogger(__name__).info("A phone must be tapped for news: %r", error)
            return


def _rerun(session: Any) -> None:
    """Run with what the browser has sent last; on the thread that takes its messages, too."""
    session.request_rerun(session._client_state)
