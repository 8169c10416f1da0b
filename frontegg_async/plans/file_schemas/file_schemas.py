"""`file_schema`: returns the JSON Schema of accounts files or environment files, for editors and checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

from frontegg_async._core.checks.arguments import MAX_LENGTH
from frontegg_async.managed.registry import ACCOUNT, ENVIRONMENT
from frontegg_async.models.account_settings import TenantSettings
from frontegg_async.models.tenants import Tenant
from frontegg_async.plans.file_schemas.field_schemas import (
    TEXT,
    Schema,
    camel_case,
    described,
    described_in,
    mapping_of,
    spelled_otherwise,
)
from frontegg_async.plans.file_schemas.object_schemas import DEFINITIONS, IGNORED, part_schema, without_others
from frontegg_async.plans.files import fields
from frontegg_async.snapshots.environment_format import FORMAT as ENVIRONMENT_FORMAT
from frontegg_async.snapshots.environment_format import NOT_MANAGED
from frontegg_async.snapshots.rows import APPLICATIONS, PARENT, PLANS
from frontegg_async.snapshots.rows import FORMAT as ACCOUNTS_FORMAT

FileKindLiteral: TypeAlias = Literal["accounts", "environment"]

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_ID: Final[Schema] = {**TEXT, "maxLength": MAX_LENGTH, "pattern": r"^\S(.*\S)?$"}
_ABOUT_ACCOUNTS: Final = (
    "Accounts for 'frontegg plan', as YAML or JSON. One line of a .jsonl file is one item of the list. "
    "Fields that a row does not have keep their values, and null clears a field."
)
_ABOUT_ENVIRONMENT: Final = (
    "Objects of an environment for 'frontegg plan', as YAML or JSON, by their keys. Fields that an object does "
    "not have keep their values, and null clears a field. In texts, ${NAME} is a variable, and $${ stands for ${."
)


def file_schema(kind: FileKindLiteral) -> Schema:
    """Return the schema of a kind of files.

    Args:
        kind: The kind of the files.
    """
    return {"$schema": _DRAFT, **FILE_SCHEMAS[kind]()}


def _accounts() -> Schema:
    definitions: Schema = {"account": {}}
    definitions["account"] = _account(definitions)
    return {
        "title": "Accounts of a Frontegg environment",
        "description": _ABOUT_ACCOUNTS,
        "type": "array",
        "items": {"$ref": f"#/{DEFINITIONS}/account"},
        DEFINITIONS: definitions,
    }


def _account(definitions: Schema) -> Schema:
    properties: Schema = {
        fields.TENANT_ID: described(dict(_ID), described_in(Tenant, fields.TENANT_ID)),
        **{name: _optional("string", Tenant, name) for name in ("name", *sorted(fields.TEXTS - {"name"}))},
        **{name: _optional("boolean", Tenant, name) for name in sorted(fields.FLAGS)},
        PARENT: {**_ID, "description": "The id of the parent account; null for no parent.", "type": ["string", "null"]},
        fields.METADATA: {
            "description": "Any JSON value. In an object, each key is compared alone: null removes a key, and keys "
            "that the file does not have keep their values.",
        },
        fields.SETTINGS: _settings(),
        APPLICATIONS: {
            "description": "The names of assigned applications; the id if several applications have the name.",
            "type": "array",
            "items": TEXT,
        },
        PLANS: {
            "description": "The names of feature plans that are assigned without end; the id if several have the "
            "name. Assignments with an end and assignments to users are not listed.",
            "type": "array",
            "items": TEXT,
        },
        **{part: part_schema(kind, definitions) for part, kind in ACCOUNT.items()},
        fields.ABSENT: {"description": "true deletes the account.", "type": "boolean"},
        fields.FORMAT: {"description": "The version of the format. It may be left out.", "const": ACCOUNTS_FORMAT},
        **{
            name: {"description": f"{described_in(Tenant, name)} {IGNORED}".strip(), "readOnly": True}
            for name in sorted(fields.READ_ONLY)
        },
    }
    others = spelled_otherwise(fields.SPELLINGS.items(), f"#/{DEFINITIONS}/account/properties")
    written = (fields.MANAGED | fields.OBJECTS) - {"name"}
    spelled = [spelling for spelling, name in fields.SPELLINGS.items() if name in written]
    ids = [name for name in (fields.TENANT_ID, *fields.SPELLINGS) if fields.SPELLINGS.get(name, name) == "tenant_id"]
    return {
        "title": "account",
        "description": "An account.",
        **mapping_of({**properties, **others}),
        "oneOf": [{"required": [name]} for name in ids],
        **without_others(sorted([*written, *spelled])),
    }


def _settings() -> Schema:
    properties = {name: _optional("string", TenantSettings, name) for name in sorted(fields.SETTINGS_FIELDS)}
    place = f"#/{DEFINITIONS}/account/properties/{fields.SETTINGS}/properties"
    others = spelled_otherwise(fields.SETTINGS_SPELLINGS.items(), place)
    return described(mapping_of({**properties, **others}), "Settings that the account's users see in the admin portal.")


def _optional(kind: str, model: type[object], name: str) -> Schema:
    return described({"type": [kind, "null"]}, described_in(model, name))


def _environment() -> Schema:
    definitions: Schema = {}
    properties: Schema = {
        fields.FORMAT: {"description": "The version of the format.", "const": ENVIRONMENT_FORMAT},
        **{part: part_schema(kind, definitions) for part, kind in ENVIRONMENT.items()},
        NOT_MANAGED: {"description": f"The ids of objects that no plan can write. {IGNORED}", "readOnly": True},
    }
    others = [(camel_case(part), part) for part in ENVIRONMENT if "_" in part]
    return {
        "title": "A Frontegg environment",
        "description": _ABOUT_ENVIRONMENT,
        **mapping_of({**properties, **spelled_otherwise(others, "#/properties")}),
        "required": [fields.FORMAT],
        DEFINITIONS: definitions,
    }


FILE_SCHEMAS: Final[Mapping[FileKindLiteral, Callable[[], Schema]]] = {
    "accounts": _accounts,
    "environment": _environment,
}
"""The function that makes the schema, for each kind of files."""
