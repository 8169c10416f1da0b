"""Exercises of e-mail addresses, phone numbers and user names of users."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import attrs

from frontegg_async.emulator.services.contacts.contacts import primary_contact
from frontegg_async.emulator.store.user_rows import UserRow
from tests.emulator.cases import case
from tests.exercises.exercise import ExerciseClients, MakeCall, bad, good, refused

_CODE: Final = "123456"
_NUMBER: Final = "+49301234567"
_TAKEN: Final = "bob@child.example"


def _id_of(email: str) -> str:
    """Return the id of Ann's primary address, which the emulator derives from the address."""
    contact = primary_contact(UserRow(id="ann", email=email, tenant_id="acme", tenant_ids=()), "email")
    assert contact is not None
    return contact.id


_PRIMARY: Final = _id_of("ann@acme.example")
_PRIMARY_OF_CASES: Final = _id_of("ann@a.example")


def _of(s: ExerciseClients) -> Any:
    return s.frontegg.users


def _own(s: ExerciseClients) -> Any:
    return s.user.profile


def _deleted(call: MakeCall) -> MakeCall:
    """Return a call by a user who was deleted."""

    def deleted(s: ExerciseClients) -> Iterator[Any]:
        s.emulator.delete_user("ann")
        yield call(s)

    return deleted


def _taken_number(call: MakeCall) -> MakeCall:
    """Return a call about a number that another user has by then."""

    def taken(s: ExerciseClients) -> Iterator[Any]:
        yield _of(s).phone_numbers.add("bob", phone_number="+49307654321")
        yield call(s)

    return taken


def _named(s: ExerciseClients) -> Iterator[Any]:
    yield _own(s).username.create("ann")
    yield _own(s).username.get()


def _unnamed(s: ExerciseClients) -> Iterator[Any]:
    yield _own(s).username.create("ann")
    yield _own(s).username.delete("ann")


def _two_named(s: ExerciseClients) -> Iterator[Any]:
    s.emulator.seed(users=[{"id": "eve", "email": "eve@acme.example", "tenantId": "acme", "username": "eve"}])
    yield _own(s).username.create("eve")


def _add(s: ExerciseClients, user_id: str = "ann", **given: Any) -> Any:
    return _of(s).emails.add(user_id, **{"email": "ann@other.example", **given})


def _verify(s: ExerciseClients, **given: Any) -> Any:
    return _own(s).emails.verify(**{"email": "ann@new.example", "code": _CODE, **given})


def _confirm(s: ExerciseClients, **given: Any) -> Any:
    return _own(s).emails.confirm_change(**{"email": "ann@next.example", "code": _CODE, **given})


def _taken_by_now(s: ExerciseClients) -> Iterator[Any]:
    yield _of(s).emails.add("bob", email="ann@next.example")
    yield _confirm(s)


def _verify_number(s: ExerciseClients, **given: Any) -> Any:
    return _own(s).phone_numbers.verify(**{"otc_token": "otc-verify", "code": _CODE, **given})


def _confirm_removal(s: ExerciseClients, phone_id: str = "phone1", **given: Any) -> Any:
    return _own(s).phone_numbers.confirm_removal(phone_id, **{"otc_token": "otc-remove", "code": _CODE, **given})


_EMAILS: Final = (
    good("users.emails.list", lambda s: _of(s).emails.list(user_ids=["ann", "bob"]).all()),
    good("users.emails.list", lambda s: _of(s).emails.list(email="ann@home.example").all()),
    bad("users.emails.list", "email must be an e-mail address", lambda s: _of(s).emails.list(email="ann").all()),
    good("users.emails.add", lambda s: _add(s, verified=True)),
    refused("users.emails.add", 400, lambda s: _add(s, email=_TAKEN), switches={"taken_email": 400}),
    refused("users.emails.add", 404, lambda s: _add(s, "nobody")),
    refused("users.emails.add", 409, lambda s: _add(s, email=_TAKEN)),
    bad("users.emails.add", "email must be an e-mail address", lambda s: _add(s, email="ann")),
    good("users.emails.remove", lambda s: _of(s).emails.remove("ann", "mail1")),
    refused("users.emails.remove", 400, lambda s: _of(s).emails.remove("ann", _PRIMARY)),
    refused("users.emails.remove", 404, lambda s: _of(s).emails.remove("ann", "none")),
    bad("users.emails.remove", "email_id", lambda s: _of(s).emails.remove("ann", "..")),
    good("users.emails.set_primary", lambda s: _of(s).emails.set_primary("ann", email="Ann@home.example")),
    refused("users.emails.set_primary", 400, lambda s: _of(s).emails.set_primary("ann", email="ann@new.example")),
    refused("users.emails.set_primary", 404, lambda s: _of(s).emails.set_primary("ann", email=_TAKEN)),
    bad("users.emails.set_primary", "user_id", lambda s: _of(s).emails.set_primary("..", email=_TAKEN)),
)


