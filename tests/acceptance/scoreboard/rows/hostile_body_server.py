"""A process that serves hostile bodies by name: ``python -m ... READY_FILE``."""

from __future__ import annotations

import asyncio
import functools
import gzip
import json
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import attrs

MIB: Final = 1024 * 1024
LIMIT: Final = 16 * MIB
BODY: Final = "x-body"
"""The header of a request that says which answer is wanted."""

_MOMENT: Final = "2026-01-01T00:00:00.000Z"
_ROW: Final[Mapping[str, object]] = {"tenantId": "t", "name": "Acme", "createdAt": _MOMENT, "updatedAt": _MOMENT}
GOOD: Final = json.dumps(_ROW).encode()
SHAPES: Final = ("one", "page", "many", "tree", "any", "token")
"""What the calls expect: a tenant, a page of them, an array, a tree, any JSON, a token."""

_JSON: Final = "Content-Type: application/json"


@attrs.frozen
class Hostile:
    """One response.

    Args:
        make: Returns its body.
        shapes: What is expected when it comes.
        headers: Its headers beside the length.
        status: Its status.
    """

    make: Callable[[], bytes]
    shapes: tuple[str, ...] = SHAPES
    headers: tuple[str, ...] = (_JSON,)
    status: int = 200
    length: int | None = None


