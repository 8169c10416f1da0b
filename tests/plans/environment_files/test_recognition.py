"""Environment files are told from accounts files by their format, or else by their parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontegg_async.models import Tenant
from frontegg_async.plans.environment_files.recognition import is_environment_source

TEXTS = [
    ("e.yml", "format: frontegg-environment/1", True),
    ("e.yml", "format: frontegg-environment/9\nroles: [", True),
    ("e.YAML", "# a comment\nroles: {}\nformat: frontegg-environment/1", True),
    ("e.yml", "roles: {a: {}}", True),
    ("e.yml", "jwtTemplates: 3\nroles: {}\nbroken: [", True),
    ("e.yml", "format: frontegg-accounts/1\nroles: {}", False),
    ("e.yml", "tenant_id: a\nroles: {}", False),
    ("e.yml", "roles: [a]", False),
    ("e.yml", "- format: frontegg-environment/1", False),
    ("e.yml", "", False),
    ("e.yml", "roles", False),
    ("e.yml", "[", False),
    ("e.json", '{"format": "frontegg-environment/1"', True),
    ("e.json", ' {"roles": {}, "format" : "frontegg-environment/1"}', True),
    ("e.json", '{"roles": {}} x', True),
    ("e.json", '{"tenantId": "a", "format": "frontegg-environment/1"}', False),
    ("e.json", '[{"format": "frontegg-environment/1"}]', False),
    ("e.json", '{"roles" {}}', False),
    ("e.json", "{1: {}}", False),
    ("e.json", "", False),
    ("e.json", '{"roles": ' + "[" * 100_000, False),
    ("e.jsonl", '{"format": "frontegg-environment/1"}', False),
    ("e.csv", "format,roles", False),
]


@pytest.mark.parametrize(("name", "text", "is_environment"), TEXTS)
def test_files(tmp_path: Path, name: str, text: str, is_environment: bool) -> None:
    """A broken file is one if what is before the break says so."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert is_environment_source(path) is is_environment
    assert is_environment_source(str(path)) is is_environment


@pytest.mark.parametrize(
    ("source", "is_environment"),
    [
        ({"format": "frontegg-environment/1"}, True),
        ({"roles": {}}, True),
        ({"roles": {}, "tenant_id": "a"}, False),
        ({"tenant_id": "a", "applications": ["Desk"]}, False),
        ({}, False),
        (Tenant(tenant_id="a"), False),
        ([{"format": "frontegg-environment/1"}], False),
        (3, False),
        ("missing.yml", False),
        ("missing.json", False),
    ],
)
def test_other_sources(source: object, is_environment: bool) -> None:
    """Models and lists are rows."""
    assert is_environment_source(source) is is_environment
