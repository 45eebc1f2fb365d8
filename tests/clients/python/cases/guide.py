"""The guide's own way: sign-up or a provider, refresh, a second factor of the application's."""

from .application import PASSWORD, Application, new_email


class Guide(Application):
    def does_second_factor(self, front_end):
        """That a session's route of the second factor is closed until it is done."""
        # The override has made the claim, before any route asked for it.
        self.assertIs(front_end.claims().get("2fa-completed", {}).get("v"), False)
        refused = front_end.send("GET", "/second-factor")
        self.assertEqual(refused.status, 403)
        [error] = refused.body["claimValidationErrors"]
        self.assertEqual(error["id"], "2fa-completed")
        self.assertIs(error["reason"]["actualValue"], False)
        self.assertEqual(front_end.refresh_session().status, 200)
        self.assertEqual(front_end.send("GET", "/second-factor").status, 403)
        self.assertEqual(front_end.send("POST", "/complete-second-factor").status, 200)
        self.assertEqual(front_end.send("GET", "/second-factor").status, 200)
        self.assertEqual(front_end.refresh_session().status, 200)
        self.assertIs(front_end.claims()["2fa-completed"]["v"], True)
        self.assertEqual(front_end.send("GET", "/second-factor").status, 200)

    def test_who_signs_up_does_a_second_factor_again_in_each_session(self):
        front_end, email, _ = self.signed_up()
        self.does_second_factor(front_end)
        again = self.front_end()
        self.assertEqual(again.sign("/auth/signin", email, PASSWORD)["status"], "OK")
        self.assertEqual(again.send("GET", "/second-factor").status, 403)

    def test_who_comes_from_a_provider_does_a_second_factor_too(self):
        email = new_email()
        account = {"sub": f"at-{email}", "email": email, "email_verified": True}
        self.outside.account = account
        front_end, body, code = self.through_provider()
        self.assertEqual(self.outside.exchanged[-1], code)
        self.assertEqual(self.outside.read[-1], account["sub"])
        self.assertTrue(body["createdNewRecipeUser"])
        user = body["user"]
        self.assertEqual(user["thirdParty"], [{"id": "outside", "userId": account["sub"]}])
        self.assertEqual(user["emails"], [email])
        self.assertTrue(user["loginMethods"][0]["verified"])
        self.does_second_factor(front_end)

        front_end, again, later = self.through_provider()
        self.assertEqual(self.outside.exchanged[-2:], [code, later])
        self.assertFalse(again["createdNewRecipeUser"])
        self.assertEqual(again["user"]["id"], user["id"])
        self.assertEqual(front_end.send("GET", "/second-factor").status, 403)

    def test_a_session_lives_in_cookies_where_the_browser_asks_for_them(self):
        _, email, _ = self.signed_up()
        front_end = self.front_end("cookie")
        front_end.sign("/auth/signin", email, PASSWORD)
        self.assertEqual(sorted(front_end.cookies), ["sAccessToken", "sRefreshToken"])
        self.assertEqual(front_end.send("GET", "/me").status, 200)
        self.assertEqual(front_end.refresh_session().status, 200)
        self.assertEqual(front_end.send("POST", "/complete-second-factor").status, 200)
        self.assertEqual(front_end.send("GET", "/second-factor").status, 200)
        self.assertEqual(front_end.send("POST", "/auth/signout").status, 200)
        self.assertEqual(front_end.send("GET", "/me").status, 401)
