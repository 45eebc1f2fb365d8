"""Tenants: made, changed, used, left and deleted; and an app beside the first one."""

import itertools
import json
import subprocess
import sys

import httpx
from core import API_KEY
from outside import CLIENT_ID, CLIENT_SECRET
from supertokens_python.recipe.accountlinking import syncio as linking
from supertokens_python.recipe.emailpassword import syncio as passwords
from supertokens_python.recipe.emailverification import syncio as addresses
from supertokens_python.recipe.emailverification.interfaces import (
    VerifyEmailUsingTokenInvalidTokenError,
    VerifyEmailUsingTokenOkResult,
)
from supertokens_python.recipe.multitenancy import syncio as tenancy
from supertokens_python.recipe.multitenancy.interfaces import TenantConfigCreateOrUpdate
from supertokens_python.recipe.passwordless import syncio as codes
from supertokens_python.recipe.passwordless.interfaces import (
    ConsumeCodeOkResult,
    ConsumeCodeRestartFlowError,
)
from supertokens_python.recipe.session import syncio as sessions
from supertokens_python.recipe.thirdparty.provider import ProviderClientConfig, ProviderConfig
from supertokens_python.syncio import (
    delete_user,
    get_user,
    get_user_count,
    get_users_oldest_first,
    list_users_by_account_info,
)
from supertokens_python.types import RecipeUserId
from supertokens_python.types.base import AccountInfoInput

from .application import PASSWORD, Application, new_email

numbers = itertools.count()


