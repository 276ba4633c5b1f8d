"""The live preview: a page on loopback that is made anew whenever the deck or its media change.

Nobody but the page itself is answered: the server listens on 127.0.0.1 only, requests for another host name (as
after DNS rebinding) and requests that another site makes a browser send are refused. Only the page, its events and
the deck's own media are served, and nothing is written.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from mkdeck.deck import load
from mkdeck.diagnostics import DeckError
from mkdeck.preview.faces import Preview, preview
from mkdeck.preview.page import page, payload
from mkdeck.watch import changes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path
    from types import FrameType

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

HOST = "127.0.0.1"
_STILL_THERE = 10.0
"""Seconds after which a comment is sent, so that a page that is gone is noticed."""
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


_NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(slots=True)
class Show:
    """What is shown now: the last good cards, and what is wrong with the file since."""

    path: Path
    deck: Preview
    event: str = ""
    """What a page is told, as a server-sent event (HTML standard, section 9.2)."""
    is_readable: bool = False
    since: int = 0
    """When the file was read for the first time (nanoseconds)."""
    pages: set[asyncio.Event] = field(default_factory=set)
    """One for each page that listens; it is set when there is something new."""
    is_over: bool = False
    """The server ends: pages are told no more."""

    @classmethod
    def of(cls, path: Path) -> Show:
        """Read the deck at `path` for the first time; a broken one has no cards yet."""
        nothing = Preview(path.stem, "", "en", "ltr", str(path), (), (), (), "", {}, {})
        show = cls(path, nothing, since=time.time_ns())
        show.read()
        return show

    def read(self) -> bool:
        """Read the deck again; tell whether there is anything new to be shown."""
        before = self.event
        try:
            self.deck = preview(load(self.path))
        except DeckError as error:
            kind, text = "broken", "\n\n".join(each.show() for each in error.diagnostics)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next save is looked at again
            kind, text = "broken", f"{type(error).__name__}: {error}"
        else:
            kind, text = "deck", payload(self.deck, _media_address)
        self.is_readable = kind == "deck"
        lines = "".join(f"data: {line}\n" for line in text.split("\n"))
        self.event = f"event: {kind}\n{lines}\n"
        return self.event != before


def _media_address(stored: str) -> str:
    return f"media/{quote(stored)}"


def serve(path: Path, *, port: int = 0, ready: Callable[[str], None] = lambda _: None) -> None:
    """Serve the preview of the deck at `path` until the process is interrupted.

    `ready` is told the page's address. With port 0 a free one is taken. Raises OSError if the port is in use,
    DeckError if there is no such file, and ModuleNotFoundError without the packages of the extra `preview`.
    """
    import uvicorn  # noqa: PLC0415 - of an extra

    show = Show.of(path)
    if not show.is_readable and not path.is_file():
        load(path)  # raises
    with socket.create_server((HOST, port)) as listening:
        address = f"{HOST}:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            application(show, address), log_level="warning", access_log=False, lifespan="on", server_header=False,
            timeout_graceful_shutdown=1, ws="none",
        )  # fmt: skip
        ready(f"http://{address}/")
        server = uvicorn.Server(config)
        interrupted = server.handle_exit

        def end(number: int, frame: FrameType | None) -> None:
            # A page that listens would be waited for, and then be cut off with a traceback.
            show.is_over = True
            for each in show.pages:
                each.set()
            interrupted(number, frame)

        server.handle_exit = end  # type: ignore[assignment]
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def application(show: Show, address: str) -> ASGIApp:
    """Give the application that serves `show` at `address` (host and port)."""
    from starlette.applications import Starlette  # noqa: PLC0415 - of an extra
    from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, StreamingResponse  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    async def nothing(_: Request) -> Response:
        return PlainTextResponse("not found", 404, _HEADERS)

    async def index(_: Request) -> Response:
        return HTMLResponse(page(show.deck, live=True, media=_media_address), headers=_HEADERS)

    async def media(request: Request) -> Response:
        file = show.deck.media.get(request.path_params["name"])
        if file is None or not file.is_file():
            return await nothing(request)
        # A drawing (SVG) that is opened on its own is a page of this address: it must not run what it holds.
        return FileResponse(file, headers={**_HEADERS, "Content-Security-Policy": _NOTHING_RUNS})

    async def events(_: Request) -> Response:
        return StreamingResponse(_events(show), media_type="text/event-stream", headers=_HEADERS)

    routes = [
        Route("/", index),
        Route("/media/{name}", media),
        Route("/events", events),
        Route("/{path:path}", nothing),
    ]
    inner = Starlette(routes=routes, lifespan=lambda _: _watching(show))
    return _only_for_the_page(inner, address)


def _only_for_the_page(inner: Starlette, address: str) -> ASGIApp:
    """Refuse every request that is not for this address, or that another site's page caused."""
    from starlette.responses import PlainTextResponse  # noqa: PLC0415 - of an extra

    hosts = {address, address.replace(HOST, "localhost")}
    origins = {f"http://{host}" for host in hosts}

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            is_ours = (
                headers.get("host") in hosts
                and headers.get("origin", f"http://{address}") in origins
                and headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
                and scope["method"] == "GET"
            )
            if not is_ours:
                await PlainTextResponse("refused", 403, _HEADERS)(scope, receive, send)
                return
        await inner(scope, receive, send)

    return guarded


async def _events(show: Show) -> AsyncIterator[str]:
    """Tell one page what there is now, and the latest of whatever is new from then on."""
    news = asyncio.Event()
    show.pages.add(news)
    try:
        yield f"retry: 500\n\n{show.event}"
        while not show.is_over:
            try:
                await asyncio.wait_for(news.wait(), _STILL_THERE)
            except TimeoutError:
                yield ": still there\n\n"
                continue
            news.clear()  # a page that was slow is told the last state once
            if not show.is_over:
                yield show.event
    finally:
        show.pages.discard(news)


@asynccontextmanager
async def _watching(show: Show) -> AsyncIterator[None]:
    """Watch the deck's folder as long as the server runs."""
    loop = asyncio.get_running_loop()
    stop = threading.Event()

    def tell() -> None:
        for each in show.pages:
            each.set()

    def watch() -> None:
        for _ in changes([show.path], show.since, stop):
            if show.read():
                loop.call_soon_threadsafe(tell)

    # A daemon: nothing may keep the process from ending when it is interrupted.
    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        stop.set()
