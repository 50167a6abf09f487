"""One browser tab, as the server sees it: Streamlit's own messages over its own WebSocket."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from .server import Server

PATIENCE = 120.0  # seconds until a page counts as lost
WIDGET_ID = re.compile(r"\$\$ID-[0-9a-f]{32}-(.+)")
FIELDS = {  # kind of control -> field of its state
    "button": "trigger_value",
    "button_group": "string_array_value",
    "checkbox": "bool_value",
    "file_uploader": "file_uploader_state_value",
    "number_input": "double_value",
    "radio": "string_value",
    "selectbox": "string_value",
    "slider": "double_array_value",
    "text_area": "string_value",
    "text_input": "string_value",
}
AS_A_BROWSER: dict[str, Any] = {  # which sends no pings and takes all that comes
    "subprotocols": ["streamlit"],
    "compression": None,
    "ping_interval": None,
    "max_size": None,
    "max_queue": None,
}
AS_PRINTED = {"preset": "As printed", "questions": "false"}  # what a link says
Finished = ForwardMsg.ScriptFinishedStatus


class Session:
    """Opens pages, presses controls, and keeps what is on screen and what went wrong."""

    def __init__(self, socket: ClientConnection) -> None:
        self.errors: list[str] = []
        self.id = ""  # that of the server, for uploads
        self.controls: dict[str, tuple[str, str]] = {}  # key -> id, field of its state
        self.texts: list[str] = []
        self.heard: set[str] = set()  # kinds of messages
        self.places: asyncio.Queue[Any] = asyncio.Queue()  # where files may be put
        self.finished = 0.0
        self._page, self._link = "", ""
        self.pressed: dict[str, WidgetState] = {}  # id -> what the next message says
        self._done = asyncio.Event()
        self.resume(socket)

    @classmethod
    async def start(cls, server: Server, page: str = "", **link: object) -> "Session":
        """A new tab with this page: "" for Home, "Early_Stopping", ... as in the address."""
        url = f"ws://{server.host}:{server.port}/_stcore/stream"
        session = cls(await connect(url, **AS_A_BROWSER))
        await session.visit(page, **link)
        return session

    def resume(self, socket: ClientConnection) -> None:
        """Go on over this socket."""
        self._socket = socket
        self._reader = asyncio.create_task(self._read())

    async def close(self) -> None:
        """Close the tab."""
        await self._stop_reading()
        await self._socket.close()

    async def drop(self) -> None:
        """Lose the network: no word of goodbye."""
        await self._stop_reading()
        self._socket.transport.abort()

    async def _stop_reading(self) -> None:
        self._reader.cancel()
        with suppress(asyncio.CancelledError):
            await self._reader

    async def visit(self, page: str, **link: object) -> float:
        """Go to a page and see all of it; the seconds that took."""
        self._page, self._link, self.pressed = page, urlencode(link), {}
        self.controls = {}
        return await self._asked()

    async def press(self, key: str, value: Any) -> float:
        """Set a control and see all of the page; the seconds that took."""
        await self.move(key, value)
        return await self.settled()

    async def move(self, key: str, value: Any, field: str | None = None) -> None:
        """Set a control without waiting. `field` is for those who send the wrong type."""
        if key not in self.controls:
            self.errors.append(f"no control {key} on page {self._page or 'Home'}")
            return
        widget, usual = self.controls[key]
        state = WidgetState(id=widget)
        name = field or usual
        if name.endswith("_array_value"):
            getattr(state, name).data.extend([value])
        elif name.endswith("_state_value"):
            getattr(state, name).CopyFrom(value)
        else:
            setattr(state, name, value)
        self.pressed[widget] = state
        await self._rerun()
        if name == "trigger_value":
            del self.pressed[widget]

    async def settled(self, shown: Callable[["Session"], bool] = lambda _: True) -> float:
        """Seconds from the last message until a page is complete of which `shown` is true."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._done.wait()
                while not shown(self):
                    self._done.clear()
                    await self._done.wait()
        except TimeoutError:
            self.errors.append(f"no complete page in {PATIENCE:g} s")
        return max(0.0, self.finished - self._sent)

    async def send(self, message: BackMsg | bytes | str) -> None:
        """Anything at all."""
        raw = message.SerializeToString() if isinstance(message, BackMsg) else message
        try:
            await self._socket.send(raw)
        except ConnectionClosed as error:
            self._lost(error)

    async def _asked(self) -> float:
        await self._rerun()
        return await self.settled()

    async def _rerun(self) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.page_name, state.query_string = self._page, self._link
        state.widget_states.widgets.extend(self.pressed.values())
        self._done.clear()
        self._sent = perf_counter()
        await self.send(message)

    async def _read(self) -> None:
        try:
            while True:
                raw = await self._socket.recv()
                self._take(ForwardMsg.FromString(raw))
        except Exception as error:  # whatever it is, those who wait must hear of it
            self._lost(error)

    def _lost(self, error: Exception) -> None:
        self.errors.append(f"connection lost: {type(error).__name__}: {error}")
        self.finished = perf_counter()
        self._done.set()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        self.heard.add(kind)
        if kind == "new_session":
            self.id = message.new_session.initialize.session_id
            self.texts = []
        elif kind == "delta":
            self._draw(message.delta.new_element)
        elif kind == "file_urls_response":
            self.places.put_nowait(message.file_urls_response)
        elif kind == "script_finished":
            self._end(message.script_finished)

    def _draw(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "markdown":
            self.texts.append(element.markdown.body)
        elif kind == "code":
            self.texts.append(element.code.code_text)
        elif kind in FIELDS and (found := WIDGET_ID.fullmatch(getattr(element, kind).id)):
            uneven = kind == "slider" and element.slider.options  # a select_slider
            field = "string_array_value" if uneven else FIELDS[kind]
            self.controls[found[1]] = found[0], field

    def _end(self, status: int) -> None:
        if status == Finished.FINISHED_EARLY_FOR_RERUN:
            return
        if status == Finished.FINISHED_WITH_COMPILE_ERROR:
            self.errors.append("the page's script does not compile")
        self.finished = perf_counter()
        self._done.set()


@asynccontextmanager
async def tab(server: Server, page: str) -> AsyncIterator[Session]:
    """A tab for a while, with this page as printed."""
    session = await Session.start(server, page, **AS_PRINTED)
    try:
        yield session
    finally:
        await session.close()
