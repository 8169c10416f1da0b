"""Django REST framework: authentication by the token of a request, and permissions by the token's claims.

This module needs ``djangorestframework``, and this app in ``INSTALLED_APPS``::

    class ShowTenant(APIView):
        authentication_classes = [FronteggAuthentication]
        permission_classes = [require(permission="accounts.read", own_tenant="tenant_id")]

        def get(self, request: Request, tenant_id: str) -> Response: ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.http import Http404

from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.errors import MissingExtraError, MissingPermissionError, NotFoundError
from frontegg_async.integrations.guards import Guard, check_features, make_guard, remember_guard
from frontegg_async.models.claims import Claims
from frontegg_async.models.entitlements import Names, check_called
from frontegg_sync.integrations.django.callers import FronteggCaller, get_caller
from frontegg_sync.integrations.django.clients import get_entitlements

try:
    from rest_framework.authentication import BaseAuthentication
    from rest_framework.permissions import BasePermission
except ImportError:
    raise MissingExtraError("this needs Django REST framework: pip install djangorestframework") from None

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

__all__ = ["FronteggAuthentication", "FronteggPermission", "require"]


class FronteggAuthentication(BaseAuthentication):
    """Authentication by token: ``request.user`` is the caller, and ``request.auth`` has the claims."""

    def authenticate(self, request: Request) -> tuple[FronteggCaller, Claims] | None:
        """Return the caller and the claims; ``None`` for a request without a token.

        Args:
            request: The request.

        Raises:
            TokenVerificationError: The token is not accepted, or could not be verified. ``FronteggErrorMiddleware``
                makes the response.
        """
        caller = get_caller(request)
        if caller.error is not None and caller.error.reason == "missing":
            return None
        return caller, caller.claims

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge, so that a request without a token gets 401.

        Args:
            request: The request.
        """
        del request
        return "Bearer"


class FronteggPermission(BasePermission):
    """The permission for requests whose token `FronteggAuthentication` verified and that meet `require`."""

    guard: ClassVar[Guard] = Guard((), ())
    """The requirements."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the token has the permissions and the roles. If not, DRF responds with 401 or 403.

        Args:
            request: The request.
            view: The view.

        Raises:
            Http404: The path names another tenant than the token.
            NotEntitledError: The caller may not use a feature. ``FronteggErrorMiddleware`` makes the response.
            StaleEntitlementsError: The entitlements are too old to decide. ``FronteggErrorMiddleware`` makes the
                response.
        """
        claims = request.auth
        if not isinstance(claims, Claims):
            return False
        try:
            self.guard.check(claims, view.kwargs)
        except MissingPermissionError:
            return False
        except NotFoundError:
            raise Http404 from None
        if self.guard.feature:
            check_features(self.guard, claims, get_entitlements())
        return True


def require(
    handler: None = None,
    /,
    *,
    permission: Names | None = None,
    role: Names | None = None,
    own_tenant: str | Unset = UNSET,
    in_tenant: str | Unset = UNSET,
    feature: Names | None = None,
) -> type[FronteggPermission]:
    """Return a class for ``permission_classes``, which can be combined with others by ``&`` and ``|``.

    The permissions and roles of a token hold in the token's own tenant. The administrators of this tenant assign them
    to users and access tokens. Thus a view that reads an object by an id from its path needs ``own_tenant`` (for
    customers) or ``in_tenant`` (for operators).

    Args:
        handler: Not used. This parameter only serves to detect a use as a decorator.
        permission: One or more required permissions. Wildcards in the token's permissions apply. Without any
            requirement, a valid token is enough.
        role: One or more required roles.
        own_tenant: The name of the path parameter that must be the id of the token's tenant. A request for another
            tenant gets 404, whether or not this tenant exists.
        in_tenant: The id of the tenant that the token must belong to, such as your own company. Permissions and roles
            in other tenants do not count. It needs ``permission`` or ``role``.
        feature: One or more features that the caller must be entitled to, by `get_entitlements`.

    Returns:
        The class. The system checks find a view whose path has no parameter ``own_tenant``.

    Raises:
        InvalidArgumentError: A collection is empty, an argument is malformed, or both tenants are given.
        TypeError: The function is used as a decorator.
    """
    check_called(handler, "permission_classes = [require()]")
    made = make_guard(permission, role, own_tenant, in_tenant, feature, may_be_empty=True)

    class Requirement(FronteggPermission):
        guard = made

    remember_guard(Requirement, made)
    return Requirement
