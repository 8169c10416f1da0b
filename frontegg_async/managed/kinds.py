"""`ObjectKind`: reads and writes the objects of one part of an environment or of an account."""

from __future__ import annotations

import abc
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Final

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.managed.fields import Field
from frontegg_async.managed.object_write import ObjectWrite
from frontegg_async.managed.values import ObjectChanges
from frontegg_async.models.model import Model

_NONE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
OF_SERVICE: Final = "it is one of the service's own"
"""Why an object that each environment has by itself stays as it is."""
KEYS_OF_SERVICE: Final = "fe."
"""The keys of the service's own permissions begin with it."""
_NO_VALUES: Final[Mapping[str, JsonValue]] = MappingProxyType({})


@attrs.frozen(eq=False)
class ManagedObject:
    """An object as the service shows it."""

    key: str
    """The natural key."""
    id: str
    """The id; empty for settings, which have none."""
    values: Mapping[str, JsonValue]
    """The values of its fields, without secrets. References are keys. Members of lists and keys of maps are sorted."""
    secrets: frozenset[str] = frozenset()
    """The fields that have a secret."""
    reason_to_stay: str | None = None
    """Why no plan writes it, as that SCIM manages it; ``None`` if plans may write it."""
    read_only: Mapping[str, JsonValue] = _NO_VALUES
    """Further values, which exports have and no plan writes."""
    is_active: bool = True
    """Whether it has its effect: a person who is locked, kept out of the account or not activated in it cannot act."""


@attrs.frozen(eq=False)
class Objects:
    """The objects of a part."""

    found: Mapping[str, ManagedObject]
    """The objects by their keys, in the order of their keys."""
    repeated: Mapping[str, tuple[str, ...]] = _NONE
    """The sorted ids by keys that several objects have. These objects are not managed."""

    def by_id(self, object_id: str) -> ManagedObject | None:
        """Return the object with an id, or ``None``.

        Args:
            object_id: The id.
        """
        return next((each for each in self.found.values() if each.id == object_id), None)

    def id_of(self, key: str, noun: str) -> str:
        """Return the id of the object that another one refers to.

        Args:
            key: The key.
            noun: The word for the object, for messages.

        Raises:
            InvalidArgumentError: No object has the key, or several have it.
        """
        if key in self.repeated:
            raise InvalidArgumentError(f"several objects are the {noun} {key!r}: {', '.join(self.repeated[key])}")
        if key not in self.found:
            raise InvalidArgumentError(f"there is no {noun} {key!r}")
        return self.found[key].id


def own_key_problem(noun: str, key: str, present_key: JsonValue) -> str | None:
    """Return why an object cannot get a natural key; ``None`` if it can, or has it.

    Args:
        noun: The word for the object.
        key: The key.
        present_key: The key that it has; ``None`` if it is new.
    """
    if key == present_key or not key.startswith(KEYS_OF_SERVICE):
        return None
    return f"there is no {noun} {key!r}, and only the service makes keys that begin with {KEYS_OF_SERVICE}"


def by_key(objects: Sequence[ManagedObject]) -> Objects:
    """Return objects by their keys; those with a key that others have are not managed.

    Args:
        objects: The objects in any order.
    """
    ids: dict[str, list[str]] = {}
    for each in objects:
        ids.setdefault(each.key, []).append(each.id)
    found = {each.key: each for each in sorted(objects, key=lambda each: each.key) if len(ids[each.key]) == 1}
    return Objects(found, {key: tuple(sorted(those)) for key, those in ids.items() if len(those) > 1})


