"""The TXT record of a domain: host and value, in each form that the service sends."""

from __future__ import annotations

from typing import Any

import pytest

from frontegg_async import InvalidArgumentError
from frontegg_async.models import SsoConfiguration, SsoDomain, SsoTxtRecord

HOST = "_saml-domain-challenge.a.b.acme.example"


def _record(txt_record_host: str | None, verification: str | None, owner: str | None = "s1") -> SsoTxtRecord:
    configuration = SsoConfiguration(id="s1", generated_verification=verification)
    return configuration.txt_record_for(
        SsoDomain(id="d1", domain="acme.example", txt_record_host=txt_record_host, sso_config_id=owner)
    )


@pytest.mark.parametrize(
    ("txt_record_host", "verification", "value"),
    [(HOST, "v1", "v1"), (f"{HOST}=v2", "v1", "v2"), (f"{HOST}=v2", None, "v2"), (f"{HOST}=", "v1", "v1")],
)
@pytest.mark.parametrize("owner", ["s1", None])
def test_host_and_value(txt_record_host: str, verification: str | None, value: str, owner: str | None) -> None:
    """The value is the configuration's, unless it stands in the text of the domain."""
    record = _record(txt_record_host, verification, owner)
    assert (record.host, record.value) == (HOST, value)
    assert str(record) == f"SsoTxtRecord(host={HOST!r}, value={value!r})"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((None, "v1"), "the service returned no txt_record_host"),
        (("", "v1"), "the service returned no txt_record_host"),
        (("=v1", "v1"), "the service returned no txt_record_host"),
        ((HOST, None), "the service returned no generated_verification of its configuration"),
        ((HOST, ""), "the service returned no generated_verification of its configuration"),
        ((HOST, "v1", "s2"), "domain must belong to this configuration"),
    ],
)
def test_what_was_not_told(given: Any, message: str) -> None:
    """Half a record is none: the error says what is missing."""
    with pytest.raises(InvalidArgumentError, match=message):
        _record(*given)


def test_what_is_no_domain() -> None:
    """The name of a domain is not enough."""
    wrong: Any = "acme.example"
    with pytest.raises(InvalidArgumentError, match="domain must be an SsoDomain, not str"):
        SsoConfiguration(id="s1").txt_record_for(wrong)