_OWN_EMAILS: Final = (
    good("me.emails.list", lambda s: _own(s).emails.list().all(), "user", permissions=()),
    refused("me.emails.list", 404, _deleted(lambda s: _own(s).emails.list().all()), "user"),
    bad("me.emails.list", "options", lambda s: _own(s).emails.list(options="now").all(), "user"),
    good("me.emails.add", lambda s: _own(s).emails.add(email="ann@other.example"), "user", permissions=()),
    refused("me.emails.add", 400, lambda s: _own(s).emails.add(email=_TAKEN), "user", switches={"taken_email": 400}),
    refused("me.emails.add", 404, _deleted(lambda s: _own(s).emails.add(email="ann@other.example")), "user"),
    refused("me.emails.add", 409, lambda s: _own(s).emails.add(email=_TAKEN), "user"),
    bad("me.emails.add", "email must be an e-mail address", lambda s: _own(s).emails.add(email="ann"), "user"),
    good("me.emails.verify", _verify, "user", permissions=()),
    refused("me.emails.verify", 400, lambda s: _verify(s, code="000000"), "user"),
    refused("me.emails.verify", 404, lambda s: _verify(s, email=_TAKEN), "user"),
    bad("me.emails.verify", "code must not be empty", lambda s: _verify(s, code=""), "user"),
    good("me.emails.remove", lambda s: _own(s).emails.remove("mail1"), "user", permissions=()),
    refused("me.emails.remove", 400, lambda s: _own(s).emails.remove(_PRIMARY), "user"),
    refused("me.emails.remove", 404, lambda s: _own(s).emails.remove("none"), "user"),
    bad("me.emails.remove", "email_id", lambda s: _own(s).emails.remove(".."), "user"),
    good("me.emails.set_primary", lambda s: _own(s).emails.set_primary(email="ann@home.example"), "user"),
    refused("me.emails.set_primary", 400, lambda s: _own(s).emails.set_primary(email="ann@new.example"), "user"),
    refused("me.emails.set_primary", 404, lambda s: _own(s).emails.set_primary(email=_TAKEN), "user"),
    bad("me.emails.set_primary", "e-mail address", lambda s: _own(s).emails.set_primary(email="ann"), "user"),
    good("me.change_email", lambda s: _own(s).emails.change(email="ann@next.example"), "user", permissions=()),
    refused(
        "me.change_email", 400, lambda s: _own(s).emails.change(email=_TAKEN), "user", switches={"taken_email": 400}
    ),
    refused("me.change_email", 404, _deleted(lambda s: _own(s).emails.change(email="ann@next.example")), "user"),
    refused("me.change_email", 409, lambda s: _own(s).emails.change(email=_TAKEN), "user"),
    bad("me.change_email", "e-mail address", lambda s: _own(s).emails.change(email="ann"), "user"),
    good("me.confirm_email", _confirm, "user", permissions=()),
    refused("me.confirm_email", 400, lambda s: _confirm(s, code="000000"), "user"),
    refused("me.confirm_email", 404, _deleted(_confirm), "user"),
    refused("me.confirm_email", 409, _taken_by_now, "user"),
    bad("me.confirm_email", "code must not be empty", lambda s: _confirm(s, code=""), "user"),
)

