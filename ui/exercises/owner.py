"""Whether a visitor is the owner, who started this server: code runs only for the owner.

As in Jupyter, a secret shown in the terminal distinguishes the owner from other accounts of the
machine. Each browser asks for it once, unless the operating system proves who is connected.
"""

import hmac
import secrets
from threading import Lock
from time import monotonic

import streamlit as st

from ui import session
from ui.exercises import peer

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without look-alikes
GROUPS, LENGTH = 3, 4  # 59 bits
MAX_INPUT_LENGTH = 100
BURST, PER_SECOND = 100, 10  # tries: at this rate, guessing takes a billion years
TYPED, KEPT = "secret", "kept_pass"  # keys of the two widgets
# The browser stores a pass for the app's origin, port included, and returns it on each visit. A
# cookie would be sent to every port of this machine, and so to other accounts' servers.
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
  } catch { /* without storage, each visit asks for the secret */ }
}
""",
)


class Secret:
    """The secret that the owner types, and the pass that a browser keeps; new at each start."""

    def __init__(self) -> None:
        parts = ("".join(map(secrets.choice, [ALPHABET] * LENGTH)) for _ in range(GROUPS))
        self.text = "-".join(parts)
        self.kept = secrets.token_urlsafe(32)
        self._left, self._at = float(BURST), monotonic()
        self._lock = Lock()
        self._printed = False

    def why_not(self, typed: object) -> str | None:
        """Return None if `typed` is the secret; else a sentence that says why it is refused."""
        if not self._may_try():
            return "Too many wrong secrets were tried. Try again in a few seconds."
        if _equal(_plain(typed), _plain(self.text)):
            return None
        return "This is not the secret of this server; each start of the app has a new one."

    def is_pass(self, kept: object) -> bool:
        """Whether `kept` is the pass. With 256 bits it needs no limit on tries."""
        return _equal(kept, self.kept)

    def print_once(self, url: str) -> None:
        """Show the secret in the terminal; later calls do nothing."""
        with self._lock:
            if not self._printed:
                print(
                    f"\n  To run code on the Exercises page, open {url}/Exercises?key={self.text}\n"
                    f"  or type this secret there: {self.text}\n",
                    flush=True,
                )
            self._printed = True

    def _may_try(self) -> bool:
        """Count one more try; return whether the tries of all visitors are within the limit."""
        with self._lock:
            now = monotonic()
            self._left = min(BURST, self._left + (now - self._at) * PER_SECOND)
            self._at = now
            self._left -= (may := self._left >= 1)
        return may


SECRET = Secret()


def welcome() -> None:
    """Show the secret in the terminal once, and accept it from a link."""
    SECRET.print_once(_url())
    if (key := st.query_params.get("key")) is not None:
        _judge(key)
        del st.query_params["key"]


def is_known() -> bool:
    """Whether this visitor is the owner, proved by the operating system or by the secret."""
    return "is_owner" in session.state() or peer.is_same_user(peer.connection())


def ask() -> bool:
    """Return whether this visitor is the owner; if that is unknown, ask for the secret."""
    if "is_owner" in session.state():
        BROWSER(key=KEPT, data={"keep": SECRET.kept}, height="content")
        return True
    if is_known():
        return True
    with st.container(gap=None):  # the component that keeps the pass is invisible
        BROWSER(key=KEPT, data={}, on_kept_change=_take_pass, height="content")
        label = "To run code, type the secret shown in the terminal where this app was started."
        st.text_input(label, type="password", autocomplete="off", key=TYPED, on_change=_take_typed)
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
    """Record in this session that the secret is right, or why it is refused."""
    session.state().pop("secret_refused", None)
    if why := SECRET.why_not(typed):
        session.state()["secret_refused"] = why
    else:
        session.state()["is_owner"] = True


def _plain(typed: object) -> object:
    """Normalize a typed secret: no hyphens, lower case."""
    if not isinstance(typed, str) or len(typed) > MAX_INPUT_LENGTH:
        return None
    return "".join(filter(str.isalnum, typed)).lower()


def _equal(given: object, right: object) -> bool:
    """Compare in constant time; anything but a short text is unequal."""
    if not isinstance(given, str) or not isinstance(right, str) or len(given) > MAX_INPUT_LENGTH:
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


def _url() -> str:
    """Return the URL of this server.

    It has the address, not "localhost": a browser may resolve that to ::1, where another account
    may listen on the same port.
    """
    address, port = st.get_option("server.address"), st.get_option("server.port")
    secure, base = st.get_option("server.sslCertFile"), st.get_option("server.baseUrlPath")
    if (connection := peer.connection()) and not secure:  # a certificate is for the name
        address, port = connection.server
    host = f"[{address}]" if ":" in str(address) else address
    return "/".join(filter(None, (f"http{'s' * bool(secure)}://{host}:{port}", base.strip("/"))))
