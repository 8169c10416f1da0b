"""The page of common mistakes is true: each mistake is made, with both packages, and says what the page says."""

from __future__ import annotations

import gc
import re
import socketserver
import threading
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Final

import attrs
import pytest

from frontegg_async.emulator import EmulatorHandle
from tests.docs.markdown import ROOT, Block, Session, blocks
from tests.support.certificate_authority import Authority
from tests.support.flavours import FLAVOURS

PAGE: Final = ROOT / "docs" / "howto" / "mistakes.md"
AWAITED: Final = "With asyncio"
"""The heading of what only the asyncio package can be told."""

TENANT: Final = "/tenants/resources/tenants/v2/acme"
SELF_SIGNED: Final = "127.0.0.1:8443"
"""The address of a server with such a certificate, as the page has it."""

VARYING: Final = (
    (re.compile(r"127\.0\.0\.1:\d{4,}"), "HOST"),
    (re.compile(r"trace id [0-9a-f]{32}"), "trace id"),
    (re.compile(r"expired \d+ s"), "expired"),
    (re.compile(r"self.signed certificate"), "self-signed certificate"),
    # Without a network, the resolver does not say whether the name exists.
    (re.compile(r"the name (\S+) .*"), r"the name \1"),
)
BLOCKING: Final = (
    ("from frontegg_async import", "from frontegg_sync import"),
    ("await ", ""),
    ("async ", ""),
    ("AsyncF", "F"),
    ("AsyncT", "T"),
    ("aclose", "close"),
)
"""What is written otherwise for the blocking package."""


def _normal(message: str) -> str:
    """Return a message as one line, without what differs from run to run."""
    message = " ".join(message.split())
    for pattern, shown in VARYING:
        message = pattern.sub(shown, message)
    return message


def _blocking(text: str) -> str:
    for awaited, blocking in BLOCKING:
        text = text.replace(awaited, blocking)
    return text


def _shown(flavour: str) -> Iterator[Block]:
    """Yield the blocks of the page for a package, in order."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for block in blocks(PAGE):
        headings = [line for line in lines[: block.line] if line.startswith("## ")]
        if flavour == "async":
            yield block
        elif headings[-1:] != [f"## {AWAITED}"]:
            yield attrs.evolve(block, text=_blocking(block.text))


def _said(session: Session, mistake: Block) -> str:
    """Make a mistake; return its error and what Python warns of, each on a line."""
    said: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", RuntimeWarning)
        try:
            session.run(mistake)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what a user sees
            said.append(f"{type(error).__name__}: {error}")
        gc.collect()
    return "\n".join([*said, *(f"{each.category.__name__}: {each.message}" for each in caught)])


@contextmanager
def _self_signed() -> Generator[str]:
    """Serve TLS with a certificate that nobody trusts."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        context = Authority().server("127.0.0.1", self_signed=True)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.slow
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_each_mistake_says_what_the_page_says(
    flavour: str, frontegg_emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the message word for word, but for ports and trace ids; what is to be written instead runs."""
    monkeypatch.setenv("FRONTEGG_BASE_URL", frontegg_emulator.url)
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", frontegg_emulator.client_id)
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", frontegg_emulator.secret)
    said: dict[int, tuple[str, str]] = {}
    shown = list(_shown(flavour))
    with Session(PAGE) as session, _self_signed() as untrusted:
        for block, message in pairwise(shown):
            if block.language == "py":
                if "timeout=0.2" in block.text:
                    frontegg_emulator.add_fault(
                        match={"path": TENANT, "times": 1}, stage="accept", action={"type": "delay", "seconds": 5}
                    )
                mistake = attrs.evolve(block, text=block.text.replace(SELF_SIGNED, untrusted))
                said[block.line] = (_normal(_said(session, mistake)), _normal(message.text))
            elif block.language == "python":
                session.run(block)
        session.run(shown[-1])
    assert {line: got for line, (got, _) in said.items()} == {line: wanted for line, (_, wanted) in said.items()}
    assert len(said) >= 20
