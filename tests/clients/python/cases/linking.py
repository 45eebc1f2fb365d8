"""Several login methods of one user, and what mails carry."""

from urllib.parse import parse_qs, urlsplit

from sdk import LINKED, mails_to
from supertokens_python.recipe.accountlinking import syncio as linking
from supertokens_python.recipe.multifactorauth import syncio as factors
from supertokens_python.recipe.thirdparty import syncio as accounts
from supertokens_python.syncio import delete_user, get_user
from supertokens_python.types import RecipeUserId

from .application import PASSWORD, Application, new_email


def token_in(link):
    [token] = parse_qs(urlsplit(link).query)["token"]
    return token


class Linking(Application):
    def verify(self, front_end, email):
        """Verifies the address of who is signed in by the link of a mail."""
        asked = front_end.send("POST", "/auth/user/email/verify/token").body
        self.assertEqual(asked, {"status": "OK"})
        token = token_in(mails_to(email)[-1].email_verify_link)
        body = {"method": "token", "token": token}
        verified = front_end.send("POST", "/auth/user/email/verify", body).body
        self.assertEqual(verified["status"], "OK", verified)
        state = front_end.send("GET", "/auth/user/email/verify").body
        self.assertEqual(state, {"status": "OK", "isVerified": True})

    def test_a_forgotten_password_is_reset_by_the_link_of_a_mail_once(self):
        _, email, user_id = self.signed_up()
        front_end = self.front_end()
        fields = {"formFields": [{"id": "email", "value": email}]}
        sent = front_end.send("POST", "/auth/user/password/reset/token", fields).body
        self.assertEqual(sent, {"status": "OK"})
        token = token_in(mails_to(email)[-1].password_reset_link)
        fields = [{"id": "password", "value": "another1horse"}]
        body = {"method": "token", "token": token, "formFields": fields}

        def reset():
            return front_end.send("POST", "/auth/user/password/reset", body).body["status"]

        self.assertEqual(reset(), "OK")
        self.assertEqual(reset(), "RESET_PASSWORD_INVALID_TOKEN_ERROR")
        signed_in = front_end.sign("/auth/signin", email, "another1horse")
        self.assertEqual(signed_in["user"]["id"], user_id)

    def test_login_methods_are_linked_by_the_application_and_apart_again(self):
        _, _, user_id = self.signed_up()
        email = new_email()
        sign_in_up = accounts.manually_create_or_update_user
        user = sign_in_up("public", "outside", f"at-{email}", email, True).user
        other = user.login_methods[0].recipe_user_id
        early = linking.link_accounts(other, user_id)
        self.assertEqual(early.status, "INPUT_USER_IS_NOT_A_PRIMARY_USER")
        created = linking.create_primary_user(RecipeUserId(user_id))
        self.assertFalse(created.was_already_a_primary_user)
        self.assertEqual(linking.can_link_accounts(other, user_id).status, "OK")
        linked = linking.link_accounts(other, user_id)
        self.assertEqual(len(linked.user.login_methods), 2)
        self.assertEqual(get_user(other.get_as_string()).id, user_id)
        self.outside.account = {"sub": f"at-{email}", "email": email, "email_verified": True}
        front_end, _, _ = self.through_provider()
        self.assertEqual(front_end.send("GET", "/me").body, {"userId": user_id})
        parted = linking.unlink_account(other)
        self.assertEqual([parted.was_linked, parted.was_recipe_user_deleted], [True, False])
        self.assertEqual(front_end.refresh_session().status, 401)
        self.assertEqual(len(get_user(other.get_as_string()).login_methods), 1)

    def test_a_verified_address_links_what_a_provider_knows_by_it(self):
        front_end, email, user_id = self.signed_up(domain=LINKED)
        self.outside.account = {"sub": f"at-{email}", "email": email, "email_verified": True}
        self.verify(front_end, email)
        _, body, _ = self.through_provider()
        self.assertEqual(body["user"]["id"], user_id)
        self.assertTrue(body["user"]["isPrimaryUser"])
        recipes = sorted(method["recipeId"] for method in body["user"]["loginMethods"])
        self.assertEqual(recipes, ["emailpassword", "thirdparty"])
        delete_user(user_id)
        self.assertIsNone(get_user(user_id))

    def test_a_code_by_mail_is_a_second_factor_which_the_first_sign_in_with_it_adds(self):
        front_end, email, user_id = self.signed_up(domain=LINKED)
        self.verify(front_end, email)
        factors.add_to_required_secondary_factors_for_user(user_id, "otp-email")
        front_end = self.front_end()
        front_end.sign("/auth/signin", email, PASSWORD)
        refused = front_end.send("GET", "/me")
        self.assertEqual(refused.status, 403)
        self.assertEqual(refused.body["claimValidationErrors"][0]["id"], "st-mfa")
        state = front_end.send("PUT", "/auth/mfa/info").body
        self.assertEqual(state["factors"]["next"], ["otp-email"])
        sent = front_end.send("POST", "/auth/signinup/code", {"email": email}).body
        body = {
            "deviceId": sent["deviceId"],
            "preAuthSessionId": sent["preAuthSessionId"],
            "userInputCode": mails_to(email)[-1].user_input_code,
        }
        added = front_end.send("POST", "/auth/signinup/code/consume", body).body
        self.assertEqual(added["status"], "OK", added)
        self.assertEqual(added["user"]["id"], user_id)
        self.assertEqual(len(added["user"]["loginMethods"]), 2)
        self.assertEqual(front_end.send("GET", "/me").status, 200)
