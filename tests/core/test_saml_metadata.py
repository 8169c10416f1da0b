"""SAML metadata are checked before they are sent: well-formed, and without XML attacks."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async import InvalidArgumentError
from frontegg_async.resources.of_tenant.sso.saml_metadata import MAX_METADATA, check_metadata
from tests.support.certificates import SAML, make_metadata

_ENTITY: Final = f'<EntityDescriptor xmlns="{SAML}" entityID="a"/>'

_GOOD: Final = {
    "of an identity provider": make_metadata(),
    "the least": _ENTITY,
    "several": f'<EntitiesDescriptor xmlns="{SAML}">{_ENTITY}</EntitiesDescriptor>',
    "with a prefix": f'<saml:EntityDescriptor xmlns:saml="{SAML}"></saml:EntityDescriptor>',
    "without a namespace": "<EntityDescriptor/>",
    "with a declaration of another encoding": f'<?xml version="1.0" encoding="ISO-8859-1"?>{_ENTITY}',
    "with a mark before it": f"\ufeff{_ENTITY}",
    "with white space after it": f"{_ENTITY}\n\n",
    "with comments": f"<!-- from us -->{_ENTITY}<!-- <!DOCTYPE no> -->",
    "with other letters": f'<EntityDescriptor xmlns="{SAML}" entityID="grün"/>',
    "with what XML has by itself": f'<EntityDescriptor xmlns="{SAML}" entityID="&lt;&amp;&#65;"/>',
}

_LAUGHS: Final = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

_BAD: Final = {
    "words": ("this is no XML", "not well-formed at line 1, column 1"),
    "white space": ("  \n ", "not well-formed"),
    "an end that is missing": (f'<EntityDescriptor xmlns="{SAML}">\n<a>', "not well-formed at line 2"),
    "an end of another": (f'<EntityDescriptor xmlns="{SAML}"></a>', "mismatched tag"),
    "two outermost": (_ENTITY + _ENTITY, "not well-formed"),
    "a prefix of nothing": ("<md:EntityDescriptor/>", "unbound prefix"),
    "another element": ("<html><body/></html>", "must be EntityDescriptor or EntitiesDescriptor"),
    "another element that has one inside": (f"<a>{_ENTITY}</a>", "must be EntityDescriptor or EntitiesDescriptor"),
    "another namespace": ('<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:1.0"/>', "must be in the namespace"),
    "an entity that nobody declared": (f'<EntityDescriptor xmlns="{SAML}">&x;</EntityDescriptor>', "undefined entity"),
    "a document type": (f"<!DOCTYPE EntityDescriptor>{_ENTITY}", "document type"),
    "a document type of HTML": ("<!DOCTYPE html><html/>", "document type"),
    "an entity": (f'<!DOCTYPE a [<!ENTITY x "y">]>{_ENTITY}', "document type"),
    "a file": (f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>{_ENTITY}', "document type"),
    "an address": (f'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">{_ENTITY}', "document type"),
    "a parameter": (f'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]>{_ENTITY}', "document type"),
    "a billion laughs": (f'<!DOCTYPE a [<!ENTITY l0 "ha">{_LAUGHS}]><a>&l9;</a>', "document type"),
    "too deep to end": (f'<EntityDescriptor xmlns="{SAML}">' + "<a>" * 100_000, "not well-formed"),
    "a character that XML has not": (f'<EntityDescriptor xmlns="{SAML}">\x00</EntityDescriptor>', "not well-formed"),
}


@pytest.mark.parametrize("name", _GOOD)
def test_metadata_is_taken(name: str) -> None:
    """In all the forms that identity providers write."""
    check_metadata(_GOOD[name], "metadata")


def test_metadata_may_be_deep() -> None:
    """Nothing recurses."""
    check_metadata(
        f'<EntityDescriptor xmlns="{SAML}">' + "<a>" * 50_000 + "</a>" * 50_000 + "</EntityDescriptor>", "metadata"
    )


@pytest.mark.parametrize("name", _BAD)
def test_what_is_no_metadata_is_refused(name: str) -> None:
    """The error names the argument and the place, and has no part of the text."""
    text, reason = _BAD[name]
    with pytest.raises(InvalidArgumentError, match=reason) as caught:
        check_metadata(text, "metadata")
    assert str(caught.value).startswith("metadata must be SAML metadata, as XML text: it")
    assert "passwd" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "must be text"),
        (b"<EntityDescriptor/>", "must be text"),
        ("", "must not be empty"),
        ("\ud800", "surrogate"),
        ("é" * (MAX_METADATA // 2 + 1), f"at most {MAX_METADATA} bytes"),
    ],
    ids=["none", "bytes", "empty", "surrogate", "too large"],
)
def test_what_is_no_text_of_the_size_is_refused(value: object, reason: str) -> None:
    """Before anything reads it."""
    with pytest.raises(InvalidArgumentError, match=reason):
        check_metadata(value, "metadata")


@given(st.text())
def test_any_text(text: str) -> None:
    """Whatever text is given, nothing but a refusal is raised."""
    with pytest.raises(InvalidArgumentError):
        check_metadata(f"<a>{text}", "metadata")
