"""Django REST framework: authentication by the token of a request, and permissions by what the token has.

It needs ``djangorestframework``, and this app in ``INSTALLED_APPS``::

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
    """Authenticates requests by their token: ``request.user`` is the caller, and ``request.auth`` has the claims."""

    def authenticate(self, request: Request) -> tuple[FronteggCaller, Claims] | None:
        """Return the caller and the claims; ``None`` for a request without a token.

        Args:
            request: The request.

        Raises:
            TokenVerificationError: The token is not accepted, or could not be verified; ``FronteggErrorMiddleware``
                makes a response of it.
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
    """Lets a request pass whose token `FronteggAuthentication` has verified, and that has what `require` asks for."""

    guard: ClassVar[Guard] = Guard((), ())
    """What is required."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the token has the permissions and the roles; DRF answers 401 or 403 if not.

        Args:
            request: The request.
            view: The view.

        Raises:
            Http404: The path names another tenant than that of the token.
            NotEntitledError: The caller may not use a feature; ``FronteggErrorMiddleware`` makes a response of it.
            StaleEntitlementsError: The entitlements are too old to decide; likewise.
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

    A token has its permissions and roles in its own tenant, whose administrators give them, also to access tokens. A
    view that reads by an id from its path needs ``own_tenant`` (for customers) or ``in_tenant`` (for operators).

    Args:
        handler: Nothing: it is there to tell that this is no decorator.
        permission: A permission, or several that are all required; wildcards of the token count. If nothing is given,
            a valid token is enough.
        role: A role, or several that are all required.
        own_tenant: The name of the path parameter that must be the id of the token's tenant. A request for another
            tenant gets 404, whether that exists or not.
        in_tenant: The id of the tenant that the token must be for, as that of your own company: the permissions and
            roles of other tenants do not count. It needs ``permission`` or ``role``.
        feature: A feature, or several, that the caller must be entitled to, by `get_entitlements`.

    Returns:
        The class. The system checks find a view whose path has no parameter ``own_tenant``.

    Raises:
        InvalidArgumentError: A collection is empty, an argument is malformed, or both tenants are given.
        TypeError: It is used as a decorator.
    """
    check_called(handler, "permission_classes = [require()]")
    made = make_guard(permission, role, own_tenant, in_tenant, feature, may_be_empty=True)

    class Requirement(FronteggPermission):
        guard = made

    remember_guard(Requirement, made)
    return Requirement
