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
"""The reason why plans do not write an object that the service itself creates."""
KEYS_OF_SERVICE: Final = "fe."
"""The prefix of the keys of the service's own permissions."""
_NO_VALUES: Final[Mapping[str, JsonValue]] = MappingProxyType({})


@attrs.frozen(eq=False)
class ManagedObject:
    """An object of the service in the form that files use."""

    key: str
    """The natural key."""
    id: str
    """The id; empty for settings, which have no id."""
    values: Mapping[str, JsonValue]
    """The values of the fields, without secrets. References are keys. Members of lists and keys of maps are sorted."""
    secrets: frozenset[str] = frozenset()
    """The names of fields with a stored secret."""
    reason_to_stay: str | None = None
    """Why plans must not write the object, for example since SCIM manages it; ``None`` if plans may write it."""
    read_only: Mapping[str, JsonValue] = _NO_VALUES
    """Additional values that exports contain and plans never write."""
    is_active: bool = True
    """Whether the object is in effect. For example, a user who is locked or not activated is not active."""


@attrs.frozen(eq=False)
class Objects:
    """The objects of a part."""

    found: Mapping[str, ManagedObject]
    """The objects by key, sorted by key."""
    repeated: Mapping[str, tuple[str, ...]] = _NONE
    """The sorted ids of objects that share a key, by key. These objects are not managed."""

    def by_id(self, object_id: str) -> ManagedObject | None:
        """Return the object with this id, or ``None``.

        Args:
            object_id: The id.
        """
        return next((each for each in self.found.values() if each.id == object_id), None)

    def id_of(self, key: str, noun: str) -> str:
        """Return the id of the object with this key.

        Args:
            key: The key.
            noun: The noun for the object in messages.

        Raises:
            InvalidArgumentError: No object or several objects have the key.
        """
        if key in self.repeated:
            raise InvalidArgumentError(f"several objects are the {noun} {key!r}: {', '.join(self.repeated[key])}")
        if key not in self.found:
            raise InvalidArgumentError(f"there is no {noun} {key!r}")
        return self.found[key].id


def own_key_problem(noun: str, key: str, present_key: JsonValue) -> str | None:
    """Return why an object cannot get a key that is reserved for the service; ``None`` if the key is allowed.

    Args:
        noun: The noun for the object in messages.
        key: The key.
        present_key: The present key of the object; ``None`` for a new object.
    """
    if key == present_key or not key.startswith(KEYS_OF_SERVICE):
        return None
    return f"there is no {noun} {key!r}, and only the service makes keys that begin with {KEYS_OF_SERVICE}"


def by_key(objects: Sequence[ManagedObject]) -> Objects:
    """Return objects by key. Objects that share a key are not managed.

    Args:
        objects: The objects in any order.
    """
    ids: dict[str, list[str]] = {}
    for each in objects:
        ids.setdefault(each.key, []).append(each.id)
    found = {each.key: each for each in sorted(objects, key=lambda each: each.key) if len(ids[each.key]) == 1}
    return Objects(found, {key: tuple(sorted(those)) for key, those in ids.items() if len(those) > 1})