_NUMBERS: Final = (
    good("users.phone_numbers.list", lambda s: _of(s).phone_numbers.list(user_ids=["ann"]).all()),
    good("users.phone_numbers.list", lambda s: _of(s).phone_numbers.list(phone_number=_NUMBER).all()),
    bad("users.phone_numbers.list", "phone_number", lambda s: _of(s).phone_numbers.list(phone_number="").all()),
    good("users.phone_numbers.add", lambda s: _of(s).phone_numbers.add("ann", phone_number=_NUMBER)),
    refused("users.phone_numbers.add", 400, lambda s: _of(s).phone_numbers.add("ann", phone_number="4930")),
    refused("users.phone_numbers.add", 404, lambda s: _of(s).phone_numbers.add("none", phone_number=_NUMBER)),
    refused("users.phone_numbers.add", 409, lambda s: _of(s).phone_numbers.add("bob", phone_number="+4930111111")),
    bad("users.phone_numbers.add", "phone_number", lambda s: _of(s).phone_numbers.add("ann", phone_number="")),
    good("users.phone_numbers.remove", lambda s: _of(s).phone_numbers.remove("ann", "phone1")),
    refused("users.phone_numbers.remove", 404, lambda s: _of(s).phone_numbers.remove("ann", "none")),
    bad("users.phone_numbers.remove", "phone_id", lambda s: _of(s).phone_numbers.remove("ann", "..")),
)

_OWN_NUMBERS: Final = (
    good("me.phone_numbers.list", lambda s: _own(s).phone_numbers.list().all(), "user", permissions=()),
    refused("me.phone_numbers.list", 404, _deleted(lambda s: _own(s).phone_numbers.list().all()), "user"),
    bad("me.phone_numbers.list", "options", lambda s: _own(s).phone_numbers.list(options="now").all(), "user"),
    good("me.phone_numbers.add", lambda s: _own(s).phone_numbers.add(phone_number=_NUMBER), "user"),
    good("me.phone_numbers.add", lambda s: _own(s).phone_numbers.add(phone_number=_NUMBER, send_code=False), "user"),
    refused("me.phone_numbers.add", 400, lambda s: _own(s).phone_numbers.add(phone_number="4930"), "user"),
    refused("me.phone_numbers.add", 404, _deleted(lambda s: _own(s).phone_numbers.add(phone_number=_NUMBER)), "user"),
    refused("me.phone_numbers.add", 409, lambda s: _own(s).phone_numbers.add(phone_number="+4930111111"), "user"),
    bad("me.phone_numbers.add", "phone_number", lambda s: _own(s).phone_numbers.add(phone_number=""), "user"),
    good("me.phone_numbers.send_code", lambda s: _own(s).phone_numbers.send_code(phone_number=_NUMBER), "user"),
    refused("me.phone_numbers.send_code", 400, lambda s: _own(s).phone_numbers.send_code(phone_number="4930"), "user"),
    refused(
        "me.phone_numbers.send_code",
        404,
        _deleted(lambda s: _own(s).phone_numbers.send_code(phone_number=_NUMBER)),
        "user",
    ),
    refused(
        "me.phone_numbers.send_code",
        409,
        _taken_number(lambda s: _own(s).phone_numbers.send_code(phone_number="+49307654321")),
        "user",
    ),
    bad(
        "me.phone_numbers.send_code", "phone_number", lambda s: _own(s).phone_numbers.send_code(phone_number=""), "user"
    ),
    good("me.phone_numbers.verify", _verify_number, "user", permissions=()),
    refused("me.phone_numbers.verify", 400, lambda s: _verify_number(s, code="000000"), "user"),
    refused("me.phone_numbers.verify", 404, _deleted(_verify_number), "user"),
    refused("me.phone_numbers.verify", 409, _taken_number(_verify_number), "user"),
    bad("me.phone_numbers.verify", "otc_token must not be empty", lambda s: _verify_number(s, otc_token=""), "user"),
    good("me.phone_numbers.request_removal", lambda s: _own(s).phone_numbers.request_removal("phone1"), "user"),
    refused("me.phone_numbers.request_removal", 404, lambda s: _own(s).phone_numbers.request_removal("none"), "user"),
    bad("me.phone_numbers.request_removal", "phone_id", lambda s: _own(s).phone_numbers.request_removal(".."), "user"),
    good("me.phone_numbers.confirm_removal", _confirm_removal, "user", permissions=()),
    refused("me.phone_numbers.confirm_removal", 400, lambda s: _confirm_removal(s, code="000000"), "user"),
    refused("me.phone_numbers.confirm_removal", 404, lambda s: _confirm_removal(s, "none"), "user"),
    bad("me.phone_numbers.confirm_removal", "code must not be empty", lambda s: _confirm_removal(s, code=""), "user"),
)

