"""The operations that send e-mails."""

from __future__ import annotations

from typing import Final

SENDERS: Final = frozenset(
    {
        "invitations.create",
        "me.change_email",
        "me.change_phone",
        "me.emails.add",
        "me.phone_numbers.add",
        "me.phone_numbers.request_removal",
        "me.phone_numbers.send_code",
        "me.reset_phone",
        "sub_tenants.users.add",
        "sub_tenants.users.add_many",
        "team_members.resend_activation",
        "user_invitations.create",
        "user_invitations.create_v1",
        "user_invitations.update",
        "users.activation.resend",
        "users.add_to_tenant",
        "users.emails.add",
        "users.invite",
        "users.invite_many",
        "users.invite_v1",
        "users.passwords.send_reset_email",
        "users.passwords.send_reset_email_v1",
        "users.resend_all_invitations",
        "users.resend_invitation",
    }
)
"""All of them; with a success they may send."""
