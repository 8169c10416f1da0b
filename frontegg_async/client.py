"""``AsyncFrontegg``: the management client of a Frontegg environment."""

from __future__ import annotations

import os
import ssl as tls
import time
import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NoReturn, Self, TypeVar

import aiohttp

from frontegg_async._core.auth.environment_session import EnvironmentSession
from frontegg_async._core.call.base_client import BaseClient, EnvironmentCalls, with_resources
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.context import CallContext
from frontegg_async._core.call.failures import error_of_authentication
from frontegg_async._core.call.hooks import hooks_of
from frontegg_async._core.call.retry_budget import shared_budget
from frontegg_async._core.checks import settings
from frontegg_async._core.http.setup import make_sessions
from frontegg_async._core.runtime.clocks import system_clocks
from frontegg_async._core.runtime.forks import importing
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._core.runtime.worker_threads import load_in_thread
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.not_copyable import refuse_copies
from frontegg_async._values.secret import Secret, hide, reveal
from frontegg_async.credentials import SecretSource, TokenFunction, check_visible
from frontegg_async.endpoints import Auth
from frontegg_async.errors import ConfigurationError, FronteggError
from frontegg_async.models.check import ConnectionCheck
from frontegg_async.options import Options, ResolvedOptions, merge_options
from frontegg_async.regions import BaseUrl, Region, RegionLiteral, parse_domain
from frontegg_async.tenant_view import AsyncTenantView

if TYPE_CHECKING:
    from frontegg_async.bulk.jobs import AsyncBulk
    from frontegg_async.bulk.progress import BulkProgress
    from frontegg_async.bulk.report import BulkReport
    from frontegg_async.changes.differences import Differences
    from frontegg_async.fleet.rates import RateGate
    from frontegg_async.fleet.tokens import TokenStore
    from frontegg_async.models.exports import Export, ExportKindLiteral, IncludeLiteral
    from frontegg_async.models.offboarding import Offboarding
    from frontegg_async.models.onboarding import Onboarding
    from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot
    from frontegg_async.plans.files.opening import AccountsSource
    from frontegg_async.plans.plan import Plan
    from frontegg_async.resources.applications import AsyncApplications
    from frontegg_async.resources.audits import AsyncAudits
    from frontegg_async.resources.by_id.access_tokens import AsyncAccessTokens
    from frontegg_async.resources.by_id.account_settings import AsyncAccountSettings
    from frontegg_async.resources.by_id.api_tokens import AsyncApiTokens
    from frontegg_async.resources.by_id.user_access_tokens import AsyncUserAccessTokens
    from frontegg_async.resources.by_id.user_api_tokens import AsyncUserApiTokens
    from frontegg_async.resources.by_id.user_invitations import AsyncUserInvitations
    from frontegg_async.resources.environment import AsyncEnvironment
    from frontegg_async.resources.events import AsyncEvents
    from frontegg_async.resources.feature_flags import AsyncFeatureFlags
    from frontegg_async.resources.features import AsyncFeatures
    from frontegg_async.resources.groups import AsyncGroups
    from frontegg_async.resources.hierarchy import AsyncHierarchy
    from frontegg_async.resources.invitations import AsyncInvitations
    from frontegg_async.resources.jwt_templates import AsyncJwtTemplates
    from frontegg_async.resources.migrations import AsyncMigrations
    from frontegg_async.resources.of_tenant.sub_tenants import AsyncSubTenants
    from frontegg_async.resources.permissions import AsyncPermissions
    from frontegg_async.resources.plan_assignments import AsyncPlanAssignments
    from frontegg_async.resources.plans import AsyncPlans
    from frontegg_async.resources.prehooks import AsyncPrehooks
    from frontegg_async.resources.roles import AsyncRoles
    from frontegg_async.resources.scim import AsyncScim
    from frontegg_async.resources.security import AsyncSecurity
    from frontegg_async.resources.sso.environment import AsyncSso
    from frontegg_async.resources.tenants import AsyncTenants
    from frontegg_async.resources.user_sources import AsyncUserSources
    from frontegg_async.resources.users import AsyncUsers
    from frontegg_async.resources.webhooks import AsyncWebhooks
    from frontegg_async.user import AsyncFronteggUser

T = TypeVar("T")


