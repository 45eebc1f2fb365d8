"""Passkeys: made, used, added, removed and recovered, by the SDK's routes."""

from urllib.parse import parse_qs, urlencode, urlsplit

from authenticator import EDDSA, ES256, SITE, Authenticator
from sdk import mails_to

from .application import Application, new_email

WRONG = {"status": "INVALID_CREDENTIALS_ERROR"}


class PasskeyRoutes(Application):
    def post(self, front_end, path, body):
        # Without the recipe, this SDK takes `/auth/webauthn/signup` for the sign-up by a password
        # in a tenant of that name.
        answer = front_end.send("POST", f"/auth{path}", body, recipe="webauthn")
        self.assertEqual(answer.status, 200, answer)
        return answer.body

    def make(self, front_end, authenticator, whom, path, **more):
        """Makes a passkey by options for an address or a token, and sends it to a route."""
        options = self.post(front_end, "/webauthn/options/register", whom)
        self.assertEqual(options["status"], "OK", options)
        body = {
            "webauthnGeneratedOptionsId": options["webauthnGeneratedOptionsId"],
            "credential": authenticator.create(options),
        }
        return self.post(front_end, path, {**body, **more})

    def use(self, front_end, authenticator, **change):
        """Signs in; `change` is what the browser is told otherwise than it was answered."""
        options = self.post(front_end, "/webauthn/options/signin", {})
        self.assertEqual(options["status"], "OK", options)
        body = {
            "webauthnGeneratedOptionsId": options["webauthnGeneratedOptionsId"],
            "credential": authenticator.get({**options, **change}),
        }
        return body, self.post(front_end, "/webauthn/signin", body)

    def test_a_passkey_signs_up_in_and_is_managed_by_the_routes(self):
        email, front_end = new_email(), self.front_end()

        def exists():
            asked = urlencode({"email": email})
            return front_end.send("GET", f"/auth/webauthn/email/exists?{asked}").body

        self.assertEqual(exists(), {"status": "OK", "exists": False})
        first, second = Authenticator(EDDSA, counts=True), Authenticator(ES256)
        made = self.make(front_end, first, {"email": email}, "/webauthn/signup")
        self.assertEqual(made["status"], "OK", made)
        self.assertEqual(made["user"]["webauthn"]["credentialIds"], [first.credential_id])
        self.assertEqual(exists(), {"status": "OK", "exists": True})
        user_id = made["user"]["id"]
        self.assertEqual(front_end.send("GET", "/me").body, {"userId": user_id})

        body, answer = self.use(self.front_end(), first)
        self.assertEqual(answer["status"], "OK", answer)
        self.assertEqual(answer["user"]["id"], user_id)
        another = self.front_end()
        challenge = self.post(another, "/webauthn/options/signin", {})["challenge"]
        self.assertEqual(self.use(another, first, challenge=challenge)[1], WRONG)
        self.assertIsNone(another.access)

        own_id = made["user"]["loginMethods"][0]["recipeUserId"]
        adding = {"path": "/webauthn/credential", "recipeUserId": own_id}
        added = self.make(front_end, second, {"email": email}, **adding)
        self.assertEqual(added, {"status": "OK"})
        listed = front_end.send("GET", "/auth/webauthn/credential/list").body
        ids = sorted(one["webauthnCredentialId"] for one in listed["credentials"])
        self.assertEqual(ids, sorted([first.credential_id, second.credential_id]))
        one = listed["credentials"][0]
        self.assertEqual((one["recipeUserId"], one["relyingPartyId"]), (own_id, SITE))
        removing = {"webauthnCredentialId": first.credential_id}
        removed = self.post(front_end, "/webauthn/credential/remove", removing)
        self.assertEqual(removed, {"status": "OK"})
        self.assertEqual(self.use(another, first)[1], WRONG)
        self.assertEqual(self.post(another, "/webauthn/signin", body), WRONG)
        self.assertEqual(self.use(another, second)[1]["status"], "OK")
        nobody = self.front_end().send("GET", "/auth/webauthn/credential/list")
        self.assertEqual(nobody.status, 401)

    def test_a_lost_passkey_is_replaced_by_the_link_of_a_mail_once(self):
        email, front_end = new_email(), self.front_end()
        made = self.make(front_end, Authenticator(), {"email": email}, "/webauthn/signup")
        self.assertEqual(made["status"], "OK", made)
        for address in [new_email(), email]:
            sent = self.post(front_end, "/user/webauthn/reset/token", {"email": address})
            self.assertEqual(sent, {"status": "OK"})
        link = urlsplit(mails_to(email)[-1].recover_account_link)
        [token] = parse_qs(link.query)["token"]
        found, whom = Authenticator(EDDSA), {"recoverAccountToken": token}
        path = "/user/webauthn/reset"
        recovered = self.make(front_end, found, whom, path, token=token)
        self.assertEqual(recovered["status"], "OK", recovered)
        late = self.post(front_end, "/webauthn/options/register", whom)
        self.assertEqual(late["status"], "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR")
        _, answer = self.use(self.front_end(), found)
        self.assertEqual(answer["status"], "OK", answer)
        self.assertEqual(answer["user"]["id"], made["user"]["id"])
        # Who has had the mail has the address.
        self.assertTrue(answer["user"]["loginMethods"][0]["verified"])
