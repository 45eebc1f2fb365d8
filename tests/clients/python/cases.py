"""What an application on the SDK does, whatever its framework."""

import itertools
from urllib.parse import parse_qs, urlsplit

import sdk
from core import Core
from front_end import FrontEnd
from one_time_codes import totp
from sdk import LEVEL, is_on_level_two
from supertokens_python.async_to_sync_wrapper import sync
from supertokens_python.recipe.emailpassword import syncio as passwords
from supertokens_python.recipe.emailpassword.interfaces import UpdateEmailOrPasswordOkResult
from supertokens_python.recipe.emailverification import syncio as addresses
from supertokens_python.recipe.emailverification.interfaces import VerifyEmailUsingTokenOkResult
from supertokens_python.recipe.multifactorauth import syncio as factors
from supertokens_python.recipe.passwordless import syncio as codes
from supertokens_python.recipe.passwordless.interfaces import UpdateUserOkResult
from supertokens_python.recipe.session import asyncio as claims
from supertokens_python.recipe.session import syncio as sessions
from supertokens_python.recipe.thirdparty import syncio as accounts
from supertokens_python.recipe.totp import syncio as devices
from supertokens_python.recipe.usermetadata import syncio as metadata
from supertokens_python.recipe.userroles import syncio as roles
from supertokens_python.syncio import (
    delete_user,
    get_user,
    get_user_count,
    get_users_newest_first,
    get_users_oldest_first,
    list_users_by_account_info,
)
from supertokens_python.types import RecipeUserId
from supertokens_python.types.base import AccountInfoInput

PASSWORD = "correct1horse"
numbers = itertools.count()


def walk(list_users, limit):
    """The ids of all users, page by page."""
    ids, token = [], None
    while True:
        page = list_users("public", limit=limit, pagination_token=token)
        assert len(page.users) <= limit
        ids += [user.id for user in page.users]
        token = page.next_pagination_token
        if not token:
            return ids


