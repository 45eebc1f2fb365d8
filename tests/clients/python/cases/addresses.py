"""Addresses that are proved, and accounts at third parties."""

from supertokens_python.recipe.emailverification import syncio as addresses
from supertokens_python.recipe.emailverification.interfaces import VerifyEmailUsingTokenOkResult
from supertokens_python.recipe.thirdparty import syncio as accounts
from supertokens_python.types import RecipeUserId

from .application import Application, new_email


class Addresses(Application):
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
        email, changed = (new_email() for _ in range(2))
        sign_in_up = accounts.manually_create_or_update_user
        signed_up = sign_in_up("public", "google", email, email, True)
        self.assertTrue(signed_up.created_new_recipe_user)
        signed_in = sign_in_up("public", "google", email, changed, False)
        self.assertFalse(signed_in.created_new_recipe_user)
        self.assertEqual(signed_in.user.id, signed_up.user.id)
        self.assertEqual(signed_in.user.emails, [changed])