class Tenants(Application):
    def new_tenant(self, **config):
        """A tenant that wasn't there, and what is set for it."""
        tenant_id = f"tenant-{next(numbers)}"
        config = TenantConfigCreateOrUpdate(**{"first_factors": ["emailpassword"], **config})
        self.assertTrue(tenancy.create_or_update_tenant(tenant_id, config).created_new)
        return tenant_id

    def sign_in_tenant(self, tenant_id, how, email):
        """Signs up or in, by `signup` or `signin`."""
        front_end = self.front_end()
        return front_end, front_end.sign(f"/auth/{tenant_id}/{how}", email, PASSWORD)

    def login_methods(self, tenant_id):
        answer = self.front_end().send("GET", f"/auth/{tenant_id}/loginmethods")
        self.assertEqual((answer.status, answer.body["status"]), (200, "OK"), answer)
        return answer.body

    def everybody(self, tenant_id):
        """The ids of everybody in a tenant, of whom there are few."""
        users = get_users_oldest_first(tenant_id).users
        self.assertEqual(get_user_count(tenant_id=tenant_id), len(users))
        return [user.id for user in users]

    def test_a_tenant_is_made_changed_listed_and_deleted(self):
        lifetime = "email_verification_token_lifetime"
        tenant_id = self.new_tenant(
            first_factors=["emailpassword", "otp-email"],
            required_secondary_factors=["totp"],
            core_config={lifetime: 7_200_000},
        )
        made = tenancy.get_tenant(tenant_id)
        self.assertEqual(made.first_factors, ["emailpassword", "otp-email"])
        self.assertEqual(made.required_secondary_factors, ["totp"])
        self.assertEqual(made.core_config[lifetime], 7_200_000)
        self.assertEqual(made.third_party_providers, [])
        change = TenantConfigCreateOrUpdate(
            {lifetime: None}, ["thirdparty"], required_secondary_factors=None
        )
        self.assertFalse(tenancy.create_or_update_tenant(tenant_id, change).created_new)
        tenants = {tenant.tenant_id: tenant for tenant in tenancy.list_all_tenants().tenants}
        self.assertIn("public", tenants)
        self.assertEqual(tenants[tenant_id].first_factors, ["thirdparty"])
        self.assertFalse(tenants[tenant_id].required_secondary_factors)
        self.assertNotIn(lifetime, tenants[tenant_id].core_config)
        self.assertTrue(tenancy.delete_tenant(tenant_id).did_exist)
        self.assertFalse(tenancy.delete_tenant(tenant_id).did_exist)
        self.assertIsNone(tenancy.get_tenant(tenant_id))
        with self.assertRaisesRegex(Exception, "403"):
            tenancy.delete_tenant("public")
        unknown = TenantConfigCreateOrUpdate({"no_such_setting": 1})
        with self.assertRaisesRegex(Exception, "400"):
            tenancy.create_or_update_tenant(tenant_id, unknown)

    def test_a_tenant_offers_its_own_ways_to_sign_in_and_its_own_providers(self):
        tenant_id = self.new_tenant(first_factors=["thirdparty", "otp-phone"])
        offered = self.login_methods(tenant_id)
        self.assertEqual(offered["firstFactors"], ["thirdparty", "otp-phone"])
        self.assertFalse(offered["emailPassword"]["enabled"])
        self.assertTrue(offered["passwordless"]["enabled"])
        self.assertEqual(offered["thirdParty"], {"enabled": True, "providers": []})

        # All else is as the application has it for this provider.
        client = ProviderClientConfig(CLIENT_ID, CLIENT_SECRET, scope=["email"], force_pkce=True)
        config = ProviderConfig("outside", name="Outside", clients=[client])
        made = tenancy.create_or_update_third_party_config(tenant_id, config)
        self.assertTrue(made.created_new)
        again = tenancy.create_or_update_third_party_config(tenant_id, config)
        self.assertFalse(again.created_new)
        providers = self.login_methods(tenant_id)["thirdParty"]["providers"]
        self.assertEqual(providers, [{"id": "outside", "name": "Outside"}])
        [stored] = tenancy.get_tenant(tenant_id).third_party_providers
        self.assertEqual(stored.clients[0].client_id, CLIENT_ID)

        email = new_email()
        self.outside.account = {"sub": f"at-{email}", "email": email, "email_verified": True}
        front_end, body, _ = self.through_provider(tenant_id)
        self.assertEqual(body["user"]["tenantIds"], [tenant_id])
        self.assertEqual(front_end.claims()["tId"], tenant_id)
        _, elsewhere, _ = self.through_provider()
        self.assertNotEqual(elsewhere["user"]["id"], body["user"]["id"])

        removed = tenancy.delete_third_party_config(tenant_id, "outside")
        self.assertTrue(removed.did_config_exist)
        again = tenancy.delete_third_party_config(tenant_id, "outside")
        self.assertFalse(again.did_config_exist)
        self.assertEqual(self.login_methods(tenant_id)["thirdParty"]["providers"], [])

    def test_users_sessions_and_codes_of_one_tenant_are_of_no_use_in_another(self):
        one, two = self.new_tenant(), self.new_tenant()
        email = new_email()
        front_end, body = self.sign_in_tenant(one, "signup", email)
        user_id = body["user"]["id"]
        self.assertEqual(body["user"]["tenantIds"], [one])
        self.assertEqual(front_end.claims()["tId"], one)
        self.assertEqual(front_end.send("GET", "/me").body, {"userId": user_id})
        self.assertEqual(front_end.refresh_session().status, 200)
        self.assertEqual(front_end.claims()["tId"], one)
        for other in [two, "public"]:
            _, refused = self.sign_in_tenant(other, "signin", email)
            self.assertEqual(refused["status"], "WRONG_CREDENTIALS_ERROR")
            found = list_users_by_account_info(other, AccountInfoInput(email=email))
            self.assertEqual(found, [])
        _, second = self.sign_in_tenant(two, "signup", email)
        self.assertEqual(self.everybody(one), [user_id])
        self.assertEqual(self.everybody(two), [second["user"]["id"]])
        found = get_users_oldest_first(one, query={"email": email}).users
        self.assertEqual([user.id for user in found], [user_id])

        token = addresses.create_email_verification_token(one, RecipeUserId(user_id)).token
        wrong = addresses.verify_email_using_token(two, token)
        self.assertIsInstance(wrong, VerifyEmailUsingTokenInvalidTokenError)
        right = addresses.verify_email_using_token(one, token)
        self.assertIsInstance(right, VerifyEmailUsingTokenOkResult)
        code = codes.create_code(one, email=email)
        wrong = codes.consume_code(two, code.pre_auth_session_id, link_code=code.link_code)
        self.assertIsInstance(wrong, ConsumeCodeRestartFlowError)
        right = codes.consume_code(one, code.pre_auth_session_id, link_code=code.link_code)
        self.assertIsInstance(right, ConsumeCodeOkResult)
        for tenant_id, number in [(one, 1), (two, 0)]:
            handles = sessions.get_all_session_handles_for_user(user_id, True, tenant_id)
            self.assertEqual(len(handles), number)

    def test_a_user_is_let_into_a_tenant_and_out_of_it(self):
        tenant_id = self.new_tenant()
        _, email, user_id = self.signed_up()
        own = RecipeUserId(user_id)
        before = get_user_count()
        joined = tenancy.associate_user_to_tenant(tenant_id, own)
        self.assertFalse(joined.was_already_associated)
        again = tenancy.associate_user_to_tenant(tenant_id, own)
        self.assertTrue(again.was_already_associated)
        front_end, body = self.sign_in_tenant(tenant_id, "signin", email)
        self.assertEqual(body["user"]["id"], user_id)
        self.assertEqual(sorted(body["user"]["tenantIds"]), ["public", tenant_id])
        self.assertEqual(front_end.claims()["tId"], tenant_id)
        self.assertEqual(self.everybody(tenant_id), [user_id])
        self.assertEqual(get_user_count(), before)
        left = tenancy.disassociate_user_from_tenant(tenant_id, own)
        self.assertTrue(left.was_associated)
        again = tenancy.disassociate_user_from_tenant(tenant_id, own)
        self.assertFalse(again.was_associated)
        self.assertEqual(self.everybody(tenant_id), [])
        self.assertEqual(front_end.refresh_session().status, 401)
        _, refused = self.sign_in_tenant(tenant_id, "signin", email)
        self.assertEqual(refused["status"], "WRONG_CREDENTIALS_ERROR")

        nobody = tenancy.associate_user_to_tenant(tenant_id, RecipeUserId("nobody"))
        self.assertEqual(nobody.status, "UNKNOWN_USER_ID_ERROR")
        _, other = self.sign_in_tenant(tenant_id, "signup", email)
        taken = tenancy.associate_user_to_tenant(tenant_id, own)
        self.assertEqual(taken.status, "EMAIL_ALREADY_EXISTS_ERROR")
        delete_user(other["user"]["id"])
        # Of two users that other login methods may join, one may have an address.
        user = codes.signinup(tenant_id, email, None).user
        linking.create_primary_user(user.login_methods[0].recipe_user_id)
        linking.create_primary_user(own)
        refused = tenancy.associate_user_to_tenant(tenant_id, own)
        self.assertEqual(refused.status, "ASSOCIATION_NOT_ALLOWED_ERROR")
        self.assertIn("email is already associated", refused.reason)

    def test_a_tenant_that_is_deleted_leaves_its_users_in_their_other_tenants(self):
        tenant_id = self.new_tenant()
        _, email, user_id = self.signed_up()
        tenancy.associate_user_to_tenant(tenant_id, RecipeUserId(user_id))
        front_end, _ = self.sign_in_tenant(tenant_id, "signin", email)
        tenancy.delete_tenant(tenant_id)
        self.assertEqual(front_end.refresh_session().status, 401)
        self.assertEqual(get_user(user_id).tenant_ids, ["public"])
        _, again = self.sign_in_tenant("public", "signin", email)
        self.assertEqual(again["status"], "OK")
        with self.assertRaisesRegex(Exception, "400"):
            passwords.sign_in(tenant_id, email, PASSWORD)
        with self.assertRaisesRegex(Exception, "400"):
            tenancy.associate_user_to_tenant(tenant_id, RecipeUserId(user_id))

    def test_an_app_beside_the_first_has_its_own_users_tenants_and_keys(self):
        def ask(method, path, body):
            headers = {"api-key": API_KEY}
            answer = httpx.request(method, self.connection_uri + path, json=body, headers=headers)
            self.assertEqual(answer.status_code, 200, answer.text)
            return answer.json()

        path = "/recipe/multitenancy/app"
        made = ask("PUT", f"{path}/v2", {"appId": "beside", "firstFactors": None})
        self.assertEqual(made, {"status": "OK", "createdNew": True})
        email = new_email()
        _, body = self.sign_in_tenant("public", "signup", email)
        uri = f"{self.connection_uri}/appid-beside"
        beside = json.loads(
            subprocess.check_output([sys.executable, "second_app.py", uri, email], text=True)
        )
        self.assertNotEqual(beside["userId"], body["user"]["id"])
        self.assertEqual(beside["count"], 1)
        self.assertEqual(beside["tenants"], ["here", "public"])
        self.assertIsNone(get_user(beside["userId"]))
        self.assertIsNone(tenancy.get_tenant("here"))
        # It is signed by another app's key.
        self.assertEqual(self.front_end().send("GET", "/me", token=beside["token"]).status, 401)
        # Its tenants have to go first.
        tenant = {"tenantId": "here"}
        ask("POST", "/appid-beside/recipe/multitenancy/tenant/remove", tenant)
        removed = ask("POST", f"{path}/remove", {"appId": "beside"})
        self.assertEqual(removed, {"status": "OK", "didExist": True})
