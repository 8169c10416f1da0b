"""The JSON Schemas of files accept what the reader accepts, and refuse mistakes that a schema can know."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import event, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from frontegg_async._core.checks.arguments import check_text
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator import Emulator
from frontegg_async.emulator.world.demo_data import demo_seed
from frontegg_async.errors import FilesError
from frontegg_async.managed.fields import spellings
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.managed.registry import ENVIRONMENT, KINDS
from frontegg_async.plans.environment_files.environment_files import read_environment_files
from frontegg_async.plans.file_schemas.field_schemas import camel_case
from frontegg_async.plans.file_schemas.file_schemas import FILE_SCHEMAS, FileKindLiteral, file_schema
from frontegg_async.plans.files import fields
from frontegg_async.plans.files.accounts_files import read_accounts
from frontegg_async.plans.files.row_checks import checked
from frontegg_async.snapshots.rows import INCLUDES
from tests.managed.environment_cases import create_twin, prepare
from tests.plans.test_files_faults import JSON, JSON_LINES, YAML

_SCHEMAS: Final = {kind: file_schema(kind) for kind in FILE_SCHEMAS}
_LONG: Final = 10_000
"""The characters of a text that takes too long to parse."""


def errors(kind: FileKindLiteral, value: Any) -> list[str]:
    """Return what the schema of a kind of files refuses in a value."""
    validator: Any = Draft202012Validator(_SCHEMAS[kind])  # whose types are unknown in part
    return [f"{each.json_path}: {each.message}" for each in validator.iter_errors(value)]


@pytest.mark.parametrize("kind", FILE_SCHEMAS)
def test_schemas_are_valid(kind: FileKindLiteral) -> None:
    """They follow their draft, and draft 7 for older editors. References lead somewhere, and fields are explained."""
    schema = _SCHEMAS[kind]
    Draft202012Validator.check_schema(schema)
    Draft7Validator.check_schema(schema)
    definitions: Any = schema["$defs"]
    for reference in _references(schema):
        place: Any = schema
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
    for name, definition in definitions.items():
        for field, each in definition["properties"].items():
            assert each.get("description"), f"{name}.{field}"


def _references(schema: JsonValue) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(reference := schema.get("$ref"), str):
            yield reference
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            yield from _references(each)


@pytest.mark.slow
@pytest.mark.anyio
async def test_exports_follow_the_schemas(tmp_path: Path) -> None:
    """Accounts with all that exports may have, and an environment with objects of each kind."""
    accounts, lines, environment = (tmp_path / name for name in ("a.yml", "a.jsonl", "e.yml"))
    async with Emulator(seed=demo_seed()) as emulator, emulator.client() as client:
        await prepare(client)
        for name in ("webhooks", "prehooks", "plans", "feature_flags"):
            await create_twin(client, name)
        for path in (accounts, lines):
            await client.export(path, include=INCLUDES)
        await client.export(environment, kind="environment")

    rows = yaml.safe_load(accounts.read_text(encoding="utf-8"))
    assert [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()] == rows
    assert rows
    assert errors("accounts", rows) == []
    objects = yaml.safe_load(environment.read_text(encoding="utf-8"))
    assert [part for part in ENVIRONMENT if not objects[part]] == []
    assert errors("environment", objects) == []


_SUFFIXES: Final[Mapping[str, Mapping[str, tuple[bytes, list[str]]]]] = {
    ".jsonl": JSON_LINES,
    ".json": JSON,
    ".yml": YAML,
}
_BEYOND: Final = {
    ".jsonl": {
        "a field twice",
        "a key twice",
        "a value of JavaScript",
        "a number of many bits",
        "half a character",
        "a key with half a character",
        "deep nesting",
        "an account twice",
        "ids in two cases",
        "ids in two forms",
        "its own parent",
        "a circle of parents",
    },
    ".json": set[str](),
    ".yml": {
        "a key twice",
        "an alias",
        "a merge key",
        "a tag",
        "no number",
        "lines of old",
        "an account twice",
    },
}
"""The mistakes of texts that can be parsed, and that a schema cannot know."""


@pytest.mark.parametrize("suffix", _SUFFIXES)
def test_mistakes_in_accounts_are_refused(suffix: str) -> None:
    """The schema refuses what the reader refuses, as far as a schema can know."""
    parsed = {
        name: rows
        for name, (text, _) in _SUFFIXES[suffix].items()
        if len(text) < _LONG and (rows := _parsed(suffix, text)) is not None
    }
    assert {name for name, rows in parsed.items() if not errors("accounts", rows)} == _BEYOND[suffix]


def _parsed(suffix: str, text: bytes) -> object:
    """Return the value of a text; ``None`` if it has none."""
    try:
        if suffix == ".yml":
            return yaml.safe_load(text)
        return json.loads(text) if suffix == ".json" else [json.loads(line) for line in text.splitlines() if line]
    except (ValueError, LookupError, yaml.YAMLError):
        return None


_HEAD: Final = "format: frontegg-environment/1\n"
_OF_ENVIRONMENT: Final = {
    "no mapping": "- roles\n",
    "no format": "roles: {}\n",
    "another format": "format: frontegg-environment/2\n",
    "an unknown part": _HEAD + "role: {}\n",
    "a part that is null": _HEAD + "roles:\n",
    "a part that is a list": _HEAD + "roles: [editor]\n",
    "an object that is null": _HEAD + "roles: {editor: }\n",
    "an empty key": _HEAD + "roles: {' ': {}}\n",
    "an unknown field": _HEAD + "roles: {editor: {nam: Editor}}\n",
    "an absent object": _HEAD + "roles: {editor: {absent: true}}\n",
    "text that is none": _HEAD + "roles: {editor: {name: 3}}\n",
    "an empty name": _HEAD + "roles: {editor: {name: ''}}\n",
    "null that clears nothing": _HEAD + "roles: {editor: {name: null}}\n",
    "a flag that is none": _HEAD + "roles: {editor: {isDefault: 'yes'}}\n",
    "a level that is too high": _HEAD + "roles: {editor: {level: 32768}}\n",
    "a level that is no whole number": _HEAD + "roles: {editor: {level: 1.5}}\n",
    "a variable in the place of a number": _HEAD + "roles: {editor: {level: '${LEVEL}'}}\n",
    "members that are no list": _HEAD + "roles: {editor: {permissions: reports.read}}\n",
    "a member without text": _HEAD + "roles: {editor: {permissions: ['']}}\n",
    "an unknown choice": _HEAD + "applications: {Desk: {access_type: free}}\n",
    "a map that is none": _HEAD + "applications: {Desk: {metadata: []}}\n",
    "a secret that is a text": _HEAD + "webhooks: {Ledger: {secret: canary}}\n",
    "a secret without a source": _HEAD + "webhooks: {Ledger: {secret: {secret: 'env:'}}}\n",
    "an unknown key of a secret": _HEAD + "webhooks: {Ledger: {secret: {secret: 'env:A', always: true}}}\n",
    "rotate and no flag": _HEAD + "webhooks: {Ledger: {secret: {secret: 'env:A', rotate: 1}}}\n",
    "an unknown key of settings": _HEAD + "sso_settings: {saml: {enabled: true}}\n",
    "a field of other settings": _HEAD + "sso_settings: {oidc: {use_active_tenant: true}}\n",
    "a rename to nothing": _HEAD + "roles: {editor: {renamed_from: ''}}\n",
}
"""Mistakes in environment files."""


@pytest.mark.parametrize("name", _OF_ENVIRONMENT)
def test_mistakes_in_environments_are_refused(name: str, tmp_path: Path) -> None:
    """By the reader, and by the schema."""
    path = tmp_path / "environment.yml"
    path.write_text(_OF_ENVIRONMENT[name], encoding="utf-8")
    with pytest.raises(FilesError):
        read_environment_files([path], {"LEVEL": "1"})
    assert errors("environment", yaml.safe_load(_OF_ENVIRONMENT[name]))


def test_values_that_files_may_have() -> None:
    """Other spellings, variables, references to secrets, and what is ignored."""
    account: dict[str, Any] = {
        "tenantId": "a",
        "isLocked": True,
        "settings": {"loginUrl": None},
        "users": {"ann@a.example": {"roles": []}, "bob@a.example": {"absent": True, "name": "Bob", "managedBy": "x"}},
        "policies": {"mfa": {"enforce": "dont_force", "allowRememberMyDevice": True}, "sessions": {"idle": {}}},
        "createdAt": 3,
    }
    objects: dict[str, Any] = {
        "format": "frontegg-environment/1",
        "permissionCategories": {"Reports": {"name": "Reports"}},
        "roles": {"editor": {"isDefault": True, "renamedFrom": "author", "id": 3, "description": None}},
        "applications": {"Desk": {"access_type": "${ACCESS}", "frontend_stack": "react", "app_url": "${URL}/a"}},
        "webhooks": {"Ledger": {"secret": {"secret": "file:a", "rotate": True}}},
        "not_managed": {"roles": {"twice": [1, 2]}},
    }
    assert errors("accounts", [account, {"tenant_id": "b", "absent": True, "name": "B", "id": "x"}]) == []
    assert errors("environment", objects) == []
    read_accounts([[account]]).close()
    read_environment_files([objects], {"ACCESS": "free_access", "URL": "https://a.example"})


_NUMBERS: Final = st.integers(-2, 40_000) | st.sampled_from([0.5, 61.5, 1e300])
_WORDS: Final = sorted(
    {
        text
        for kind in KINDS.values()
        for key in kind.keys or ("",)
        for field in kind.fields_of(key).values()
        for text in (spellings(field.choices) if field.choices else ())
    }
)
_TEXTS: Final = st.sampled_from(["", "a", "https://a.example", "${A}", *_WORDS])
_REFERENCE: Final = st.dictionaries(
    st.sampled_from(["secret", "rotate", "a"]), st.sampled_from(["env:A", "file:", True]), max_size=3
)
_VALUES: Final[st.SearchStrategy[Any]] = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["enabled", "timeout", "a"]), inner),
    max_leaves=4,
)


def _spelled(draw: st.DrawFn, name: str) -> str:
    return camel_case(name) if draw(st.booleans()) else name


@st.composite
def _objects(draw: st.DrawFn, kind: ObjectKind) -> dict[str, Any]:
    """Draw objects of a kind, of which each has a field that may be wrong."""
    keys = kind.keys or (("ann@a.example", "bob@a.example") if kind.part == "users" else ("a", "b"))
    found: dict[str, Any] = {}
    for key in draw(st.lists(st.sampled_from([*keys]), max_size=2, unique=True)):
        # Leave out fields with other checks, such as addresses: the reader is stricter than the schema.
        own = {name for name, field in kind.fields_of(key).items() if field.check in (None, check_text)}
        known = [*(own - {kind.key_field}), "absent", "renamed_from", "created_at", "other"]
        names = draw(st.lists(st.sampled_from(sorted(known)), max_size=2, unique=True))
        found[key] = {_spelled(draw, name): draw(_VALUES | _REFERENCE) for name in names}
    return found


@st.composite
def _accounts(draw: st.DrawFn) -> dict[str, Any]:
    known = sorted({*fields.KNOWN, "other"} - {fields.TENANT_ID, *fields.OBJECTS})
    row: dict[str, Any] = {
        name: draw(_VALUES) for name in draw(st.lists(st.sampled_from(known), max_size=3, unique=True))
    }
    if draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(sorted(fields.SETTINGS_FIELDS)), max_size=2, unique=True))
        row[fields.SETTINGS] = {camel_case(name): draw(_VALUES) for name in names}
    for part in draw(st.sets(st.sampled_from(sorted(fields.OBJECTS)))):
        row[part] = draw(_objects(KINDS[part]))
    return {"tenant_id": draw(st.sampled_from(["a", "", " a", 3])), **row}


@pytest.mark.slow
@given(_accounts())
def test_the_reader_agrees_on_accounts(row: dict[str, Any]) -> None:
    """It accepts what the schema accepts, and refuses what the schema refuses."""
    problems, found = checked(row)[1], errors("accounts", [row])
    event("refused" if found else "accepted")
    assert bool(problems) == bool(found), (problems, found)


@pytest.mark.slow
@given(st.sampled_from([*ENVIRONMENT.values()]).flatmap(lambda kind: st.tuples(st.just(kind.part), _objects(kind))))
def test_the_reader_agrees_on_environments(given_part: tuple[str, dict[str, Any]]) -> None:
    """It accepts what the schema accepts, and refuses what the schema refuses."""
    part, objects = given_part
    document = {"format": "frontegg-environment/1", part: objects}
    found, faults = errors("environment", document), _faults(document)
    event(f"{part} {'refused' if found else 'accepted'}")
    assert bool(faults) == bool(found), (faults, found)


def _faults(document: dict[str, Any]) -> Sequence[str]:
    try:
        read_environment_files([document], {"A": "https://a.example"})
    except FilesError as error:
        return [each.message for each in error.faults]
    return []
