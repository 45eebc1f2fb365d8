"""One-time codes, links and second factors."""

from urllib.parse import parse_qs, urlsplit

from one_time_codes import totp
from sdk import mails_to
from supertokens_python.recipe.multifactorauth import syncio as factors
from supertokens_python.recipe.passwordless import syncio as codes
from supertokens_python.recipe.passwordless.interfaces import UpdateUserOkResult
from supertokens_python.recipe.totp import syncio as devices
from supertokens_python.syncio import get_user
from supertokens_python.types import RecipeUserId

from .application import PASSWORD, Application, new_email


class Codes(Application):
    def test_a_code_by_mail_signs_up_and_a_link_signs_in(self):
        email, front_end = new_email(), self.front_end()
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
        [first, second] = [mail.user_input_code for mail in mails_to(email)]
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