_NAMES: Final = (
    good("users.usernames.list", lambda s: _of(s).usernames.list(prefix="a", user_ids=["ann"]).all()),
    bad("users.usernames.list", "prefix", lambda s: _of(s).usernames.list(prefix="").all()),
    good("me.username.get", _named, "user", permissions=()),
    refused("me.username.get", 404, lambda s: _own(s).username.get(), "user"),
    bad("me.username.get", "options", lambda s: _own(s).username.get(options="now"), "user"),
    good("me.username.create", lambda s: _own(s).username.create("ann"), "user", permissions=()),
    refused("me.username.create", 404, _deleted(lambda s: _own(s).username.create("ann")), "user"),
    refused("me.username.create", 409, _two_named, "user"),
    bad("me.username.create", "username must not be empty", lambda s: _own(s).username.create(""), "user"),
    bad("me.username.create", "username must be 1 to 255", lambda s: _own(s).username.create("a b"), "user"),
    good("me.username.delete", _unnamed, "user", permissions=()),
    refused("me.username.delete", 404, lambda s: _own(s).username.delete("none"), "user"),
    bad("me.username.delete", "username", lambda s: _own(s).username.delete(".."), "user"),
)

EXERCISES: Final = (*_EMAILS, *_OWN_EMAILS, *_NUMBERS, *_OWN_NUMBERS, *_NAMES)

_EMAIL_OF_ANN: Final = {"email": "ann@home.example"}
_UNVERIFIED: Final = {"email": "ann@new.example"}
_NEXT: Final = {"email": "ann@next.example"}
_PHONE: Final = {"phoneNumber": _NUMBER}
_OTC: Final = {"otcToken": "otc-verify", "code": _CODE}
_REMOVAL: Final = {"otcToken": "otc-remove", "code": _CODE}
_CHANGE: Final = {"changePhoneId": "otc-change", "code": _CODE}
_OF_ANN: Final = {"token": "member"}
_NOBODY: Final = {"token": "none", "headers": {"frontegg-vendor-host": "@client_id"}}

