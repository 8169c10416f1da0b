"""The tests of the site: ``python examples/django_project/manage.py test``."""

from __future__ import annotations

from base64 import b64encode
from typing import ClassVar

from django.conf import settings
from django.test import Client, SimpleTestCase

from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_sync.integrations.django import close_clients


class SiteTest(SimpleTestCase):
    """Tests of the pages and the API, each with an environment of four customers in an emulator."""

    server: ClassVar[EmulatorHandle]

    @classmethod
    def setUpClass(cls) -> None:
        """Start one emulator for all tests."""
        super().setUpClass()
        cls.server = cls.enterClassContext(Emulator())

    def setUp(self) -> None:
        """Give the site an environment with four customers and a user, and sign the test client in as the operator."""
        self.environment = self.server.create_environment()
        self.environment.seed(
            tenants=[
                {"tenantId": "north", "name": "North & Sons", "metadata": {"plan": "team"}},
                {"tenantId": "kiosk", "name": "Kiosk 7", "parentTenantId": "north"},
                {"tenantId": "shelf", "name": "Shelf 1", "parentTenantId": "kiosk"},
                {"tenantId": "cafe", "name": "Café Ost", "parentTenantId": "north"},
            ],
            users=[{"id": "ann", "email": "ann@north.example", "tenantId": "north"}],
        )
        plans = [{"id": "team", "name": "Team", "featureIds": ["f-reports"]}]
        self.environment.seed({"tables": {"features": [{"id": "f-reports", "key": "reports"}], "plans": plans}})
        url = self.environment.url
        given = {"CLIENT_ID": self.environment.client_id, "SECRET": self.environment.secret}
        frontegg = {**settings.FRONTEGG, **given, "BASE_URL": url, "ISSUER": url}
        self.enterContext(self.settings(FRONTEGG=frontegg, ADMIN_PASSWORD="horse"))
        self.client = Client(headers={"Authorization": f"Basic {b64encode(b'admin:horse').decode()}"})

    def token(self, *permissions: str) -> dict[str, str]:
        """Return request headers with the token of a user who has the permissions."""
        issued = self.environment.user_token(tenant_id="north", user_id="ann", permissions=permissions)
        return {"Authorization": f"Bearer {issued.access_token}"}

    def test_sign_in(self) -> None:
        """The pages need the password of the operator. They show nothing to customers, whatever their roles."""
        bearer = self.token("customers.*", "fe.account-hierarchy.read.*")
        wrong = [{"Authorization": f"Basic {b64encode(given).decode()}"} for given in (b"admin:", b"admin:x", b"horse")]
        for page in ("/", "/customers/kiosk/", "/new/"):
            for headers in (bearer, *wrong, {"Authorization": "Basic"}):
                refused = self.client.get(page, headers=headers)
                self.assertContains(refused, "Sign in as an operator.", status_code=401)
        with self.settings(ADMIN_PASSWORD=""):
            self.assertEqual(self.client.get("/", headers=wrong[0]).status_code, 401)

    def test_listing(self) -> None:
        """The list shows customers by name, and finds them by text."""
        self.assertContains(self.client.get("/"), "North &amp; Sons")
        found = self.client.get("/", {"q": "kio"})
        self.assertContains(found, "1 customer.")
        self.assertNotContains(found, "North")
        self.assertContains(self.client.get("/", {"q": "<b>"}), "No customer with “&lt;b&gt;”")

    def test_show(self) -> None:
        """The page of a customer shows its sub-accounts and its parents."""
        page = self.client.get("/customers/north/").content.decode()
        tree = page.partition('class="tree"')[2].partition("</main>")[0]
        self.assertEqual((tree.count("<ul>"), tree.count("<li>"), tree.count("</li>")), (2, 4, 4))
        self.assertContains(self.client.get("/customers/shelf/"), "North &amp; Sons")
        self.assertEqual(self.client.get("/customers/nobody/").status_code, 404)

    def test_create(self) -> None:
        """Submitting the form twice creates one customer."""
        shown = self.client.get("/new/").context["form"]
        sent = {"tenant_id": shown["tenant_id"].value(), "name": "Bakery", "owner": "bo@bakery.example", "plan": "team"}
        for _ in range(2):
            response = self.client.post("/new/", sent, follow=True)
            self.assertContains(response, "Bakery was created.")
        routes = ("tenants.create", "users.invite")
        made = [(entry.route, entry.status) for entry in self.environment.journal() if entry.route in routes]
        self.assertEqual(made, [("tenants.create", 201), ("users.invite", 201), ("users.invite", 409)])

    def test_create_with_mistakes(self) -> None:
        """The form shows the error."""
        sent = {
            "tenant_id": "0e3b0f5e-5a57-4ab2-a9c0-6f2f7a1f7d43",
            "name": "",
            "owner": "bo@bakery.example",
            "plan": "none",
        }
        self.assertContains(self.client.post("/new/", sent), "This field is required.", status_code=422)
        for parent, said in (
            ("nobody", "There is no customer with this id."),
            ("cafe", "may not have others below it"),
        ):
            sent = {**sent, "name": "Bakery", "plan": "team", "parent": parent}
            self.assertContains(self.client.post("/new/", sent), said, status_code=422)
        self.environment.seed(tenants=[{"tenantId": "chain", "name": "Chain", "isReseller": True}])
        gone = {"type": "status", "status": 404}
        self.environment.add_fault(stage="accept", action=gone, match={"path": "/identity/resources/roles/*"})
        refused = self.client.post("/new/", {**sent, "parent": "chain"})
        self.assertNotContains(refused, "There is no customer", status_code=404)

    def test_api(self) -> None:
        """The API returns the sub-accounts of the caller's tenant, if the caller has the permission."""
        listed = self.client.get(
            "/api/customers/", headers=self.token("customers.*", "fe.account-hierarchy.read.*")
        ).json()["customers"]
        self.assertEqual({each["name"] for each in listed}, {"Kiosk 7", "Shelf 1", "Café Ost"})
        self.assertEqual(self.client.get("/api/me/", headers=self.token()).json()["user"], "ann")
        self.assertEqual(self.client.get("/api/customers/", headers=self.token("other")).status_code, 403)
        self.assertEqual(self.client.get("/api/customers/").headers["WWW-Authenticate"], "Bearer")

    def test_reports(self) -> None:
        """The report needs a plan with the feature. The permission alone is not enough."""
        caller = self.token("customers.*", "fe.account-hierarchy.read.*")
        refused = self.client.get("/api/report/", headers=caller)
        self.assertEqual((refused.status_code, refused.json()["feature"]), (403, "reports"))
        closed = {"reports": {"included": False, "reason": "missing_feature"}}
        self.assertEqual(self.client.get("/api/features/", headers=caller).json(), closed)
        with self.environment.client() as frontegg:
            frontegg.plan_assignments.assign("team", tenant_ids=["north"])
        close_clients()  # so that the site reads the new assignment at once
        self.assertEqual(self.client.get("/api/report/", headers=caller).json(), {"sub-accounts": 3})
        self.assertEqual(self.client.get("/api/report/", headers=self.token()).json()["code"], "permission_missing")