class ObjectKind(abc.ABC):
    """Reads and writes the objects of one part. A subclass describes one part."""

    part: ClassVar[str]
    """The name of the part in files, such as ``roles``."""
    noun: ClassVar[str]
    """The noun for one object in messages, such as ``role``."""
    model: ClassVar[type[Model]] = Model
    """The model class of the objects, which describes the fields."""
    fields: ClassVar[Mapping[str, Field]]
    """The fields in files, by name. They include the natural key only if a rename can change it."""
    endpoints: ClassVar[tuple[Endpoint[object], ...]]
    """The endpoints that write the objects. Their rate limits apply."""
    keys: ClassVar[tuple[str, ...]] = ()
    """The only allowed keys, if the objects are settings; empty if any key is allowed."""
    key_field: ClassVar[str] = ""
    """The field with the natural key, which a rename changes; empty if objects cannot be renamed."""
    is_referred_by_key: ClassVar[bool] = False
    """Whether other objects refer to an object by its natural key, so that a rename does not change the references."""
    of_account: ClassVar[bool] = False
    """Whether the objects belong to an account, so that the caller must be a caller for this account."""
    can_create: ClassVar[bool] = True
    """Whether a plan may create objects. Otherwise the objects are settings, which always exist."""
    can_delete: ClassVar[bool] = True
    """Whether a plan may delete objects."""
    can_be_absent: ClassVar[bool] = False
    """Whether a file may contain ``absent: true`` for an object, which deletes the object."""
    read_only: ClassVar[frozenset[str]] = frozenset({"id", "created_at", "updated_at", "vendor_id", "extra"})
    """Additional fields of exports and models. Files may contain these fields, and plans ignore them."""
    shared_fields: ClassVar[frozenset[str]] = frozenset()
    """The fields with one value for all accounts, such as a user's name. Creations that set them are sent first."""
    exclusive_flag: ClassVar[str] = ""
    """A flag that only one object has: the service clears the flag of the other objects. Empty without such a flag."""
    sends_emails: ClassVar[bool] = False
    """Whether creations can send an e-mail."""

    def fields_of(self, key: str) -> Mapping[str, Field]:
        """Return the fields of an object, by name. For settings, the fields depend on the key.

        Args:
            key: The natural key.
        """
        del key
        return self.fields

    def model_of(self, key: str) -> type[Model]:
        """Return the model class of an object. For settings, the class depends on the key.

        Args:
            key: The natural key.
        """
        del key
        return self.model

    def normal_key(self, key: str) -> str:
        """Convert a natural key to the form of `read`, for example an e-mail address to lower case.

        Args:
            key: The key in a file.
        """
        return key

    def key_problem(self, key: str) -> str | None:
        """Return why a text cannot be a natural key; ``None`` for a valid key.

        Args:
            key: The key in a file.
        """
        if self.keys:
            return None if key in self.keys else f"the keys in {self.part} are {', '.join(self.keys)}"
        return None if key.strip() else f"the key of the {self.noun} must not be empty"

    def problem_of_values(
        self, key: str, values: Mapping[str, JsonValue], present: Mapping[str, JsonValue]
    ) -> str | None:
        """Return why values of a file cannot be written together; ``None`` for valid values.

        Args:
            key: The natural key.
            values: The values in the file, by field name.
            present: The present values of the object; empty for a new object.
        """
        del key, values, present
        return None

    @abc.abstractmethod
    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the objects.

        Args:
            caller: Sends the requests. For objects of an account, a caller for this account.
            keys: The needed keys, which may save requests; ``None`` for all.

        Raises:
            PaginationError: The listing is incomplete.
            FronteggError: A request failed.
        """

    async def count_holders(self, caller: Caller) -> Mapping[str, int]:
        """Return the number of assignments that the deletion of each object would remove, by object id.

        Args:
            caller: Sends the requests, which only read.

        Raises:
            FronteggError: A request failed.
        """
        del caller
        return {}

    async def check_danger(self, caller: Caller, written: ObjectWrite) -> None:
        """Refuse a dangerous write that the plan does not allow.

        Dangerous writes remove the last administrator or the last SSO of an account, or a feature plan that accounts
        have.

        Args:
            caller: Sends the requests, which only read.
            written: The write.

        Raises:
            GuardShutError: The account would lose its last administrator or a necessary SSO, or accounts have the plan.
            FronteggError: A request failed.
        """
        del caller, written

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Create an object.

        Args:
            caller: Sends the requests.
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
            caller: Sends the requests.
            key: The natural key before the change.
            object_id: The id.
            changes: The changes.

        Raises:
            FronteggError: A request failed.
        """

    async def delete(self, caller: Caller, key: str, object_id: str) -> None:
        """Delete an object.

        Args:
            caller: Sends the requests.
            key: The natural key.
            object_id: The id.

        Raises:
            InvalidArgumentError: Objects of the kind are never deleted.
            FronteggError: A request failed.
        """
        del caller, object_id
        raise InvalidArgumentError(f"the {self.noun} {key!r} is never deleted")
