"""Accounts: signing up and in, passwords, lists, deletion."""

from supertokens_python.recipe.emailpassword import syncio as passwords
from supertokens_python.recipe.emailpassword.interfaces import UpdateEmailOrPasswordOkResult
from supertokens_python.recipe.session import syncio as sessions
from supertokens_python.recipe.usermetadata import syncio as metadata
from supertokens_python.syncio import (
    delete_user,
    get_user,
    get_user_count,
    get_users_newest_first,
    get_users_oldest_first,
    list_users_by_account_info,
)
from supertokens_python.types.base import AccountInfoInput

from .application import PASSWORD, Application


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


class Users(Application):
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

    def test_users_are_paged_through_in_both_orders(self):
        before = get_user_count(tenant_id="public")
        joined = [self.signed_up()[2] for _ in range(5)]
        self.assertEqual(get_user_count(tenant_id="public"), before + 5)
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