@with_resources("tenants")
class AsyncFrontegg(EnvironmentCalls, BaseClient):
    """The management client of a Frontegg environment. The client may read and change all tenants.

    The constructor sends no request: the first call opens the session and fetches the token. Use it in ``async with``,
    or call `aclose` at the end.

    Almost every method takes ``options`` (`Options`) for its own requests. Methods can raise the common errors that
    `FronteggError` lists.

    Args:
        client_id: The environment's client id.
        secret: The environment's secret (API key), or a function, plain or ``async``, that returns the secret. The
            client calls the function for each authentication. A plain function runs in a daemon thread, one call at a
            time, so it may block.
        region: The region of the environment: ``eu``, the default, ``us``, ``ca``, ``au`` or ``uk``.
        base_url: An address in place of the region's address: text, or the `base_url` of another client. The address
            begins with ``https``, or with ``http`` on loopback.
        domain: The environment's sub-domain, which receives the calls of its users, for example ``app-acme``. The
            sub-domain is in the region of the client, or in Europe if ``base_url`` is given. A suffix names the region,
            as in ``app-acme.us``.
        prefix: The path prefix of the address; none by default.
        environment_id: The id of the environment to use, for a credential that can use several environments.
        connector: A connector of your own to use; you close it. The client checks idle connections of its own pool
            before it reuses them, but does not check connections of your connector.
        proxy: The address of a proxy.
        ssl: A TLS context of your own; it must verify certificate and host name.
        trust_env: Whether to use the proxies of environment variables, and ``.netrc``.
        max_connections: The most open connections, 1 to 10,000. Has no effect with ``connector``, which has its own
            limit.
        allow_http: Whether ``http`` is allowed on hosts other than loopback, which also needs credentials of an
            emulator.
        options: The default options of all calls.
        app: The name of your application, for the user agent.
        token_store: The store in which the processes of a fleet share the token: `FileTokenStore` or
            ``RedisTokenStore``.
        rate_gate: The store in which the processes of a fleet share rate limits: ``RedisRateGate``.
        on_request: A function that is called with each request just before the request is sent, including requests for
            tokens. The function must be quick. Its exceptions are logged and otherwise ignored.
        on_response: A function that is called with the result of each request.

    Raises:
        ConfigurationError: A setting is malformed or contradicts another setting; the message names the setting.
    """

    access_tokens: AsyncAccessTokens
    """Access tokens (JWTs for ``x-api-key``) of tenants, and look-ups of an access token's roles and permissions."""
    account_settings: AsyncAccountSettings
    """The settings of tenants that their own administrators may change."""
    audits: AsyncAudits
    """The audit log: events in tenants that the service records, and events that your application writes."""
    environment: AsyncEnvironment
    """The environment that the credential belongs to."""
    events: AsyncEvents
    """Events of your own, which the service sends to webhooks and other channels of tenants."""
    hierarchy: AsyncHierarchy
    """The hierarchy of parent tenants and their sub-accounts."""
    api_tokens: AsyncApiTokens
    """API tokens (client id and secret) of tenants."""
    applications: AsyncApplications
    """The applications of the environment, and the tenants and users that may use them."""
    feature_flags: AsyncFeatureFlags
    """Feature flags: rules that grant a feature without an assignment of a plan."""
    features: AsyncFeatures
    """Features, which plans and feature flags grant."""
    groups: AsyncGroups
    """The groups of tenants' users, and the roles that their members have."""
    invitations: AsyncInvitations
    """Invitations: links with which people join tenants."""
    jwt_templates: AsyncJwtTemplates
    """JWT templates, which set the claims of the tokens of users and API tokens."""
    migrations: AsyncMigrations
    """Migrations of tenants into the environment, and their progress."""
    permissions: AsyncPermissions
    """The permissions that roles contain."""
    plan_assignments: AsyncPlanAssignments
    """Plan assignments, which give plans to tenants and users for a time or forever."""
    plans: AsyncPlans
    """Plans: bundles of features that are assigned to accounts and users."""
    prehooks: AsyncPrehooks
    """Prehooks: addresses that the service calls before an event, and that may refuse the event."""
    roles: AsyncRoles
    """The roles of the environment and of single tenants."""
    scim: AsyncScim
    """SCIM: how identity providers provision the users of tenants."""
    security: AsyncSecurity
    """Security policies of tenants, which say how and from where their users sign in."""
    sso: AsyncSso
    """Single sign-on with the identity providers of tenants."""
    sub_tenants: AsyncSubTenants
    """Sub-accounts, through the operations that users of their parents may call too."""
    tenants: AsyncTenants
    """The tenants of the environment."""
    user_access_tokens: AsyncUserAccessTokens
    """Access tokens (JWTs for ``x-api-key``) of users."""
    user_api_tokens: AsyncUserApiTokens
    """API tokens (client id and secret) of users."""
    users: AsyncUsers
    """The users of the environment, and their memberships and roles in tenants."""
    user_invitations: AsyncUserInvitations
    """The links with which users invite others to their tenants."""
    user_sources: AsyncUserSources
    """User sources: external directories whose users may sign in."""
    webhooks: AsyncWebhooks
    """Webhooks: addresses to which the service sends events, and the log of the deliveries."""

    def __init__(
        self,
        client_id: str,
        secret: SecretSource,
        *,
        region: Region | RegionLiteral = Region.EU,
        base_url: str | BaseUrl | None = None,
        domain: str | None = None,
        prefix: str | None = None,
        environment_id: str | None = None,
        connector: aiohttp.BaseConnector | None = None,
        proxy: str | None = None,
        ssl: tls.SSLContext | None = None,
        trust_env: bool = False,
        max_connections: int = 100,
        allow_http: bool = False,
        options: Options | None = None,
        app: str | None = None,
        token_store: TokenStore | None = None,
        rate_gate: RateGate | None = None,
        on_request: Callable[[RequestSnapshot], None] | None = None,
        on_response: Callable[[ResponseSnapshot], None] | None = None,
    ) -> None:
        # Keep these texts out of this frame, which is part of an error's traceback.
        hidden_proxy, address, sub_domain = hide(proxy), hide(base_url), hide(domain)
        del proxy, base_url, domain
        hidden: Secret | Callable[[], str] | Callable[[], Awaitable[str]] = hide(secret)
        del secret
        check_visible(client_id, "client_id")
        checked = settings.check_options(options)
        held = settings.check_secret(hidden)
        resolved = settings.resolve_base_url(
            client_id,
            held if isinstance(held, Secret) else None,
            region=region,
            base_url=reveal(address),
            prefix=prefix,
            allow_http=check_flag(allow_http, "allow_http", ConfigurationError),
        )
        self._domain = None
        if sub_domain is not None:
            self._domain = without_frames(parse_domain)(reveal(sub_domain), region=resolved.region)
        self._allow_http = allow_http
        sessions = make_sessions(
            connector=connector,
            proxy=hidden_proxy,
            ssl=ssl,
            trust_env=trust_env,
            max_connections=max_connections,
            app=app,
        )
        chosen = settings.check_environment_id(environment_id)
        headers = {} if chosen is None else {"frontegg-environment-id": chosen}
        budget = shared_budget(resolved.origin, client_id)
        clocks = system_clocks()
        account = (resolved.origin, client_id, chosen or "")
        rates = share = None
        if rate_gate is not None:
            with importing:
                from frontegg_async.fleet.rates import shared_rates  # noqa: PLC0415 - only for fleets

            rates = shared_rates(rate_gate, clocks.monotonic, account=account)
        if token_store is not None:
            with importing:
                from frontegg_async.fleet.tokens import SharedToken, check_token_store  # noqa: PLC0415 - only for fleets

            store = check_token_store(token_store)
            share = partial(SharedToken, store, clock=clocks.monotonic, account=account)
        context = CallContext(
            resolved,
            Auth.ENVIRONMENT,
            headers,
            sessions,
            clocks,
            budget=budget,
            rates=rates,
            observers=hooks_of(on_request, on_response),
        )
        environment = EnvironmentSession(client_id, held, context, checked, share=share, environment_id=chosen)
        self._assemble(environment, checked)

    @classmethod
    def from_env(
        cls,
        *,
        client_id: str | None = None,
        secret: SecretSource | None = None,
        region: Region | RegionLiteral | None = None,
        base_url: str | BaseUrl | None = None,
        domain: str | None = None,
        prefix: str | None = None,
        environment_id: str | None = None,
        connector: aiohttp.BaseConnector | None = None,
        proxy: str | None = None,
        ssl: tls.SSLContext | None = None,
        trust_env: bool = False,
        max_connections: int = 100,
        allow_http: bool | None = None,
        options: Options | None = None,
        app: str | None = None,
        token_store: TokenStore | None = None,
        rate_gate: RateGate | None = None,
        on_request: Callable[[RequestSnapshot], None] | None = None,
        on_response: Callable[[ResponseSnapshot], None] | None = None,
    ) -> Self:
        """Create a client from environment variables and arguments. An argument overrides its variable.

        ``FRONTEGG_CLIENT_ID`` and ``FRONTEGG_SECRET_KEY`` (or ``FRONTEGG_API_KEY``, or ``FRONTEGG_SECRET``) are
        required unless the arguments are given. ``FRONTEGG_REGION``, ``FRONTEGG_BASE_URL`` (which overrides the
        region), ``FRONTEGG_DOMAIN``, ``FRONTEGG_ENVIRONMENT_ID``, ``FRONTEGG_ALLOW_HTTP`` and ``FRONTEGG_READ_ONLY`` (1
        or 0) are read if they are set. ``FRONTEGG_READ_ONLY=1`` refuses writes, even if ``options`` allow writes.

        Args:
            client_id: The environment's client id.
            secret: The environment's secret (API key), or a function that returns the secret.
            region: The region of the environment. This argument also overrides ``FRONTEGG_BASE_URL``.
            base_url: An address in place of the region's address.
            domain: The environment's sub-domain, for example ``app-acme``.
            prefix: The path prefix of the address; none by default.
            environment_id: The id of the environment, for a credential that can use several environments.
            connector: A connector of your own to use; you close it.
            proxy: The address of a proxy.
            ssl: A TLS context of your own; it must verify certificate and host name.
            trust_env: Whether to use the proxies of environment variables, and ``.netrc``.
            max_connections: The most open connections, 1 to 10,000. Has no effect with ``connector``, which has its own
                limit.
            allow_http: Whether ``http`` is allowed on hosts other than loopback, which also needs credentials of an
                emulator. By default, ``FRONTEGG_ALLOW_HTTP=1`` allows ``http``.
            options: The default options of all calls.
            app: The name of your application, for the user agent.
            token_store: The store in which the processes of a fleet share the token: `FileTokenStore` or
                ``RedisTokenStore``.
            rate_gate: The store in which the processes of a fleet share rate limits: ``RedisRateGate``.
            on_request: A function that is called with each request just before the request is sent, including requests
                for tokens. The function must be quick. Its exceptions are logged and otherwise ignored.
            on_response: A function that is called with the result of each request.

        Returns:
            The client.

        Raises:
            ConfigurationError: A setting is missing or malformed; the message names the variable or the argument.
        """
        # Keep these texts out of this frame, which is part of an error's traceback.
        hidden_proxy, address, sub_domain = hide(proxy), hide(base_url), hide(domain)
        del proxy, base_url, domain
        hidden: Secret | Callable[[], str] | Callable[[], Awaitable[str]] | None = hide(secret)
        del secret
        found = settings.read_environment(
            client_id=client_id,
            secret=hidden,
            region=region,
            base_url=address,
            domain=sub_domain,
            environment_id=environment_id,
            prefix=prefix,
            allow_http=allow_http,
        )
        return cls(
            found.client_id,
            reveal(found.secret),
            region=found.region,
            base_url=found.base_url,
            domain=found.domain,
            prefix=prefix,
            environment_id=found.environment_id,
            connector=connector,
            proxy=reveal(hidden_proxy),
            ssl=ssl,
            trust_env=trust_env,
            max_connections=max_connections,
            allow_http=found.allow_http,
            options=settings.read_only_by("FRONTEGG_READ_ONLY", options) if found.read_only else options,
            app=app,
            token_store=token_store,
            rate_gate=rate_gate,
            on_request=on_request,
            on_response=on_response,
        )

    def _assemble(self, environment: EnvironmentSession, options: ResolvedOptions) -> None:
        self._environment = environment
        self._context = environment.context
        self._options = options
        self._caller = Caller(environment.context, environment.tokens, options)

    def _with(self, given: Options) -> Self:
        view = object.__new__(type(self))
        view._domain = self._domain
        view._allow_http = self._allow_http
        view._assemble(self._environment, merge_options(self._options, given))
        return view

    def for_tenant(self, tenant_id: str) -> AsyncTenantView:
        """Return a view of this client for one tenant. The methods of the view take no tenant id.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.

        Returns:
            The view, which shares the session and the token of this client.

        Raises:
            InvalidArgumentError: ``tenant_id`` is not allowed.
        """
        return AsyncTenantView(self._caller.for_tenant(tenant_id))

    def as_user(self, token: str | TokenFunction) -> AsyncFronteggUser:
        """Return the self-service client of one user. It shares the session of this client.

        The method takes microseconds, so call it for each request that your application serves. The calls of the user's
        client go to ``domain``, or to ``base_url`` if there is no domain, but never to a host that the token names. The
        calls do not carry the credential of this client.

        Args:
            token: The user's JWT, or a function, plain or ``async``, that returns the JWT for each call. A plain
                function runs in a thread for a blocking client. Otherwise it runs on the event loop and must not block.

        Returns:
            The user's client. Its ``aclose`` does nothing: the user's client closes together with this client.

        Raises:
            ConfigurationError: The token is not the JWT of a user, or this client has neither ``domain`` nor
                ``base_url``.
        """
        hidden: Secret | TokenFunction = hide(token)
        del token
        base_url = self._domain
        if base_url is None:
            base_url = self.base_url
            if base_url.region is not None:
                raise ConfigurationError(
                    "as_user needs the environment's sub-domain: create the client with domain='app-acme'"
                )
        with importing:
            from frontegg_async.user import AsyncFronteggUser  # noqa: PLC0415 - only for those who call as users

        context = self._environment.users(base_url)
        over = AsyncFronteggUser._over  # noqa: SLF001 - a constructor for this place alone  # pyright: ignore[reportPrivateUsage]
        return over(context, hidden, self._options, allow_http=self._allow_http)

    @property
    def bulk(self) -> AsyncBulk:
        """Bulk jobs on any number of tenants. A ledger in a file or a database lets a later process continue a job."""
        with importing:
            from frontegg_async.bulk.jobs import AsyncBulk  # noqa: PLC0415 - only for programs that do bulk work

        return AsyncBulk(self._caller, self._environment.name)

    @property
    def domain(self) -> BaseUrl | None:
        """The environment's sub-domain, which receives the calls of its users; ``None`` if no sub-domain was given."""
        return self._domain

    async def check(self) -> ConnectionCheck:
        """Authenticate to check the settings. Errors name the wrong setting.

        ``POST /auth/vendor`` (documented).

        Returns:
            The address, the region and the lifetime of the token.

        Raises:
            AuthenticationError: The host refused the client id or the secret; the message names the region.
            ConnectionFailedError: The host could not be reached; the message names the host.
            FronteggError: Any other failure of the call.
        """
        started = time.monotonic()
        base_url = self.base_url
        try:
            expires_in = await self._environment.authenticate(self._options)
        except FronteggError as error:
            failure = error_of_authentication(error.fresh(), base_url)
        else:
            return ConnectionCheck(
                base_url=str(base_url),
                region=None if base_url.region is None else base_url.region.value,
                expires_in=expires_in,
                elapsed=time.monotonic() - started,
            )
        if isinstance(failure, ConfigurationError) or base_url.place in failure.message:
            raise failure.fresh()
        raise type(failure)(f"{failure.message}, at {base_url.place}", failure.details)

    async def export(
        self,
        path: str | os.PathLike[str],
        *,
        kind: ExportKindLiteral = "accounts",
        include: Collection[IncludeLiteral] = (),
        only: Collection[str] | None = None,
        vars: str | os.PathLike[str] | None = None,
        on_progress: Callable[[int, int], object] | None = None,
        options: Options | None = None,
    ) -> Export:
        """Write all accounts of the environment, or its roles, applications and other objects, to a file.

        An export of accounts sends ``GET /tenants/resources/tenants/v2`` (observed) for each 200 accounts, and ``GET
        /tenants/resources/hierarchy/v1/tree`` (documented) twice for each reseller without a reseller above it. The
        file has each account that exists during the whole export, even if other accounts are created, deleted or moved
        meanwhile. An export of the environment requests the listings of roles, applications and other parts. In the
        file, an object has the key that people chose, and never an id. The file appears only when it is complete. The
        same accounts or objects give the same bytes. Only the owner of a new file can read it.

        Args:
            path: The path of the file. An existing file is replaced. The suffix is ``.jsonl``, ``.csv`` or ``.yml`` for
                accounts, and ``.yml`` or ``.json`` for the environment. ``.yml`` needs PyYAML.
            kind: The content of the file: ``accounts`` or ``environment``.
            include: Further parts of each account. ``applications`` takes one request for each application. ``plans``
                covers plans that are assigned without an end. It takes one request, and one more for each 10 plans.
                ``settings``, ``sso`` and ``api-tokens`` each take one request for each account. ``policies`` takes
                eight requests for each account. ``users`` takes three requests for each account, and more for accounts
                with over 100 users. The file names applications and plans by name, SSO configurations by type, and
                users by e-mail address. Secrets are never written.
            only: The ids of the accounts to write; unknown ids are ignored. Up to 1,000 accounts take a request for
                each 100 accounts, and a request for each parent. By default all accounts are written.
            vars: The path of a second file, ``.yml`` or ``.json``, for the addresses of the environment. The exported
                file then has variables in place of addresses, since addresses differ between environments.
            on_progress: A function that is called with two numbers: the number of listed accounts, and the number of
                all accounts. With ``include``, later calls count written accounts instead of listed accounts. For an
                environment, the numbers count parts. The function must be quick.

        Returns:
            The path, and the number of accounts or objects. The file omits parts of the environment that the credential
            cannot read; ``not_readable`` names these parts.

        Raises:
            InvalidArgumentError: The suffix is unknown, or the file is a SQLite database, for example a ledger. Or
                ``include`` has an unknown name, ``only`` has no ids, or an argument does not apply to this ``kind``.
                Nothing was sent.
            MissingExtraError: The suffix is ``.yml``, and PyYAML is not installed.
            PaginationError: The service contradicted itself three times while accounts were listed, or accounts moved
                during each of five reads of the hierarchy; nothing was written.
            NotFoundError: The service does not find a part of an existing account; nothing was written.
            OSError: The file cannot be written; the error names the file.
            FronteggError: A request failed; nothing was written.
        """
        await load_in_thread("frontegg_async.snapshots.export")
        from frontegg_async.snapshots.export import check_kind, write_export  # noqa: PLC0415 - only for those who export

        if check_kind(kind, include, only, vars) == "environment":
            await load_in_thread("frontegg_async.snapshots.environment_export")
            from frontegg_async.snapshots.environment_export import write_environment  # noqa: PLC0415 - as above

            return await write_environment(self._caller, path, vars, on_progress, options)
        return await write_export(self._caller, path, include, on_progress, options, only=only)

    async def diff(self, path: str | os.PathLike[str], *, options: Options | None = None) -> Differences:
        """Compare an export with the present environment. The present state is exported to a temporary file.

        Args:
            path: The path of the export. The parts that the export includes, for example settings and users, are
                compared too.

        Returns:
            The differences, from the export to the environment.

        Raises:
            InvalidArgumentError: The file is not an export; nothing was sent.
            MissingExtraError: The suffix is ``.yml``, and PyYAML is not installed.
            PaginationError: The number of listed accounts differs from the service's total.
            OSError: A file cannot be read or written.
        """
        await load_in_thread("frontegg_async.changes.live")
        from frontegg_async.changes.live import diff_with_live  # noqa: PLC0415 - only for those who compare

        return await diff_with_live(self._caller, path, options)

    async def plan(
        self,
        sources: AccountsSource | Sequence[AccountsSource],
        *,
        base: AccountsSource | None = None,
        only: Sequence[str] = (),
        prune: Sequence[str] = (),
        allow: Mapping[str, int] | None = None,
        vars: Mapping[str, str] | str | os.PathLike[str] | None = None,
        send_email: bool = False,
        on_progress: Callable[[int, int], object] | None = None,
        options: Options | None = None,
    ) -> Plan:
        """Compare files with the environment, and return the changes that would make the environment match the files.

        The method sends ``GET /tenants/resources/tenants/v2`` (observed) and the other requests of `export`, for the
        accounts and parts that the files name. Only GET requests are sent. Up to 1,000 accounts are requested by their
        ids, unless the files contain parents, deletions or new accounts. Fields that a file does not name keep their
        values, and ``None`` clears a field. A list or map in a file changes only the members that the file names. Only
        ``prune`` deletes accounts and members that the files do not have. The plan omits parts that the credential
        cannot read; `Plan.notes` names these parts.

        Args:
            sources: The path of an accounts file (``.jsonl``, ``.yml``, ``.csv``) or of an environment file (``.yml``,
                ``.json``). Or accounts as mappings or `Tenant` objects, an environment as a mapping, or a list of
                several of these. An account may be in only one source. Values of later environment files override
                values of earlier environment files.
            base: The export from which a file was made. The plan then contains only differences between the export and
                the file. So the plan keeps changes that others made since the export.
            only: Selectors of the accounts and parts to compare, for example ``id:acme*``, ``under:north``,
                ``metadata.plan:pro`` for accounts, ``part:metadata`` or ``part:roles`` for parts. An account or part
                must match at least one selector. A comma in a selector means *and*.
            prune: Selectors of accounts and objects to delete if no file contains them: ``id:a-*`` and ``under:north``
                for accounts, ``part:roles`` for objects of the environment and for members of their lists. ``prune``
                never deletes people, policies and SSO configurations.
            allow: The number of dangerous changes that each guard allows, by the name of the guard, for example
                ``{"delete": 12}``. The number must equal the number in the plan. `GuardName` lists the guards.
            vars: The values of variables in environment files, or the path of a file with these values. An omitted
                variable ``NAME`` gets the value of the environment variable ``FRONTEGG_VAR_NAME``.
            send_email: Whether invited people get an e-mail.
            on_progress: A function that is called with the number of accounts that were read, and the number of all
                accounts. The function must be quick.

        Returns:
            The plan. Iterate over its changes, `save` it, and pass it to `apply`. A plan with a shut guard cannot be
            applied: it has dangerous changes that ``allow`` does not name.

        Raises:
            FilesError: A file has faults; the error lists each fault with file, line and column.
            InvalidArgumentError: An argument other than ``sources`` is not allowed, or ``base`` has a row of another
                environment.
            MissingExtraError: A file is ``.yml``, and PyYAML is not installed.
            PaginationError: The accounts or the objects of a part could not be read completely.
            OSError: A file cannot be read.
        """
        await load_in_thread("frontegg_async.plans.planning")
        from frontegg_async.plans.planning import plan_files  # noqa: PLC0415 - only for those who plan

        return await plan_files(
            self._caller,
            sources,
            base=base,
            only=only,
            prune=prune,
            allow=allow,
            variables=vars,
            send_email=send_email,
            on_progress=on_progress,
            options=options,
        )

    async def apply(
        self,
        plan: Plan | str | os.PathLike[str],
        *,
        ledger: str | os.PathLike[str] | None = None,
        digest: str | None = None,
        concurrency: int = 16,
        rate: float | str | None = None,
        reserve: float = 0.2,
        max_failures: float | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
        """Send the changes of a plan, and nothing else.

        Each write of the plan is a row. The client reads the present values of a group of rows before it sends the
        group. A row is *stale* if the present values differ from the values that the plan expects. Stale rows, and rows
        that depend on them, are not sent. If the account already has the new values, the row is done without a request.
        To continue an interrupted run, repeat the same call with the same plan and ledger.

        Args:
            plan: The plan, or the path of its file.
            ledger: The path of the ledger, or the address of a ledger in PostgreSQL. The default is the path of the
                plan with the suffix ``.ledger.sqlite3``.
            digest: The digest of the reviewed plan, or at least its first 32 digits. A plan with another digest is
                refused.
            concurrency: The most requests at a time, 1 to 1,000.
            rate: The most requests per second as a number, or a text such as ``"1000/min"``. The default is the limit
                of the service.
            reserve: The share of the service's limit that is left for other programs, from 0 to below 1.
            max_failures: The most rows that may fail: a number, or a share of the rows below 1.
            on_progress: A function that is called a few times a second with a `BulkProgress`.

        Returns:
            The outcomes of the rows; ``stale`` counts the rows that were not sent because others had changed the
            values.

        Raises:
            InvalidArgumentError: An argument is not allowed, or the plan was changed, does not match ``digest``, or
                belongs to another environment; nothing was sent.
            GuardShutError: A guard of the plan is shut; nothing was sent. Or more than ``max_failures`` rows failed,
                and the run stopped.
            UnusableLedgerError: The ledger belongs to another plan or job; nothing was sent.
            LedgerInUseError: Another run uses the ledger; nothing was sent.
            LedgerError: The ledger cannot be written.
            OSError: The plan cannot be read.
            FronteggError: The environment cannot be read; nothing was sent.
        """
        await load_in_thread("frontegg_async.plans.applying")
        from frontegg_async.bulk.settings import settings_of  # noqa: PLC0415 - only for those who apply
        from frontegg_async.plans.applying import apply_plan  # noqa: PLC0415 - likewise

        return await apply_plan(
            self._caller,
            self._environment.name,
            plan,
            ledger=ledger,
            digest=digest,
            settings=settings_of(concurrency, rate, reserve, max_failures),
            on_progress=on_progress,
        )

    async def undo(
        self,
        ledger: str | os.PathLike[str],
        *,
        allow: Mapping[str, int] | None = None,
        on_progress: Callable[[int, int], object] | None = None,
        options: Options | None = None,
    ) -> Plan:
        """Return a plan that restores the values from before a bulk job or an `apply`. Nothing is written.

        Values that others changed after the job stay. The plan deletes an account that the job created, unless the
        account's values have changed since. A deletion cannot be undone.

        Args:
            ledger: The ledger of an `apply`, or of a bulk job with ``keep_before=True``.
            allow: The number of dangerous changes that each guard allows, as for `plan`.
            on_progress: A function that is called with the number of accounts that were read, and the number of all
                accounts. The function must be quick.

        Returns:
            The plan, for `apply`. Its notes list each value that the plan does not restore, with the reason.

        Raises:
            UnusableLedgerError: The ledger belongs to another environment, or has unfinished rows: resume the job
                first.
            LedgerError: There is no such ledger, or the ledger cannot be read.
            PaginationError: The accounts could not be read completely.
        """
        await load_in_thread("frontegg_async.plans.undo.planning")
        from frontegg_async.plans.undo.planning import undo_job  # noqa: PLC0415 - only for those who undo

        return await undo_job(
            self._caller, self._environment.name, ledger, allow=allow, on_progress=on_progress, options=options
        )

    async def onboard(
        self,
        *,
        name: str,
        owner_email: str,
        tenant_id: str | None = None,
        owner_name: str | None = None,
        role_keys: Sequence[str] = ("Admin",),
        applications: Sequence[str] = (),
        is_reseller: bool | None = None,
        parent_tenant_id: str | None = None,
        metadata: JsonValue = None,
        send_email: bool | None = None,
        options: Options | None = None,
    ) -> Onboarding:
        """Create an account: its tenant, its applications, its owner, and the owner's roles.

        The client looks up the roles and applications before it creates anything. Then the client takes these steps one
        after the other: ``tenants.ensure``, ``applications.assign`` for each application, ``users.invite``, and
        ``users.assign_roles`` if the invitation did not give the roles. Steps that are done already are not repeated:
        after a failure, call again with the same ``tenant_id`` and arguments.

        If the tenant exists, its ``creator_email`` must be the owner's e-mail address. If the tenant has other users by
        now, the owner is neither invited again nor given roles. So nobody can enter another customer's account by
        passing the id of that account.

        Args:
            name: The name of the tenant that people see.
            owner_email: The e-mail address of the owner, at most 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters; a new UUID by default.
            owner_name: The name of the owner.
            role_keys: The keys of the roles that the owner gets; may be empty.
            applications: The whole names of the applications to assign to the tenant. Applications that all tenants may
                use need no assignment.
            is_reseller: Whether the tenant may have sub-accounts.
            parent_tenant_id: The id of the parent tenant, which must be a reseller.
            metadata: Any JSON value, usually a mapping. The service parses text as JSON, so text must be JSON.
            send_email: ``False`` to send the owner no e-mail.

        Returns:
            The ids of the tenant and its owner, and the outcome of each step: ``done`` or ``present``.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent. Or several roles or applications have
                one of the names; nothing was created.
            NotFoundError: There is no such role, application or parent; nothing was created.
            ConflictError: The tenant exists, and another owner created the tenant. Or the tenant has other users, and
                the owner has left the tenant or lacks a role. This call has changed nothing.
            OnboardingError: A step failed after this call had created something, or may have done so. ``onboarding``
                has the outcome of each step, and ``failure`` has the error.
            FronteggError: Any other failure; this call has changed nothing.
        """
        await load_in_thread("frontegg_async.resources.onboarding")
        from frontegg_async.models.tenant_writes import TenantCreate  # noqa: PLC0415 - only for those who onboard
        from frontegg_async.models.users import UserToInvite  # noqa: PLC0415 - as above
        from frontegg_async.resources.onboarding import onboard  # noqa: PLC0415 - as above

        tenant = TenantCreate(
            tenant_id=str(uuid.uuid4()) if tenant_id is None else tenant_id,
            name=name,
            creator_email=owner_email,
            creator_name=owner_name,
            is_reseller=is_reseller,
            parent_tenant_id=parent_tenant_id,
            metadata=metadata,
        )
        owner = UserToInvite(email=owner_email, name=owner_name, send_email=send_email)
        return await onboard(
            self._caller, tenant, owner, role_keys=role_keys, applications=applications, options=options
        )

    async def offboard(
        self, user_id: str, *, tenant_id: str, allow_last_owner: bool = False, options: Options | None = None
    ) -> Offboarding:
        """End a user's access to a tenant: delete the sessions, tokens, roles and membership of the user.

        The client reads the tokens, roles and membership before it changes anything. Then the client takes these steps
        one after the other: ``users.end_sessions``, ``user_api_tokens.delete`` and ``user_access_tokens.delete`` for
        each token, ``users.unassign_roles``, and ``users.remove_from_tenant``, which deletes a user who is in no other
        tenant. After a failure, call again with the same arguments: a step with nothing to remove is ``absent``.

        Sessions belong to the user and not to a tenant, so the user may have to sign in to other tenants again.
        The access token of a session stays valid until it expires.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            allow_last_owner: Whether the user may be the last owner of the tenant. An owner has a role that the first
                user of a tenant gets, or a role with the key ``Admin`` or ``Owner``.

        Returns:
            The ids of the user and the tenant, and the outcome of each step: ``done`` or ``absent``.

        Raises:
            ReadOnlyError: The client is read-only; nothing was sent.
            NotFoundError: There is no such tenant, or the tenant has no such user, for example because an earlier call
                ended the membership.
            ConflictError: The user is the last owner of the tenant; nothing was changed.
            OffboardingError: A step failed after this call had removed something, or may have done so. ``offboarding``
                has the outcome of each step, and ``failure`` has the error.
            FronteggError: Any other failure; this call has changed nothing.
        """
        await load_in_thread("frontegg_async.resources.offboarding")
        from frontegg_async.resources.offboarding import offboard  # noqa: PLC0415 - only for those who offboard

        return await offboard(
            self._caller, user_id, tenant_id=tenant_id, allow_last_owner=allow_last_owner, options=options
        )

    def reset_auth(self) -> None:
        """Discard the token and remembered refusals, and reopen closed routes. The next call authenticates again.

        A refusal of the secret is remembered, so that later calls fail without a request. A 429 response closes a
        route: later calls of the route wait. In a fleet, this method reopens the route for this process only. An
        authentication in progress is abandoned, and waiting calls start another one. If a plain function for ``secret``
        has not returned yet, the function continues in its thread, and is called again afterwards. Any thread may call
        this method.
        """
        self._environment.reset()

    async def aclose(self) -> None:
        """Close the client. Calls in flight and later calls raise `ClientClosedError`. A second call does nothing."""
        await self._environment.close()

    def __reduce__(self) -> NoReturn:
        refuse_copies(type(self).__name__)
