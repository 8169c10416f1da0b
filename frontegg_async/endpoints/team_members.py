"""The portal's older operations on the members of a user's own tenant, which only older clients call."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.users import TeamMemberUpdate, User

_MEMBERS: Final = "/team/resources/members/v1"

LIST = Endpoint(
    name="team_members.list",
    method="GET",
    path=_MEMBERS,
    auth=Auth.USER,
    query=("pageOffset", "pageSize"),
    returns=object,
    evidence=Evidence.CLIENT,
    errors=(400,),
    client=False,
    summary="List the members of the user's own tenant.",
)

UPDATE = Endpoint(
    name="team_members.update",
    method="PUT",
    path=_MEMBERS,
    auth=Auth.USER,
    body=TeamMemberUpdate,
    returns=User,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    errors=(400, 404),
    client=False,
    summary="Replace the roles of a member of the user's own tenant.",
)

REMOVE = Endpoint(
    name="team_members.remove",
    method="DELETE",
    path=f"{_MEMBERS}/{{user_id}}",
    auth=Auth.USER,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.CLIENT,
    errors=(404,),
    client=False,
    summary="Remove a member from the user's own tenant.",
)

GET_STATS = Endpoint(
    name="team_members.get_stats",
    method="GET",
    path="/team/resources/stats/v1/members",
    auth=Auth.USER,
    returns=object,
    evidence=Evidence.CLIENT,
    client=False,
    summary="Count the members of the user's own tenant.",
)

LIST_ROLES = Endpoint(
    name="team_members.list_roles",
    method="GET",
    path="/team/resources/roles/v1",
    auth=Auth.USER,
    returns=object,
    evidence=Evidence.CLIENT,
    client=False,
    summary="List the roles that members of the user's own tenant may have.",
)

RESEND_ACTIVATION = Endpoint(
    name="team_members.resend_activation",
    method="POST",
    path=f"{_MEMBERS}/{{user_id}}/resendActivationEmail",
    auth=Auth.USER,
    returns=NoneType,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(404,),
    client=False,
    summary="Send the invitation to a member of the user's own tenant again.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (LIST, UPDATE, REMOVE, GET_STATS, LIST_ROLES, RESEND_ACTIVATION)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
