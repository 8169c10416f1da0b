"""E-mail addresses, phone numbers and user names: what a change does to the user, and which secrets are shown."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator

import attrs
import pytest

from frontegg_async import AsyncFrontegg, AsyncFronteggUser, BadRequestError, ConflictError, NotFoundError
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator, SentEmail

pytestmark = pytest.mark.anyio


@attrs.frozen
class Sides:
    """An emulator with Ann and Bob, and the clients of the environment and of Ann."""

    emulator: AsyncEmulatorHandle
    frontegg: AsyncFrontegg
    ann: AsyncFronteggUser

    async def newest(self) -> SentEmail:
        """Return the newest message."""
        return (await self.emulator.outbox())[-1]


@pytest.fixture
async def sides() -> AsyncIterator[Sides]:
    """Return them."""
    async with Emulator(journal_bodies=True) as emulator, emulator.client() as frontegg:
        await emulator.seed(
            tenants=[{"tenantId": "acme", "name": "Acme"}],
            users=[
                {"id": "ann", "email": "ann@acme.example", "tenantId": "acme"},
                {"id": "bob", "email": "bob@acme.example", "tenantId": "acme", "password": "emu_bob"},
            ],
        )
        token = (await emulator.user_token(tenant_id="acme", user_id="ann")).access_token
        async with AsyncFronteggUser(base_url=emulator.url, token=token) as ann:
            yield Sides(emulator, frontegg, ann)


async def test_the_primary_address_is_that_of_the_user(sides: Sides) -> None:
    """Another one becomes primary, and the former one stays, with its id."""
    emails = sides.frontegg.users.emails
    (primary,) = await emails.list(user_ids=["ann"]).all()
    added = await emails.add("ann", email="ann@home.example", verified=True)
    with pytest.raises(BadRequestError):
        await emails.remove("ann", primary.id)
    await emails.set_primary("ann", email="ann@home.example")
    assert (await sides.frontegg.users.get("ann")).email == "ann@home.example"
    listed = {each.id: each.is_primary for each in await emails.list(user_ids=["ann"]).all()}
    assert listed == {primary.id: False, added.id: True}
    await emails.remove("ann", primary.id)
    assert [each.id for each in await sides.ann.profile.emails.list().all()] == [added.id]


async def test_an_address_is_of_one_user(sides: Sides) -> None:
    """Wherever another user has it: no operation gives it to somebody else."""
    users = sides.frontegg.users
    await users.emails.add("bob", email="bob@home.example")
    with pytest.raises(ConflictError):
        await users.emails.add("ann", email="BOB@home.example")
    with pytest.raises(ConflictError):
        await users.set_email("ann", email="bob@home.example")
    with pytest.raises(ConflictError):
        await users.invite("acme", email="bob@home.example")
    with pytest.raises(ConflictError):
        await sides.ann.profile.emails.change(email="bob@home.example")


async def test_an_address_is_verified_by_its_code(sides: Sides) -> None:
    """A wrong one does nothing; the right one is used up."""
    emails = sides.ann.profile.emails
    await emails.add(email="ann@home.example")
    message = await sides.newest()
    assert (message.template, message.recipient, message.channel) == ("VerifyNewEmail", "ann@home.example", "email")
    with pytest.raises(BadRequestError):
        await emails.verify(email="ann@home.example", code="wrong")
    with pytest.raises(BadRequestError):
        await emails.set_primary(email="ann@home.example")
    await emails.verify(email="ann@home.example", code=message.code)
    with pytest.raises(BadRequestError):
        await emails.verify(email="ann@home.example", code=message.code)
    await emails.set_primary(email="ann@home.example")
    assert (await sides.ann.profile.get()).email == "ann@home.example"


async def test_a_change_of_the_address_replaces_it(sides: Sides) -> None:
    """The former address is free then."""
    await sides.ann.profile.emails.change(email="ann@next.example")
    code = (await sides.newest()).code
    assert (await sides.ann.profile.get()).email == "ann@acme.example"
    await sides.ann.profile.emails.confirm_change(email="ann@next.example", code=code)
    assert [each.email for each in await sides.ann.profile.emails.list().all()] == ["ann@next.example"]
    await sides.frontegg.users.emails.add("bob", email="ann@acme.example")


async def test_the_first_verified_number_is_that_of_the_user(sides: Sides) -> None:
    """The next one follows when it is removed."""
    numbers, users = sides.ann.profile.phone_numbers, sides.frontegg.users
    sent = await numbers.add(phone_number="+49301234567")
    message = await sides.newest()
    assert (message.channel, message.recipient) == ("sms", "+49301234567")
    assert (await users.get("ann")).phone_number is None
    assert sent.otc_token is not None
    await numbers.verify(otc_token=sent.otc_token, code=message.code)
    assert (await users.get("ann")).phone_number == "+49301234567"
    await users.phone_numbers.add("ann", phone_number="+49307654321")
    first, second = await numbers.list().all()
    assert (first.phone_number, second.phone_number) == ("+49301234567", "+49307654321")

    asked = await numbers.request_removal(first.id)
    assert asked.phone_id == first.id
    assert asked.otc_token is not None
    await numbers.confirm_removal(first.id, otc_token=asked.otc_token.reveal(), code=(await sides.newest()).code)
    assert (await users.get("ann")).phone_number == "+49307654321"
    (left,) = await users.phone_numbers.list(user_ids=["ann"]).all()
    await users.phone_numbers.remove("ann", left.id)
    assert (await users.get("ann")).phone_number is None


async def test_a_code_is_for_one_number_and_purpose(sides: Sides) -> None:
    """The code that verifies a number removes none, and that of one number does not remove another."""
    numbers = sides.ann.profile.phone_numbers
    for number in ("+49301234567", "+49307654321"):
        await sides.frontegg.users.phone_numbers.add("ann", phone_number=number)
    first, second = await numbers.list().all()
    sent = await numbers.send_code(phone_number="+49301234567")
    assert sent.otc_token is not None
    with pytest.raises(BadRequestError):
        await numbers.confirm_removal(first.id, otc_token=sent.otc_token, code=(await sides.newest()).code)
    asked = await numbers.request_removal(first.id)
    assert asked.otc_token is not None
    with pytest.raises(BadRequestError):
        await numbers.confirm_removal(second.id, otc_token=asked.otc_token, code=(await sides.newest()).code)
    assert len(await numbers.list().all()) == 2
    await numbers.confirm_removal(first.id, otc_token=asked.otc_token, code=(await sides.newest()).code)
    assert [each.id for each in await numbers.list().all()] == [second.id]


async def test_a_number_without_a_code(sides: Sides) -> None:
    """It stays unverified until a code was sent."""
    sent = await sides.ann.profile.phone_numbers.add(phone_number="+49301234567", send_code=False)
    assert sent.otc_token is None
    assert await sides.emulator.outbox() == []
    assert [each.verified for each in await sides.ann.profile.phone_numbers.list().all()] == [False]


async def test_a_user_name_signs_in(sides: Sides) -> None:
    """It is of one user, and is listed with the user's id."""
    await sides.ann.profile.username.create("ann")
    assert [each.user_id for each in await sides.frontegg.users.usernames.list(prefix="a").all()] == ["ann"]
    with pytest.raises(ConflictError):
        await _take(sides)
    await sides.ann.profile.username.delete("ann")
    with pytest.raises(NotFoundError):
        await sides.ann.profile.username.get()


