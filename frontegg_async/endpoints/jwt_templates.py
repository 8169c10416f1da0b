"""The operations on JWT templates, and on the targeting rules that choose a template for a token."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.jwt_templates import (
    JwtTemplate,
    JwtTemplateCreate,
    JwtTemplateTargeting,
    JwtTemplateTargetingUpdate,
    JwtTemplateUpdate,
)
from frontegg_async.models.page import Page

_TEMPLATES: Final = "/identity/resources/jwt-templates/v1"
_TARGETING: Final = "/identity/resources/configurations/v1/jwt-template-targeting"

CREATE = Endpoint(
    name="jwt_templates.create",
    method="POST",
    path=_TEMPLATES,
    auth=Auth.ENVIRONMENT,
    body=JwtTemplateCreate,
    returns=JwtTemplate,
    _echoed=(("key", "key"),),
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 409),
    summary="Create a JWT template.",
)

LIST = Endpoint(
    name="jwt_templates.list",
    method="GET",
    path=_TEMPLATES,
    auth=Auth.ENVIRONMENT,
    query=("keys", "ids", "_limit", "_offset", "_sortBy", "_order"),
    returns=Page[JwtTemplate],
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="List the JWT templates, page by page.",
)

GET = Endpoint(
    name="jwt_templates.get",
    method="GET",
    path=f"{_TEMPLATES}/{{id}}",
    auth=Auth.ENVIRONMENT,
    returns=JwtTemplate,
    evidence=Evidence.DOCUMENTED,
    _subject="id",
    _subject_field="id",
    errors=(404,),
    summary="A JWT template.",
)

UPDATE = Endpoint(
    name="jwt_templates.update",
    method="PUT",
    path=f"{_TEMPLATES}/{{id}}",
    auth=Auth.ENVIRONMENT,
    body=JwtTemplateUpdate,
    returns=JwtTemplate,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _subject="id",
    _subject_field="id",
    errors=(400, 404, 409),
    summary="Change fields of a JWT template.",
)

DELETE = Endpoint(
    name="jwt_templates.delete",
    method="DELETE",
    path=f"{_TEMPLATES}/{{id}}",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    status=204,
    errors=(404,),
    summary="Delete a JWT template.",
)

GET_TARGETING = Endpoint(
    name="jwt_templates.targeting.get",
    method="GET",
    path=_TARGETING,
    auth=Auth.ENVIRONMENT,
    returns=JwtTemplateTargeting,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the targeting rules of JWT templates.",
)

CREATE_TARGETING = Endpoint(
    name="jwt_templates.targeting.create",
    method="POST",
    path=_TARGETING,
    auth=Auth.ENVIRONMENT,
    body=JwtTemplateTargetingUpdate,
    returns=JwtTemplateTargeting,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 409),
    client=False,
    summary="Create the targeting rules of JWT templates, if there are none.",
)

SET_TARGETING = Endpoint(
    name="jwt_templates.targeting.set",
    method="PUT",
    path=_TARGETING,
    auth=Auth.ENVIRONMENT,
    body=JwtTemplateTargetingUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="Set the targeting rules of JWT templates.",
)

CHANGE_TARGETING = Endpoint(
    name="jwt_templates.targeting.change",
    method="PATCH",
    path=f"{_TARGETING}/{{id}}",
    auth=Auth.ENVIRONMENT,
    body=JwtTemplateTargetingUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    client=False,
    summary="Replace the targeting rules of JWT templates, if there are some.",
)

DELETE_TARGETING = Endpoint(
    name="jwt_templates.targeting.delete",
    method="DELETE",
    path=f"{_TARGETING}/{{id}}",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete the targeting rules of JWT templates.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    CREATE,
    LIST,
    GET,
    UPDATE,
    DELETE,
    GET_TARGETING,
    CREATE_TARGETING,
    SET_TARGETING,
    CHANGE_TARGETING,
    DELETE_TARGETING,
)
"""The operations of this module. No source documents their errors.

Frontegg's Terraform provider shows two errors: 404 if there are no targeting rules, and 409 if targeting rules exist
already.
"""