class ObjectKind(abc.ABC):
    """The objects of one part. A subclass has the data of a part, and makes its calls."""

    part: ClassVar[str]
    """The name of the part in files, as ``roles``."""
    noun: ClassVar[str]
    """The word for one object in messages, as ``role``."""
    model: ClassVar[type[Model]] = Model
    """The model of an object, which describes the fields."""
    fields: ClassVar[Mapping[str, Field]]
    """The fields that files have, by name. The natural key is among them only if a rename can change it."""
    endpoints: ClassVar[tuple[Endpoint[object], ...]]
    """The operations of the service that write the objects, and have the rate limits."""
    keys: ClassVar[tuple[str, ...]] = ()
    """The only keys, if they are names of settings; empty if people choose the keys."""
    key_field: ClassVar[str] = ""
    """The field with the natural key, by which a rename changes it; empty if objects cannot be renamed."""
    is_referred_by_key: ClassVar[bool] = False
    """Whether others refer to an object by its natural key, and not by its id: a rename does not change them."""
    of_account: ClassVar[bool] = False
    """Whether the objects are those of an account, so that the caller is one of the account."""
    can_create: ClassVar[bool] = True
    """Whether a plan may create objects; otherwise each key has settings, which are always there."""
    can_delete: ClassVar[bool] = True
    """Whether a plan may delete objects."""
    can_be_absent: ClassVar[bool] = False
    """Whether a file may say ``absent: true`` of an object, which deletes it."""
    read_only: ClassVar[frozenset[str]] = frozenset({"id", "created_at", "updated_at", "vendor_id", "extra"})
    """Further fields that an export or a model has. Files may have them, and they are ignored."""
    shared_fields: ClassVar[frozenset[str]] = frozenset()
    """The fields that have one value in all accounts, as the name of a person. Creations that set one come first."""
    exclusive_flag: ClassVar[str] = ""
    """The flag that one object has: the service takes it from another when an object gets it. Empty if none is so."""
    sends_emails: ClassVar[bool] = False
    """Whether creations send an e-mail if that is asked for."""

    def fields_of(self, key: str) -> Mapping[str, Field]:
        """Return the fields of an object, by name. Settings have other fields for each key.

        Args:
            key: The natural key.
        """
        del key
        return self.fields

    def model_of(self, key: str) -> type[Model]:
        """Return the model of an object. Settings have another one for each key.

        Args:
            key: The natural key.
        """
        del key
        return self.model

    def normal_key(self, key: str) -> str:
        """Return a natural key as `read` returns it; e-mail addresses are in lower case.

        Args:
            key: The key in a file.
        """
        return key

    def key_problem(self, key: str) -> str | None:
        """Return why a text cannot be a natural key; ``None`` if it can.

        Args:
            key: The key in a file.
        """
        if self.keys:
            return None if key in self.keys else f"the keys in {self.part} are {', '.join(self.keys)}"
        return None if key.strip() else f"the key of the {self.noun} must not be empty"

    def problem_of_values(
        self, key: str, values: Mapping[str, JsonValue], present: Mapping[str, JsonValue]
    ) -> str | None:
        """Return why values of a file cannot be written together; ``None`` if they can.

        Args:
            key: The natural key.
            values: The values that the file names, by the names of fields.
            present: The values of the object; none if it is new.
        """
        del key, values, present
        return None

    @abc.abstractmethod
    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the objects.

        Args:
            caller: Makes the requests; of the account, if the objects are those of an account.
            keys: The only keys that the caller needs, if that saves requests; ``None`` for all.

        Raises:
            PaginationError: The objects could not be read completely.
            FronteggError: A request failed.
        """

    async def count_holders(self, caller: Caller) -> Mapping[str, int]:
        """Return how many assignments go with each object if it is deleted, by its id.

        Args:
            caller: Makes the requests, which only read.

        Raises:
            FronteggError: A request failed.
        """
        del caller
        return {}

    async def check_danger(self, caller: Caller, written: ObjectWrite) -> None:
        """Refuse a write that no plan makes silently.

        That is the removal of the last administrator or SSO of an account, or of a feature plan that accounts have.

        Args:
            caller: Makes the requests, which only read.
            written: The write.

        Raises:
            GuardShutError: The account would have no administrator, or no SSO that it needs; or accounts have the plan.
            FronteggError: A request failed.
        """
        del caller, written

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Create an object.

        Args:
            caller: Makes the requests.
            key: The natural key.
            values: The values.
            send_email: Whether the service may send an e-mail.

        Raises:
            InvalidArgumentError: Objects of the kind are never created.
            FronteggError: A request failed.
        """
        del caller, values, send_email
        raise InvalidArgumentError(f"the {self.noun} {key!r} is a setting, and settings are never created")

    @abc.abstractmethod
    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change an object.

        Args:
            caller: Makes the requests.
            key: The natural key before the change.
            object_id: The id.
            changes: The changes.

        Raises:
            FronteggError: A request failed.
        """

    async def delete(self, caller: Caller, key: str, object_id: str) -> None:
        """Delete an object.

        Args:
            caller: Makes the requests.
            key: The natural key.
            object_id: The id.

        Raises:
            InvalidArgumentError: Objects of the kind are never deleted.
            FronteggError: A request failed.
        """
        del caller, object_id
        raise InvalidArgumentError(f"the {self.noun} {key!r} is never deleted")
