"""Whether a visitor is the one who started this server: only for the owner does code run.

As in Jupyter, a secret that the terminal shows tells the owner from the other accounts of the
machine. It is asked for once in each browser, and not where the system proves the same.
"""

import hmac
import secrets
from threading import Lock
from time import monotonic

import streamlit as st

from ui import session
from ui.exercises import peer

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no two that look alike
GROUPS, LENGTH = 3, 4  # 59 bits
LONGEST = 100  # characters of an input that is looked at
BURST, PER_SECOND = 100, 10  # secrets tried: at this rate, finding one takes a billion years
TYPED, KEPT = "secret", "kept_pass"  # keys of the two widgets
# The browser keeps a pass under the app's own origin, port included, and returns it at a visit.
# A cookie would go to every port of this machine, and so to servers of other accounts.
BROWSER = st.components.v2.component(
    "pass",
    js="""
const NAME = "reglab-pass"
const sent = new WeakMap()
export default function ({ data, parentElement, setStateValue }) {
  try {
    if (data?.keep) { localStorage.setItem(NAME, data.keep); return }
    const kept = localStorage.getItem(NAME)
    if (kept && sent.get(parentElement) !== kept) {
      sent.set(parentElement, kept)
      setStateValue("kept", kept)
    }
  } catch { /* a browser that keeps nothing: the secret is asked for at each visit */ }
}
""",
)


class Secret:
    """What the owner types, and the pass that a browser keeps afterwards; new at each start."""

    def __init__(self) -> None:
        parts = ("".join(map(secrets.choice, [ALPHABET] * LENGTH)) for _ in range(GROUPS))
        self.text = "-".join(parts)
        self.kept = secrets.token_urlsafe(32)
        self._left, self._at = float(BURST), monotonic()
        self._lock = Lock()
        self._printed = False

    def why_not(self, typed: object) -> str | None:
        """A sentence where `typed` is not the secret, or cannot be compared now; else None."""
        if not self._may_try():
            return "Too many wrong secrets were tried. Type it again in a few seconds."
        if _equal(_plain(typed), _plain(self.text)):
            return None
        return "This is not the secret of this server; each start of the app has a new one."

    def is_pass(self, kept: object) -> bool:
        """Whether a browser returned the pass. With 256 bits it needs no limit of tries."""
        return _equal(kept, self.kept)

    def print_once(self, url: str) -> None:
        """Show the secret in the terminal; later calls do nothing."""
        with self._lock:
            if not self._printed:
                print(
                    f"\n  To run code on the page Exercises, open {url}/Exercises?key={self.text}\n"
                    f"  or type this secret there: {self.text}\n",
                    flush=True,
                )
            self._printed = True

    def _may_try(self) -> bool:
        """Whether the tries of all visitors are within the limit; counts one more."""
        with self._lock:
            now = monotonic()
            self._left = min(BURST, self._left + (now - self._at) * PER_SECOND)
            self._at = now
            self._left -= (may := self._left >= 1)
        return may


SECRET = Secret()


def welcome() -> None:
    """Show the secret in the terminal once, and take it from a link that holds it."""
    SECRET.print_once(_url())
    if (key := st.query_params.get("key")) is not None:
        _judge(key)
        del st.query_params["key"]


def is_known() -> bool:
    """Whether this visitor is the owner, by proof of the system or by the secret."""
    return "is_owner" in session.state() or peer.is_same_user(peer.connection())


def ask() -> bool:
    """Whether this visitor is the owner; draws the question for the secret where that is open."""
    if "is_owner" in session.state():
        BROWSER(key=KEPT, data={"keep": SECRET.kept}, height="content")
        return True
    if is_known():
        return True
    with st.container(gap=None):  # what keeps the pass is invisible, and takes no room
        BROWSER(key=KEPT, data={}, on_kept_change=_take_pass, height="content")
        st.text_input(
            "To run code, type the secret that the terminal shows in which this app was started.",
            type="password",
            autocomplete="off",
            key=TYPED,
            on_change=_take_typed,
        )
    if why := session.state().get("secret_refused"):
        st.warning(why, icon="🔑")
    return False


def _take_typed() -> None:
    _judge(st.session_state[TYPED])
    st.session_state[TYPED] = ""


def _take_pass() -> None:
    if SECRET.is_pass(st.session_state[KEPT].get("kept")):
        session.state()["is_owner"] = True


def _judge(typed: object) -> None:
    """Remember in this session whether the secret was right, or why not."""
    session.state().pop("secret_refused", None)
    if why := SECRET.why_not(typed):
        session.state()["secret_refused"] = why
    else:
        session.state()["is_owner"] = True


def _plain(typed: object) -> object:
    """A typed secret without its hyphens, in any case."""
    if not isinstance(typed, str) or len(typed) > LONGEST:
        return None
    return "".join(filter(str.isalnum, typed)).lower()


def _equal(given: object, right: object) -> bool:
    """Compare in a time that tells nothing; what is no short text equals nothing."""
    if not isinstance(given, str) or not isinstance(right, str) or len(given) > LONGEST:
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


def _url() -> str:
    """Where this server answers.

    The address itself, not "localhost": a browser may take that for ::1, where another account
    can listen at the same port.
    """
    address, port = st.get_option("server.address"), st.get_option("server.port")
    secure, base = st.get_option("server.sslCertFile"), st.get_option("server.baseUrlPath")
    if (connection := peer.connection()) and not secure:  # a certificate is for the name
        address, port = connection.server
    host = f"[{address}]" if ":" in str(address) else address
    return "/".join(filter(None, (f"http{'s' * bool(secure)}://{host}:{port}", base.strip("/"))))
