"""supertokens-python on FastAPI."""

import unittest

import httpx
from cases import Cases
from fastapi import Depends, FastAPI
from front_end import Answer
from sdk import LEVEL, is_on_level_two, may_write
from supertokens_python.async_to_sync_wrapper import sync
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.userroles import PermissionClaim


def application():
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.get("/me")
    async def me(current=Depends(verify_session())):
        return {"userId": current.get_user_id()}

    @app.get("/write")
    async def write(_=Depends(verify_session(override_global_claim_validators=may_write))):
        return {}

    @app.get("/level-two")
    async def two(_=Depends(verify_session(override_global_claim_validators=is_on_level_two))):
        return {}

    @app.post("/fetch-permissions")
    async def fetch(current=Depends(verify_session())):
        await current.fetch_and_set_claim(PermissionClaim)
        return {}

    @app.post("/level-up")
    async def level_up(current=Depends(verify_session())):
        await current.set_claim_value(LEVEL, 2)
        return {}

    return app


class OnFastApi(Cases, unittest.TestCase):
    framework, mode = "fastapi", "asgi"

    @classmethod
    def serve(cls):
        transport = httpx.ASGITransport(app=application())
        client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")

        def ask(method, path, body, headers):
            answer = sync(client.request(method, path, json=body, headers=headers))
            return Answer(answer.status_code, answer.headers, answer.json())

        return ask
