"""supertokens-python on FastAPI: what an application on the SDK does."""

import itertools
import unittest

import httpx
from core import API_KEY, Core
from fastapi import Depends, FastAPI
from front_end import FrontEnd
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.asyncio import (
    delete_user,
    get_user,
    get_user_count,
    get_users_newest_first,
    list_users_by_account_info,
)
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session, usermetadata, userroles
from supertokens_python.recipe.emailpassword import asyncio as passwords
from supertokens_python.recipe.emailpassword.interfaces import UpdateEmailOrPasswordOkResult
from supertokens_python.recipe.session import asyncio as sessions
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.usermetadata import asyncio as metadata
from supertokens_python.recipe.userroles import PermissionClaim
from supertokens_python.recipe.userroles import asyncio as roles
from supertokens_python.types.base import AccountInfoInput

PASSWORD = "correct1horse"
numbers = itertools.count()


def application():
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.get("/me")
    async def me(current=Depends(verify_session())):
        return {"userId": current.get_user_id()}

    def may_write(validators, *_):
        return validators + [PermissionClaim.validators.includes("write")]

    @app.get("/write")
    async def write(_=Depends(verify_session(override_global_claim_validators=may_write))):
        return {}

    @app.post("/fetch-permissions")
    async def fetch(current=Depends(verify_session())):
        await current.fetch_and_set_claim(PermissionClaim)
        return {}

    return app


class FastApi(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.core = Core()
        init(
            app_info=InputAppInfo(
                app_name="clients",
                api_domain="http://127.0.0.1",
                website_domain="http://localhost:3000",
            ),
            supertokens_config=SupertokensConfig(cls.core.connection_uri, API_KEY),
            framework="fastapi",
            recipe_list=[
                emailpassword.init(),
                session.init(),
                usermetadata.init(),
                userroles.init(),
            ],
            mode="asgi",
            telemetry=False,
        )
        cls.app = application()

    @classmethod
    def tearDownClass(cls):
        cls.core.stop()

    def setUp(self):
        transport = httpx.ASGITransport(app=self.app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")

    async def asyncTearDown(self):
        await self.client.aclose()

    async def signed_up(self):
        front_end = FrontEnd(self.client)
        email = f"user-{next(numbers)}@example.com"
        body = await front_end.sign("/auth/signup", email, PASSWORD)
        self.assertEqual(body["status"], "OK", body)
        return front_end, email, body["user"]["id"]

    async def test_a_user_signs_up_once_and_in_by_the_right_password_only(self):
        _, email, user_id = await self.signed_up()
        again = await FrontEnd(self.client).sign("/auth/signup", email, PASSWORD)
        self.assertEqual(again["status"], "FIELD_ERROR")
        wrong = await FrontEnd(self.client).sign("/auth/signin", email, "wrong1horse")
        self.assertEqual(wrong["status"], "WRONG_CREDENTIALS_ERROR")
        front_end = FrontEnd(self.client)
        right = await front_end.sign("/auth/signin", email, PASSWORD)
        self.assertEqual(right["user"]["id"], user_id)
        self.assertEqual((await front_end.send("GET", "/me")).json(), {"userId": user_id})
        self.assertEqual((await FrontEnd(self.client).send("GET", "/me")).status_code, 401)

    async def test_a_session_is_refreshed_and_a_token_used_twice_is_theft(self):
        front_end, _, user_id = await self.signed_up()
        stolen = front_end.refresh
        self.assertEqual((await front_end.refresh_session()).status_code, 200)
        # Used before a child of it was: two tabs that race.
        self.assertEqual((await front_end.refresh_session(stolen)).status_code, 200)
        self.assertEqual((await front_end.send("GET", "/me")).status_code, 200)
        self.assertEqual((await front_end.refresh_session()).status_code, 200)
        thief = await FrontEnd(self.client).refresh_session(stolen)
        self.assertEqual(thief.status_code, 401)
        handles = await sessions.get_all_session_handles_for_user(user_id)
        self.assertEqual(handles, [])

    async def test_a_permission_of_a_role_opens_a_route(self):
        front_end, _, user_id = await self.signed_up()
        refused = await front_end.send("GET", "/write")
        self.assertEqual(refused.status_code, 403)
        self.assertEqual(refused.json()["claimValidationErrors"][0]["id"], "st-perm")
        await roles.create_new_role_or_add_permissions("editor", ["write"])
        await roles.add_role_to_user("public", user_id, "editor")
        self.assertEqual((await roles.get_roles_for_user("public", user_id)).roles, ["editor"])
        await front_end.send("POST", "/fetch-permissions")
        self.assertEqual((await front_end.send("GET", "/write")).status_code, 200)
        self.assertTrue((await roles.delete_role("editor")).did_role_exist)
        self.assertEqual((await roles.get_roles_for_user("public", user_id)).roles, [])

    async def test_metadata_is_merged_and_null_removes_a_key(self):
        _, _, user_id = await self.signed_up()
        await metadata.update_user_metadata(user_id, {"a": 1, "b": {"c": [None]}})
        merged = await metadata.update_user_metadata(user_id, {"a": None, "d": "ä"})
        self.assertEqual(merged.metadata, {"b": {"c": [None]}, "d": "ä"})
        await metadata.clear_user_metadata(user_id)
        self.assertEqual((await metadata.get_user_metadata(user_id)).metadata, {})

    async def test_a_password_is_reset_by_a_token_that_works_once(self):
        _, email, user_id = await self.signed_up()
        created = await passwords.create_reset_password_token("public", user_id, email)

        async def reset():
            new = "another1horse"
            return await passwords.reset_password_using_token("public", created.token, new)

        self.assertIsInstance(await reset(), UpdateEmailOrPasswordOkResult)
        self.assertEqual((await reset()).status, "RESET_PASSWORD_INVALID_TOKEN_ERROR")
        old = await passwords.sign_in("public", email, PASSWORD)
        self.assertEqual(old.status, "WRONG_CREDENTIALS_ERROR")
        new = await passwords.sign_in("public", email, "another1horse")
        self.assertEqual(new.user.id, user_id)

    async def test_users_are_paged_through_found_and_deleted(self):
        before = await get_user_count()
        users = [await self.signed_up() for _ in range(3)]
        walked, token = [], None
        while True:
            page = await get_users_newest_first("public", limit=2, pagination_token=token)
            self.assertLessEqual(len(page.users), 2)
            walked += [user.id for user in page.users]
            token = page.next_pagination_token
            if not token:
                break
        self.assertEqual(len(set(walked)), before + 3)
        front_end, email, user_id = users[0]
        found = await list_users_by_account_info("public", AccountInfoInput(email=email))
        self.assertEqual([user.id for user in found], [user_id])
        await delete_user(user_id)
        self.assertIsNone(await get_user(user_id))
        self.assertEqual((await front_end.refresh_session()).status_code, 401)
        self.assertEqual(await get_user_count(), before + 2)


if __name__ == "__main__":
    unittest.main()