def _fill(unit: bytes, *, before: bytes = b"[", after: bytes = b"1]", size: int = LIMIT) -> Callable[[], bytes]:
    """Return what makes a body of a size, of one unit again and again."""
    return lambda: before + unit * ((size - len(before) - len(after)) // len(unit)) + after


def _spliced(text: bytes) -> Callable[[], bytes]:
    return lambda: GOOD[:-1] + b"," + text + b"}"


def _const(body: bytes) -> Callable[[], bytes]:
    return lambda: body


def _bomb(plain: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(bytes(MIB)) for _ in range(plain // MIB)), packer.flush()])


def _page(rows: bytes) -> Callable[[], bytes]:
    return lambda: b'{"_metadata":{"totalItems":1},"items":' + rows + b"}"


def _many_names() -> bytes:
    return b"{" + b",".join(b'"k%07d":1' % number for number in range(LIMIT // 13)) + b"}"


_GZIP: Final = (_JSON, "Content-Encoding: gzip")
_BIG: Final[Mapping[str, Callable[[], bytes]]] = {
    "16 MiB of numbers": _fill(b"1,"),
    "16 MiB of empty arrays": _fill(b"[],"),
    "16 MiB of empty objects": _fill(b"{},", after=b"{}]"),
    "16 MiB of short texts": _fill(b'"ab",'),
    "16 MiB of nested arrays": _fill(b"[" * 100 + b"]" * 100 + b","),
    "16 MiB of numbers next to zero": _fill(b"2.2250738585072011e-308,"),
    "16 MiB of long fractions": _fill(b"0." + b"0" * 300 + b"3" * 600 + b","),
    "16 MiB of names": _many_names,
    "16 MiB in one text": _fill(b"a", before=b'["', after=b'"]'),
    "16 MiB in one wide text": _fill(b"a", before='["😀'.encode(), after=b'"]'),
    "16 MiB of escapes": _fill(b"\\u00e9", before=b'["', after=b'"]'),
    "16 MiB of spaces": _fill(b" "),
    "16 MiB of one number": _fill(b"7", before=b"", after=b""),
    "16 MiB of quotes": _fill(b'"', before=b"", after=b""),
    "16 MiB of opening brackets": _fill(b"[", before=b"", after=b""),
    "16 MiB of backslashes": _fill(b"\\", before=b'["', after=b'"]'),
    "16 MiB of nodes without an id": _fill(b'{"a":1},', before=b'{"tenantId":"t","children":[', after=b"{}]}"),
    "16 MiB of levels": _fill(b'{"children":[', before=b"", after=b""),
    "2 MiB of numbers": _fill(b"1,", size=2 * MIB),
    "2 MiB of nested arrays": _fill(b"[" * 100 + b"]" * 100 + b",", size=2 * MIB),
    "2 MiB of numbers next to zero": _fill(b"2.2250738585072011e-308,", size=2 * MIB),
    "256 KiB of nested arrays": _fill(b"[" * 100 + b"]" * 100 + b",", size=MIB // 4),
    "256 KiB of numbers next to zero": _fill(b"2.2250738585072011e-308,", size=MIB // 4),
    "16 KiB of numbers next to zero": _fill(b"2.2250738585072011e-308,", size=MIB // 64),
}
_SMALL: Final[Mapping[str, bytes]] = {
    "nothing but a bracket": b"{",
    "cut off": GOOD[:-1],
    "cut off in a text": GOOD[:15],
    "cut off in an escape": b'{"tenantId":"\\u00',
    "two values": GOOD + GOOD,
    "garbage behind": GOOD + b"x",
    "nul behind": GOOD + b"\0",
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "UTF-16": GOOD.decode().encode("utf-16"),
    "UTF-32": GOOD.decode().encode("utf-32"),
    "invalid UTF-8": GOOD.replace(b"Acme", b"\xff\xfe"),
    "overlong UTF-8": GOOD.replace(b"Acme", b"\xc0\xaf"),
    "surrogate in UTF-8": GOOD.replace(b"Acme", b"\xed\xa0\x80"),
    "lone surrogate": GOOD.replace(b"Acme", b"\\ud800"),
    "control character": GOOD.replace(b"Acme", b"\x01"),
    "deep arrays": b"[" * 100_000,
    "deep arrays, closed": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
    "HTML": b"<html><body>502 Bad Gateway</body></html>",
    "plain text": b"Service Unavailable?",
    "XML with entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cccc">]><a>&b;</a>',
    "nothing": b"",
    "spaces": b"   \n",
    "nul bytes": bytes(100),
    "null": b"null",
    "a number": b"42",
    "a text": b'"t"',
    "a flag": b"true",
    "an array of arrays": b"[[[]]]",
    "an array of two": b"[1,2]",
    "an object of the wrong kind": b'{"errors":["x"]}',
    "gzip that was not announced": gzip.compress(GOOD),
}
_IN_A_ROW: Final[Mapping[str, bytes]] = {
    "NaN": b'"x":NaN',
    "Infinity": b'"x":Infinity',
    "1e400": b'"yearFounded":1e400',
    "1e999999999": b'"x":1e999999999',
    "5,000 digits": b'"x":' + b"7" * 5_000,
    "a million digits": b'"x":' + b"7" * 1_000_000,
    "an id twice": b'"tenantId":"other"',
    "an id twice, escaped": b'"tenant\\u0049d":"other"',
    "a leading zero": b'"x":01',
    "single quotes": b"'x':1",
    "deep in a field": b'"x":' + b"[" * 100_000 + b"]" * 100_000,
}
_VALUES: Final[tuple[object, ...]] = (5, 1.5, True, None, [], {}, ["a"])
_WRONG_TYPES: Final[Mapping[str, bytes]] = {
    f"{name} is {type(value).__name__}": json.dumps({**_ROW, name: value}).encode()
    for name in _ROW
    for value in _VALUES
}
_PACKED: Final[Mapping[str, Hostile]] = {
    "gzip of 200 MiB": Hostile(functools.partial(_bomb, 200 * MIB), headers=_GZIP),
    "gzip of 17 MiB": Hostile(functools.partial(_bomb, 17 * MIB), headers=_GZIP),
    "gzip of 16 MiB at a ratio": Hostile(lambda: gzip.compress(_fill(b"1,")()), ("any", "page"), _GZIP),
    "gzip of many members": Hostile(lambda: gzip.compress(GOOD) * 1_000, headers=_GZIP),
    "gzip cut off": Hostile(lambda: gzip.compress(GOOD)[:-9], headers=_GZIP),
    "gzip, garbage behind": Hostile(lambda: gzip.compress(GOOD) + b"x" * 99, headers=_GZIP),
    "gzip that is none": Hostile(_const(GOOD), headers=_GZIP),
    "zlib as gzip": Hostile(lambda: zlib.compress(GOOD), headers=_GZIP),
    "deflate": Hostile(lambda: zlib.compress(GOOD), headers=(_JSON, "Content-Encoding: deflate")),
    "brotli": Hostile(_const(b"\x0b\x02\x80{}\x03"), headers=(_JSON, "Content-Encoding: br")),
    "zstd": Hostile(_const(b"\x28\xb5\x2f\xfd\x00"), headers=(_JSON, "Content-Encoding: zstd")),
    "gzip of gzip": Hostile(
        lambda: gzip.compress(gzip.compress(GOOD)), headers=(_JSON, "Content-Encoding: gzip, gzip")
    ),
    "another media type": Hostile(_const(b"<a/>"), headers=("Content-Type: text/html; charset=utf-7",)),
    "17 MiB": Hostile(_fill(b"1,", size=17 * MIB), ("any",)),
    "length of a gigabyte": Hostile(_const(GOOD), ("one",), length=10**9),
    "length too short": Hostile(_const(GOOD), ("one",), length=10),
    "an error of 16 MiB": Hostile(_fill(b"[],"), ("one", "any"), status=404),
    "an error of deep arrays": Hostile(_const(b"[" * 60_000), ("one", "any"), status=400),
    "a limit of 16 MiB": Hostile(_fill(b"1,"), ("one",), status=429),
    "a server's error of numbers next to zero": Hostile(
        _fill(b"2.2250738585072011e-308,", size=MIB), ("one",), status=500
    ),
}
HOSTILE: Final[Mapping[str, Hostile]] = {
    **{name: Hostile(make, ("one", "page", "many", "tree", "any")) for name, make in _BIG.items()},
    **{name: Hostile(_const(body)) for name, body in _SMALL.items()},
    **{name: Hostile(_spliced(text), ("one", "token", "any")) for name, text in _IN_A_ROW.items()},
    **{
        f"a page: {name}": Hostile(_page(b"[" + _spliced(text)() + b"]"), ("page",)) for name, text in _IN_A_ROW.items()
    },
    **{name: Hostile(_const(body), ("one",)) for name, body in _WRONG_TYPES.items()},
    "a page of 16 MiB of numbers": Hostile(_page(_fill(b"1,")()[:-40]), ("page",)),
    "a page of too many rows": Hostile(_page(b"[" + b",".join([GOOD] * 20_000) + b"]"), ("page",)),
    **_PACKED,
}


@functools.lru_cache(maxsize=1)
def _made(name: str) -> bytes:
    hostile = HOSTILE[name]
    body = hostile.make()
    length = len(body) if hostile.length is None else hostile.length
    lines = (f"HTTP/1.1 {hostile.status} Whatever", f"Content-Length: {length}", *hostile.headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


_TOKEN: Final = b'{"token":"a-token","expiresIn":3600}'


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
            fields = {name: value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            await reader.readexactly(int(fields.get("content-length", "0")))
            wanted = fields.get(BODY)
            if wanted is None:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(_TOKEN), _TOKEN))
            else:
                name = list(HOSTILE)[int(wanted)]
                writer.write(_made(name))
                if HOSTILE[name].length is not None:
                    break
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _main(announce: Callable[[str], object]) -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    async with server:
        announce(str(server.sockets[0].getsockname()[1]))
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]).write_text))
