"""What a hostile client asks for beside the WebSocket: paths out of every folder, and uploads."""

import asyncio
import itertools
from contextlib import suppress

from .server import Server
from .session import tab

ANSWER_SECONDS = 20.0
PIECE, MEGABYTE = 2**14, 2**20
SECRETS = (
    b"root:x:",
    b"[core]",
    b"gitdir:",
    b"page.frame(",
    b"import streamlit",
    b"showEmailPrompt",
)
ROUTES = (
    *("", "static", "media", "component", "component/a", "app/static", "vendor"),
    *("_stcore", "_stcore/upload_file", "_stcore/bidi-components", "_stcore/agent"),
)
UP = (
    "..",
    "%2e%2e",
    "..%2f..",
    "%252e%252e",
    "..\\..",
    "..%5c..",
    ".%00./..",
    "....//..",
    "%c0%ae%c0%ae",
)
WANTED = (
    "etc/passwd",
    ".git/config",
    ".git",
    "streamlit_app.py",
    "pages/2_L2.py",
    ".streamlit/config.toml",
)


async def ask(server: Server, head: str, body: bytes = b"") -> bytes:
    """The raw answer to a raw request, whose lines nobody tidies."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    told = f"{head}\r\nHost: {server.host}:{server.port}\r\nConnection: close\r\n"
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    end = asyncio.create_task(read_all(reader))
    writer.write(f"{told}{length}\r\n".encode("latin-1"))
    with suppress(OSError):  # who does not want a body need not hear all of it
        for start in range(0, len(body), PIECE):
            writer.write(body[start : start + PIECE])
            await asyncio.sleep(0.001)  # so that an early answer is read before the end is cut
            await writer.drain()
    answer = await end
    writer.close()
    return answer


async def read_all(reader: asyncio.StreamReader) -> bytes:
    """What comes until the end, or until the connection is cut."""
    answer = b""
    with suppress(OSError):
        while piece := await asyncio.wait_for(reader.read(PIECE), ANSWER_SECONDS):
            answer += piece
    return answer


async def paths(server: Server) -> list[str]:
    """Ways out of every served folder: whatever is answered, it is no file of this machine."""
    complaints, asked = [], []
    for route, up, wanted in itertools.product(ROUTES, UP, WANTED):
        asked += [f"/{route}/{'/'.join([up] * steps)}/{wanted}" for steps in (1, 8)]
    for route, wanted in itertools.product(ROUTES, (*WANTED, "/etc/passwd", "%2fetc%2fpasswd")):
        asked += [f"/{route}/{wanted}", f"//{route}/{wanted}"]
    for start in range(0, len(asked), 20):
        some = asked[start : start + 20]
        answers = await asyncio.gather(*(ask(server, f"GET {path} HTTP/1.1") for path in some))
        for path, answer in zip(some, answers, strict=True):
            complaints += [f"{path} told {s!r}" for s in SECRETS if s in answer]
            complaints += [] if answer.startswith(b"HTTP/1.1 ") else [f"{path}: no answer"]
    return complaints


async def uploads(server: Server, page: str) -> list[str]:
    """Files that are too large, unasked for, or somebody else's."""
    complaints = []

    def put(method: str, session: str, megabytes: float, *more: str) -> tuple[str, bytes]:
        head = f"{method} /_stcore/upload_file/{session}/a HTTP/1.1"
        kind = "Content-Type: multipart/form-data; boundary=x"
        part = b'--x\r\nContent-Disposition: form-data; name="f"; filename="../../a"\r\n\r\n'
        return "\r\n".join([head, kind, *more]), (
            part + bytes(int(megabytes * MEGABYTE)) + b"\r\n--x--\r\n"
        )

    async def expect(status: int, name: str, request: tuple[str, bytes]) -> None:
        answer = await ask(server, *request)
        if answer[9:12] != str(status).encode():
            complaints.append(f"{name}: {answer[9:12]!r}, not {status}")

    cookie = (await ask(server, "GET /_stcore/health HTTP/1.1")).partition(b"_streamlit_xsrf=")[2]
    token = cookie.partition(b";")[0].decode()
    pass_ = f"Cookie: _streamlit_xsrf={token}", f"X-Xsrftoken: {token}"
    async with tab(server, page) as session:
        await expect(403, "an upload without its token", put("PUT", session.id, 0.1))
        await expect(400, "for a session that is not", put("PUT", "nobody", 0.1, *pass_))
        await expect(405, "POST", put("POST", session.id, 0.1, *pass_))
        await expect(204, "an honest upload", put("PUT", session.id, 0.1, *pass_))
        await expect(413, "3 MB", put("PUT", session.id, 3, *pass_))
    return complaints