_ANSWERED: Final = (
    case("users.emails.list", 200, query=(("userIds", "ann"), ("_email", "ann@home.example"), ("_sortBy", "email"))),
    case("users.emails.list", 403, token="bare"),
    case("users.emails.list", 400, query=(("_limit", "none"),)),
    case("users.emails.add", 201, "ann", body={"email": "ann@other.example", "isVerified": True}),
    case("users.emails.add", 400, "ann", body={"email": "ann"}),
    case("users.emails.add", 404, "none", body=_NEXT),
    case("users.emails.add", 409, "ann", body={"email": "bob@acme.example"}),
    case("users.emails.remove", 200, "ann", "mail1"),
    case("users.emails.remove", 400, "ann", _PRIMARY_OF_CASES),
    case("users.emails.remove", 404, "ann", "none"),
    case("users.emails.set_primary", 200, "ann", body=_EMAIL_OF_ANN),
    case("users.emails.set_primary", 400, "ann", body=_UNVERIFIED),
    case("users.emails.set_primary", 404, "ann", body=_NEXT),
    case("me.emails.list", 200, **_OF_ANN),
    case("me.emails.add", 201, body=_NEXT, **_OF_ANN),
    case("me.emails.add", 400, body={"email": "ann"}, **_OF_ANN),
    case("me.emails.add", 409, body=_EMAIL_OF_ANN, **_OF_ANN),
    case("me.emails.verify", 200, body={**_UNVERIFIED, "code": _CODE}, **_OF_ANN),
    case("me.emails.verify", 400, body={**_UNVERIFIED, "code": "000000"}, **_OF_ANN),
    case("me.emails.verify", 404, body={**_NEXT, "code": _CODE}, **_OF_ANN),
    case("me.emails.remove", 200, "mail1", **_OF_ANN),
    case("me.emails.remove", 400, _PRIMARY_OF_CASES, **_OF_ANN),
    case("me.emails.remove", 404, "none", **_OF_ANN),
    case("me.emails.set_primary", 200, body=_EMAIL_OF_ANN, **_OF_ANN),
    case("me.emails.set_primary", 400, body=_UNVERIFIED, **_OF_ANN),
    case("me.emails.set_primary", 404, body=_NEXT, **_OF_ANN),
    case("me.change_email", 200, body=_NEXT, **_OF_ANN),
    case("me.change_email", 400, body={"email": "ann"}, **_OF_ANN),
    case("me.change_email", 409, body={"email": "bob@acme.example"}, **_OF_ANN),
    case("me.confirm_email", 200, body={**_NEXT, "code": _CODE}, **_OF_ANN),
    case("me.confirm_email", 400, body={**_NEXT, "code": "000000"}, **_OF_ANN),
    case("me.confirm_email", 409, body={"email": "bob@acme.example", "code": _CODE}, **_OF_ANN),
    case("users.phone_numbers.list", 200, query=(("userIds", "ann"), ("_sortBy", "phoneNumber"))),
    case("users.phone_numbers.list", 403, token="bare"),
    case("users.phone_numbers.list", 400, query=(("_offset", "none"),)),
    case("users.phone_numbers.list_v1", 200, query=(("_phoneNumber", _NUMBER),)),
    case("users.phone_numbers.list_v1", 403, token="bare"),
    case("users.phone_numbers.list_v1", 400, query=(("_offset", "none"),)),
    case("users.phone_numbers.add", 201, "ann", body=_PHONE),
    case("users.phone_numbers.add", 400, "ann", body={"phoneNumber": "4930"}),
    case("users.phone_numbers.add", 404, "none", body=_PHONE),
    case("users.phone_numbers.add", 409, "ann", body={"phoneNumber": "+4930111111"}),
    case("users.phone_numbers.remove", 200, "ann", "phone1"),
    case("users.phone_numbers.remove", 404, "ann", "none"),
    case("me.phone_numbers.list", 200, **_OF_ANN),
    case("me.phone_numbers.add", 201, body={"phoneNumber": _NUMBER, "verify": False}, **_OF_ANN),
    case("me.phone_numbers.add", 400, body={"phoneNumber": "4930"}, **_OF_ANN),
    case("me.phone_numbers.add", 409, body={"phoneNumber": "+4930111111"}, **_OF_ANN),
    case("me.phone_numbers.send_code", 200, body=_PHONE, **_OF_ANN),
    case("me.phone_numbers.send_code", 409, body={"phoneNumber": "+49309999999"}, **_OF_ANN),
    case("me.phone_numbers.send_code", 400, body={"phoneNumber": "4930"}, **_OF_ANN),
    case("me.phone_numbers.verify", 200, body=_OTC, **_OF_ANN),
    case("me.phone_numbers.verify", 409, body={"otcToken": "otc-taken", "code": _CODE}, **_OF_ANN),
    case("me.phone_numbers.verify", 400, body={**_OTC, "otcToken": "none"}, **_OF_ANN),
    case("me.phone_numbers.request_removal", 200, "phone1", **_OF_ANN),
    case("me.phone_numbers.request_removal", 404, "none", **_OF_ANN),
    case("me.phone_numbers.confirm_removal", 200, "phone1", body=_REMOVAL, **_OF_ANN),
    case("me.phone_numbers.confirm_removal", 400, "phone1", body=_OTC, **_OF_ANN),
    case("me.phone_numbers.confirm_removal", 404, "none", body=_REMOVAL, **_OF_ANN),
    case("me.change_phone", 201, body=_PHONE, **_OF_ANN),
    case("me.change_phone", 409, body={"phoneNumber": "+49309999999"}, **_OF_ANN),
    case("me.change_phone", 400, body={"phoneNumber": "4930"}, **_OF_ANN),
    case("me.confirm_phone", 201, body=_CHANGE, **_OF_ANN),
    case("me.confirm_phone", 409, body={"changePhoneId": "otc-late", "code": _CODE}, **_OF_ANN),
    case("me.confirm_phone", 400, body={**_CHANGE, "code": "000000"}, **_OF_ANN),
    case("me.reset_phone", 201, body={"email": "ann@a.example"}, **_NOBODY),
    case("me.reset_phone", 201, body={"email": "nobody@a.example"}, **_NOBODY),
    case("me.verify_phone_reset", 201, body={"resetPhoneNumberToken": "reset", "code": _CODE}, **_NOBODY),
    case("me.verify_phone_reset", 400, body={"resetPhoneNumberToken": "reset", "code": "000000"}, **_NOBODY),
    case("me.change_phone_after_reset", 200, body={"changePhoneNumberToken": "done", **_PHONE}, **_NOBODY),
    case("me.change_phone_after_reset", 400, body={"changePhoneNumberToken": "none", **_PHONE}, **_NOBODY),
    case(
        "me.change_phone_after_reset",
        409,
        body={"changePhoneNumberToken": "done", "phoneNumber": "+49309999999"},
        **_NOBODY,
    ),
    case("users.usernames.list", 200, query=(("_usernamePrefix", "a"), ("usernames", "ann"))),
    case("users.usernames.list", 403, token="bare"),
    case("users.usernames.list", 400, query=(("_sortBy", "none"),)),
    case("me.username.create", 201, body={"username": "ann"}, **_OF_ANN),
    case("me.username.create", 409, body={"username": "bob"}, **_OF_ANN),
    case("me.username.create", 400, body={"username": "a b"}, **_OF_ANN),
    case("me.username.get", 200, **_OF_ANN),
    case("me.username.get", 404, token="user"),
    case("me.username.delete", 200, "ann", **_OF_ANN),
    case("me.username.delete", 404, "none", **_OF_ANN),
    *(
        case(name, 404, *fields, body=body, token="user")
        for name, fields, body in (
            ("me.emails.list", (), None),
            ("me.emails.add", (), _NEXT),
            ("me.change_email", (), _NEXT),
            ("me.confirm_email", (), {**_NEXT, "code": _CODE}),
            ("me.phone_numbers.list", (), None),
            ("me.phone_numbers.add", (), _PHONE),
            ("me.phone_numbers.send_code", (), _PHONE),
            ("me.phone_numbers.verify", (), _OTC),
            ("me.change_phone", (), _PHONE),
            ("me.confirm_phone", (), _CHANGE),
            ("me.username.create", (), {"username": "eve"}),
        )
    ),
)

