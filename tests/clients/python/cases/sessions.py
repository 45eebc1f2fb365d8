"""Sessions: refresh, theft, claims, data, roles."""

from routes import is_on_level_two
from sdk import LEVEL
from supertokens_python.async_to_sync_wrapper import sync
from supertokens_python.recipe.session import asyncio as claims
from supertokens_python.recipe.session import syncio as sessions
from supertokens_python.recipe.userroles import syncio as roles

from .application import Application


class Sessions(Application):
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
