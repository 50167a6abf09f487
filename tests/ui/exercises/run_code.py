"""A visitor of Exercises who types secrets, then presses Run; the one argument is JSON.

Prints as JSON what the page then shows, and whether the code ran. The JSON that it gets:
host, port, headers  where it connects, and what it says of itself
key                  the secret in its link, or null
typed                secrets that it types, in turn
"""

import asyncio
import json
import sys
from typing import Any

from websockets.asyncio.client import connect

from tests.benchmarks.load.session import AS_A_BROWSER, Session

ANSWER = "ran: 1764"


async def visit(told: dict[str, Any]) -> dict[str, Any]:
    address = f"ws://{told['host']}:{told['port']}/_stcore/stream"
    socket = await connect(address, additional_headers=told["headers"], **AS_A_BROWSER)
    session = Session(socket)
    link = {"task": 4, "plain": "true"} | ({"key": told["key"]} if told["key"] else {})
    await session.visit("Exercises", **link)
    asked = "secret" in session.controls
    for secret in told["typed"]:
        await session.press("secret", secret)
    if "code_4" in session.controls:
        await session.press("code_4", "print('ran:', 42 ** 2)")
        await session.press("run_4", True)  # also where a browser shows it disabled
        await session.press("check_4", True)
    await session.close()
    shown = [text for text in session.texts if ANSWER in text]
    return {"asked": asked, "ran": bool(shown), "texts": session.texts, "errors": session.errors}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(visit(json.loads(sys.argv[1])))))
