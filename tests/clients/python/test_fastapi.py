"""supertokens-python on FastAPI."""

import unittest

from cases import Cases
from fastapi import Depends, FastAPI
from routes import ROUTES
from served import Asgi
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe.session.framework.fastapi import verify_session


def endpoint(route):
    session = Depends(verify_session(override_global_claim_validators=route.guard))

    async def answer(current=session):
        return await route.handle(current)

    return answer


class OnFastApi(Cases, unittest.TestCase):
    framework, served = "fastapi", Asgi

    @staticmethod
    def application():
        app = FastAPI()
        app.add_middleware(get_middleware())
        for route in ROUTES:
            app.add_api_route(route.path, endpoint(route), methods=[route.method])
        return app
