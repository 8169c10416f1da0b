"""SAML metadata of identity providers: checks of the XML before it is sent. The checks expand no XML entities."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async.errors import InvalidArgumentError

MAX_METADATA: Final = 2_097_152
"""The largest size of SAML metadata, in bytes of UTF-8."""

_ROOTS: Final = ("EntityDescriptor", "EntitiesDescriptor")
_SAML: Final = "urn:oasis:names:tc:SAML:2.0:metadata"


class _Refused(Exception):  # noqa: N818 - it never leaves this module
    """The error that the XML is refused. The message has the cause."""


@without_frames
def check_metadata(text: object, argument: str) -> None:
    """Check the metadata of an identity provider.

    Args:
        text: XML text.
        argument: The name of the caller's argument, for the message.

    Raises:
        InvalidArgumentError: The value is not text, is too large, is not well-formed, has a document type, or is not
            SAML metadata. The message names the place, but never quotes the text.
    """
    arguments.check_text(text, argument)
    encoded = str(text).encode()
    if len(encoded) > MAX_METADATA:
        raise InvalidArgumentError(f"{argument} must have at most {MAX_METADATA} bytes")
    problem = _problem(encoded)
    if problem is not None:
        raise InvalidArgumentError(f"{argument} must be SAML metadata, as XML text: {problem}")


def _problem(encoded: bytes) -> str | None:
    # The bytes are UTF-8, even if the XML declaration names another encoding.
    parser = expat.ParserCreate("utf-8", "\n")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = _Root()
    try:
        parser.Parse(encoded, True)
    except _Refused as refused:
        return str(refused)
    except expat.ExpatError as error:
        return f"it is not well-formed at line {error.lineno}, column {error.offset + 1} ({_reason(error.code)})"
    return None


def _reason(code: int) -> str:
    return expat.ErrorString(code) or "syntax error"


def _refuse_document_type(*_: object) -> None:
    """Refuse a document type (DOCTYPE), because it can declare entities that grow very large or read files."""
    raise _Refused("it has a document type (DOCTYPE); remove the DOCTYPE, which SAML metadata does not need")


class _Root:
    """A parser target that checks the outermost element."""

    def __init__(self) -> None:
        self._seen = False

    def __call__(self, name: str, _attributes: object) -> None:
        if self._seen:
            return
        self._seen = True
        namespace, _, local = name.rpartition("\n")
        if local not in _ROOTS:
            raise _Refused(f"its outermost element must be {' or '.join(_ROOTS)}")
        if namespace not in {_SAML, ""}:
            raise _Refused(f"its outermost element must be in the namespace {_SAML}")
