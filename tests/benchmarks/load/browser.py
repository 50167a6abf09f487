"""A browser behind a proxy: cookies, an upload with its token, and a way back in."""

import asyncio
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState
from websockets.asyncio.client import ClientConnection, connect

from .nginx import Nginx
from .session import AS_A_BROWSER, PATIENCE, Session

LEARNER, TOKEN = "reglab", "_streamlit_xsrf"  # cookies: of deploy/nginx.conf, and of Streamlit
NAME = "lab.example"  # Streamlit lets a page of 127.0.0.1 in, whatever Host says


class Browser:
    """Asks in the order of Streamlit's front end: the page, health, WebSocket."""

    tab: Session

    def __init__(self, nginx: Nginx) -> None:
        self._nginx, self._site = nginx, f"{NAME}:{nginx.port}"
        self._jar = CookieJar()
        # no proxy of this shell's environment: all that is asked for is on this machine
        self._opener = build_opener(HTTPCookieProcessor(self._jar), ProxyHandler({}))

    async def open(self, page: str, **link: object) -> None:
        """See a page for the first time."""
        await self.ask("GET", f"/{page}")
        if not self.cookie(LEARNER):
            raise RuntimeError(f"The page came without the cookie {LEARNER}.")
        self.tab = Session(await self._connect())
        await self.tab.visit(page, **link)

    async def reconnect(self) -> None:
        """Open the WebSocket again, and ask for the session that was."""
        self.tab.resume(await self._connect(self.tab.id))

    async def upload(self, key: str, name: str, raw: bytes) -> int:
        """Bring a file to a box and see all of the page; the status of the PUT."""
        asks = BackMsg()
        asks.file_urls_request.request_id, asks.file_urls_request.session_id = "1", self.tab.id
        asks.file_urls_request.file_names.append(name)
        await self.tab.send(asks)
        (place,) = (await asyncio.wait_for(self.tab.places.get(), PATIENCE)).file_urls
        status = await self.ask("PUT", place.upload_url, form(name, raw))
        state = FileUploaderState()
        state.uploaded_file_info.add(
            name=name, size=len(raw), file_id=place.file_id, file_urls=place
        )
        await self.tab.press(key, state)
        return status

    def cookie(self, name: str) -> str:
        """What this cookie says, "" if there is none."""
        return next((cookie.value or "" for cookie in self._jar if cookie.name == name), "")

    async def ask(self, method: str, path: str, body: bytes | None = None) -> int:
        """The status of the answer; its cookies are kept."""
        address = f"http://{self._nginx.host}:{self._nginx.port}{path}"
        request = Request(address, body, {"Host": self._site}, method=method)
        if body is not None:
            request.add_header("Content-Type", "multipart/form-data; boundary=x")
            request.add_header("X-Xsrftoken", self.cookie(TOKEN))
        try:
            with await asyncio.to_thread(self._opener.open, request, timeout=PATIENCE) as answer:
                return answer.status
        except HTTPError as error:
            return error.code

    async def _connect(self, session: str = "") -> ClientConnection:
        await self.ask("GET", "/_stcore/health")
        told = {
            **AS_A_BROWSER,
            "subprotocols": ["streamlit", self.cookie(TOKEN), *([session] if session else [])],
            "origin": f"http://{self._site}",
            "host": self._nginx.host,
            "additional_headers": {
                "Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._jar)
            },
        }
        return await connect(f"ws://{self._site}/_stcore/stream", **told)


def form(name: str, raw: bytes) -> bytes:
    """The file as a browser sends it."""
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
    return f"{head}Content-Type: text/csv\r\n\r\n".encode() + raw + b"\r\n--x--\r\n"