async def _take(sides: Sides) -> None:
    """Give Bob the name of Ann."""
    token = (await sides.emulator.user_token(tenant_id="acme", user_id="bob")).access_token
    async with AsyncFronteggUser(base_url=sides.emulator.url, token=token) as bob:
        await bob.profile.username.create("ANN")


async def test_codes_and_their_tokens_are_secrets(sides: Sides, caplog: pytest.LogCaptureFixture) -> None:
    """They are in no repr, log, journal or recording; the outbox has the code, and does not print it."""
    caplog.set_level(logging.DEBUG)
    sent = await sides.ann.profile.phone_numbers.add(phone_number="+49301234567")
    message = await sides.newest()
    assert sent.otc_token is not None
    token = sent.otc_token.reveal()
    with pytest.raises(BadRequestError) as caught:
        await sides.ann.profile.phone_numbers.verify(otc_token=token, code=f"{message.code}0")
    await sides.ann.profile.phone_numbers.verify(otc_token=token, code=message.code)
    journal = await sides.emulator.journal()
    recorded = [await sides.emulator.recorded_exchange(each.trace_id) for each in journal]
    told = (sent, sent.to_dict(mode="json"), json.loads(sent.to_json()), caplog.text, journal, recorded, message)
    assert [secret for secret in (token, message.code) if secret in repr(told) + repr(caught.value)] == []