class Cases:
    """The cases; a framework's class says how it is served."""

    @classmethod
    def setUpClass(cls):
        cls.core = Core()
        sdk.start(cls.framework, cls.mode, cls.core.connection_uri)
        cls.ask = staticmethod(cls.serve())

    @classmethod
    def tearDownClass(cls):
        cls.core.stop()

    def front_end(self):
        return FrontEnd(self.ask)

    def signed_up(self):
        front_end = self.front_end()
        email = f"user-{next(numbers)}@example.com"
        body = front_end.sign("/auth/signup", email, PASSWORD)
        self.assertEqual(body["status"], "OK", body)
        return front_end, email, body["user"]["id"]

    def test_a_user_signs_up_once_and_in_by_the_right_password_only(self):
        _, email, user_id = self.signed_up()
        again = self.front_end().sign("/auth/signup", email, PASSWORD)
        self.assertEqual(again["status"], "FIELD_ERROR")
        wrong = self.front_end().sign("/auth/signin", email, "wrong1horse")
        self.assertEqual(wrong["status"], "WRONG_CREDENTIALS_ERROR")
        front_end = self.front_end()
        right = front_end.sign("/auth/signin", email, PASSWORD)
        self.assertEqual(right["user"]["id"], user_id)
        self.assertEqual(front_end.send("GET", "/me").body, {"userId": user_id})
        self.assertEqual(self.front_end().send("GET", "/me").status, 401)
        self.assertEqual(front_end.send("POST", "/auth/signout").body, {"status": "OK"})
        self.assertEqual(sessions.get_all_session_handles_for_user(user_id)[1:], [])

    def test_a_session_is_refreshed_and_a_token_used_twice_is_theft(self):
        front_end, _, user_id = self.signed_up()
        stolen = front_end.refresh
        self.assertEqual(front_end.refresh_session().status, 200)
        # Used before a child of it was: two tabs that race.
        self.assertEqual(front_end.refresh_session(stolen).status, 200)
        self.assertEqual(front_end.send("GET", "/me").status, 200)
        self.assertEqual(front_end.refresh_session().status, 200)
        self.assertEqual(self.front_end().refresh_session(stolen).status, 401)
        self.assertEqual(sessions.get_all_session_handles_for_user(user_id), [])

    def test_a_claim_is_set_fetched_validated_and_removed(self):
        front_end, _, user_id = self.signed_up()
        [handle] = sessions.get_all_session_handles_for_user(user_id)
        refused = front_end.send("GET", "/level-two")
        self.assertEqual(refused.status, 403)
        self.assertEqual(refused.body["claimValidationErrors"][0]["reason"]["actualValue"], 1)
        front_end.send("POST", "/level-up")
        self.assertEqual(front_end.send("GET", "/level-two").status, 200)
        self.assertEqual(sync(claims.get_claim_value(handle, LEVEL)).value, 2)
        checked = sync(claims.validate_claims_for_session_handle(handle, is_on_level_two))
        self.assertEqual(checked.invalid_claims, [])
        self.assertTrue(sync(claims.fetch_and_set_claim(handle, LEVEL)))
        self.assertEqual(sync(claims.get_claim_value(handle, LEVEL)).value, 1)
        checked = sync(claims.validate_claims_for_session_handle(handle, is_on_level_two))
        self.assertEqual([claim.id_ for claim in checked.invalid_claims], ["level"])
        self.assertTrue(sync(claims.set_claim_value(handle, LEVEL, 3)))
        self.assertTrue(sync(claims.remove_claim(handle, LEVEL)))
        self.assertIsNone(sync(claims.get_claim_value(handle, LEVEL)).value)

    def test_a_session_keeps_data_and_is_revoked(self):
        front_end, _, user_id = self.signed_up()
        [handle] = sessions.get_all_session_handles_for_user(user_id)
        self.assertTrue(sessions.update_session_data_in_database(handle, {"note": None}))
        self.assertTrue(sessions.merge_into_access_token_payload(handle, {"color": "green"}))
        information = sessions.get_session_information(handle)
        self.assertEqual(information.session_data_in_database, {"note": None})
        self.assertEqual(information.custom_claims_in_access_token_payload["color"], "green")
        self.assertEqual(sessions.revoke_all_sessions_for_user(user_id), [handle])
        self.assertIsNone(sessions.get_session_information(handle))
        self.assertEqual(front_end.refresh_session().status, 401)

    def test_a_permission_of_a_role_opens_a_route(self):
        front_end, _, user_id = self.signed_up()
        refused = front_end.send("GET", "/write")
        self.assertEqual(refused.status, 403)
        self.assertEqual(refused.body["claimValidationErrors"][0]["id"], "st-perm")
        roles.create_new_role_or_add_permissions("editor", ["write", "read"])
        self.assertFalse(roles.add_role_to_user("public", user_id, "editor").did_user_already_have_role)
        self.assertEqual(roles.get_roles_for_user("public", user_id).roles, ["editor"])
        self.assertEqual(roles.get_users_that_have_role("public", "editor").users, [user_id])
        self.assertEqual(roles.get_roles_that_have_permission("write").roles, ["editor"])
        front_end.send("POST", "/fetch-permissions")
        self.assertEqual(front_end.send("GET", "/write").status, 200)
        roles.remove_permissions_from_role("editor", ["write"])
        self.assertEqual(roles.get_permissions_for_role("editor").permissions, ["read"])
        front_end.send("POST", "/fetch-permissions")
        self.assertEqual(front_end.send("GET", "/write").status, 403)
        self.assertTrue(roles.remove_user_role("public", user_id, "editor").did_user_have_role)
        self.assertTrue(roles.delete_role("editor").did_role_exist)
        self.assertNotIn("editor", roles.get_all_roles().roles)

    def test_metadata_is_merged_and_null_removes_a_key(self):
        _, _, user_id = self.signed_up()
        metadata.update_user_metadata(user_id, {"a": 1, "b": {"c": [None]}})
        merged = metadata.update_user_metadata(user_id, {"a": None, "d": "ä"})
        self.assertEqual(merged.metadata, {"b": {"c": [None]}, "d": "ä"})
        metadata.clear_user_metadata(user_id)
        self.assertEqual(metadata.get_user_metadata(user_id).metadata, {})

    def test_a_password_is_reset_by_a_token_that_works_once(self):
        _, email, user_id = self.signed_up()
        created = passwords.create_reset_password_token("public", user_id, email)

        def reset():
            new = "another1horse"
            return passwords.reset_password_using_token("public", created.token, new)

        self.assertIsInstance(reset(), UpdateEmailOrPasswordOkResult)
        self.assertEqual(reset().status, "RESET_PASSWORD_INVALID_TOKEN_ERROR")
        old = passwords.sign_in("public", email, PASSWORD)
        self.assertEqual(old.status, "WRONG_CREDENTIALS_ERROR")
        new = passwords.sign_in("public", email, "another1horse")
        self.assertEqual(new.user.id, user_id)

    def test_an_address_is_verified_by_a_token_once_and_can_be_unverified(self):
        _, _, user_id = self.signed_up()
        own = RecipeUserId(user_id)
        created = addresses.create_email_verification_token("public", own)
        beside = addresses.create_email_verification_token("public", own)
        self.assertFalse(addresses.is_email_verified(own))
        verified = addresses.verify_email_using_token("public", created.token)
        self.assertIsInstance(verified, VerifyEmailUsingTokenOkResult)
        again = addresses.verify_email_using_token("public", beside.token)
        self.assertNotIsInstance(again, VerifyEmailUsingTokenOkResult)
        self.assertTrue(addresses.is_email_verified(own))
        addresses.unverify_email(own)
        self.assertFalse(addresses.is_email_verified(own))

    def test_an_account_at_a_third_party_signs_up_and_in_with_another_address(self):
        email, changed = (f"user-{next(numbers)}@example.com" for _ in range(2))
        sign_in_up = accounts.manually_create_or_update_user
        signed_up = sign_in_up("public", "google", email, email, True)
        self.assertTrue(signed_up.created_new_recipe_user)
        signed_in = sign_in_up("public", "google", email, changed, False)
        self.assertFalse(signed_in.created_new_recipe_user)
        self.assertEqual(signed_in.user.id, signed_up.user.id)
        self.assertEqual(signed_in.user.emails, [changed])

    def test_users_are_paged_through_in_both_orders(self):
        before = get_user_count()
        joined = [self.signed_up()[2] for _ in range(5)]
        self.assertEqual(get_user_count(), before + 5)
        for limit in [1, 2, 500]:
            newest = walk(get_users_newest_first, limit)
            oldest = walk(get_users_oldest_first, limit)
            self.assertEqual(len(set(newest)), before + 5)
            self.assertEqual(newest, oldest[::-1])
            self.assertEqual(oldest[-5:], joined)

    def test_a_user_is_found_and_deleted_with_its_sessions(self):
        front_end, email, user_id = self.signed_up()
        found = list_users_by_account_info("public", AccountInfoInput(email=email))
        self.assertEqual([user.id for user in found], [user_id])
        delete_user(user_id)
        self.assertIsNone(get_user(user_id))
        self.assertEqual(front_end.refresh_session().status, 401)
        self.assertEqual(self.front_end().sign("/auth/signup", email, PASSWORD)["status"], "OK")

    def test_a_code_by_mail_signs_up_and_a_link_signs_in(self):
        email, front_end = f"user-{next(numbers)}@example.com", self.front_end()
        sent = front_end.send("POST", "/auth/signinup/code", {"email": email}).body
        self.assertEqual(sent["status"], "OK", sent)
        device = {name: sent[name] for name in ["deviceId", "preAuthSessionId"]}

        def consume(code):
            body = {"userInputCode": code, **device}
            return front_end.send("POST", "/auth/signinup/code/consume", body).body

        wrong = consume("wrong")
        self.assertEqual(wrong["status"], "INCORRECT_USER_INPUT_CODE_ERROR")
        self.assertEqual(wrong["failedCodeInputAttemptCount"], 1)
        resent = front_end.send("POST", "/auth/signinup/code/resend", device).body
        self.assertEqual(resent, {"status": "OK"})
        [first, second] = [mail.user_input_code for mail in sdk.mails if mail.email == email]
        self.assertEqual(len(codes.list_codes_by_email("public", email)), 1)
        signed_up = consume(second)
        self.assertEqual(signed_up["status"], "OK", signed_up)
        self.assertTrue(signed_up["createdNewRecipeUser"])
        self.assertEqual(front_end.send("GET", "/me").status, 200)
        self.assertEqual(consume(first)["status"], "RESTART_FLOW_ERROR")
        self.assertEqual(codes.list_codes_by_email("public", email), [])
        link = urlsplit(codes.create_magic_link("public", email, None))
        [pre_auth_session_id] = parse_qs(link.query)["preAuthSessionId"]
        body = {"linkCode": link.fragment, "preAuthSessionId": pre_auth_session_id}
        signed_in = front_end.send("POST", "/auth/signinup/code/consume", body).body
        self.assertEqual(signed_in["status"], "OK", signed_in)
        self.assertFalse(signed_in["createdNewRecipeUser"])
        self.assertEqual(signed_in["user"]["id"], signed_up["user"]["id"])
        user_id = RecipeUserId(signed_up["user"]["id"])
        changed = codes.update_user(user_id, phone_number="+4915112345678")
        self.assertIsInstance(changed, UpdateUserOkResult)
        self.assertEqual(get_user(signed_up["user"]["id"]).phone_numbers, ["+4915112345678"])

    def test_a_second_factor_is_set_up_and_asked_for_at_the_next_sign_in(self):
        front_end, email, user_id = self.signed_up()
        factors.add_to_required_secondary_factors_for_user(user_id, "totp")
        front_end = self.front_end()
        front_end.sign("/auth/signin", email, PASSWORD)
        refused = front_end.send("GET", "/me")
        self.assertEqual(refused.status, 403)
        self.assertEqual(refused.body["claimValidationErrors"][0]["id"], "st-mfa")
        device = front_end.send("POST", "/auth/totp/device", {"deviceName": "phone"}).body
        self.assertEqual(device["status"], "OK", device)
        wrong = {"deviceName": "phone", "totp": "000000x"}
        verified = front_end.send("POST", "/auth/totp/device/verify", wrong).body
        self.assertEqual(verified["status"], "INVALID_TOTP_ERROR")
        right = {"deviceName": "phone", "totp": totp(device["secret"])}
        verified = front_end.send("POST", "/auth/totp/device/verify", right).body
        self.assertEqual(verified, {"status": "OK", "wasAlreadyVerified": False})
        self.assertEqual(front_end.send("GET", "/me").status, 200)
        self.assertEqual([it.name for it in devices.list_devices(user_id).devices], ["phone"])
        front_end = self.front_end()
        front_end.sign("/auth/signin", email, PASSWORD)
        self.assertEqual(front_end.send("GET", "/me").status, 403)
        used = front_end.send("POST", "/auth/totp/verify", {"totp": right["totp"]}).body
        self.assertEqual(used["status"], "INVALID_TOTP_ERROR")
        next_one = {"totp": totp(device["secret"], steps_ahead=1)}
        self.assertEqual(front_end.send("POST", "/auth/totp/verify", next_one).body["status"], "OK")
        self.assertEqual(front_end.send("GET", "/me").status, 200)
        removed = devices.remove_device(user_id, "phone")
        self.assertTrue(removed.did_device_exist)