CASES: Final = (
    *_ANSWERED,
    *(
        attrs.evolve(each, status=403, token="vendor", switches={"wrong_token_kind": 403})
        for each in _ANSWERED
        if each.name.startswith("me.") and each.token != "none" and each.status in {200, 201}
    ),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""

_AT: Final = "2026-01-01T00:00:00.000Z"
_OF_USER: Final = {"userId": "ann", "createdAt": _AT, "updatedAt": _AT}

TABLES: Final = {
    "userContacts": [
        {**_OF_USER, "id": "mail1", "kind": "email", "value": "ann@home.example", "verified": True},
        {**_OF_USER, "id": "mail2", "kind": "email", "value": "ann@new.example", "verified": False},
        {**_OF_USER, "id": "phone1", "kind": "phone", "value": "+4930111111", "verified": True},
        *(
            {**row, "id": f"of-{row['userId']}", "kind": "phone", "value": "+49309999999", "verified": True}
            for row in ({**_OF_USER, "userId": "bob"}, {**_OF_USER, "userId": "plain"})
        ),
    ],
    "contactCodes": [
        {"id": token, "userId": "ann", "purpose": purpose, "value": value, "code": _CODE}
        for token, purpose, value in (
            ("email-verify", "verify_email", "ann@new.example"),
            ("email-change", "change_email", "ann@next.example"),
            ("otc-verify", "verify_phone", "+49307654321"),
            ("otc-remove", "remove_phone", "+4930111111"),
            ("otc-change", "change_phone", "+49307654321"),
            ("reset", "reset_phone", "ann@a.example"),
            ("otc-taken", "verify_phone", "+49309999999"),
            ("otc-late", "change_phone", "+49309999999"),
        )
    ]
    + [{"id": "done", "userId": "ann", "purpose": "reset_done", "value": "ann@a.example", "code": ""}],
}
"""Rows that there are before each request: addresses and numbers of Ann, and codes that were sent to her."""
