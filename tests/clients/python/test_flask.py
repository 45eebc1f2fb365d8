"""supertokens-python on Flask."""

import unittest

from cases import Cases
from flask import Flask, g
from front_end import Answer
from sdk import LEVEL, is_on_level_two, may_write
from supertokens_python.framework.flask import Middleware
from supertokens_python.recipe.session.framework.flask import verify_session
from supertokens_python.recipe.userroles import PermissionClaim


def application():
    app = Flask("clients")
    Middleware(app)

    @app.get("/me")
    @verify_session()
    def me():
        return {"userId": g.supertokens.get_user_id()}

    @app.get("/write")
    @verify_session(override_global_claim_validators=may_write)
    def write():
        return {}

    @app.get("/level-two")
    @verify_session(override_global_claim_validators=is_on_level_two)
    def two():
        return {}

    @app.post("/fetch-permissions")
    @verify_session()
    def fetch():
        g.supertokens.sync_fetch_and_set_claim(PermissionClaim)
        return {}

    @app.post("/level-up")
    @verify_session()
    def level_up():
        g.supertokens.sync_set_claim_value(LEVEL, 2)
        return {}

    return app


class OnFlask(Cases, unittest.TestCase):
    framework, mode = "flask", "wsgi"

    @classmethod
    def serve(cls):
        client = application().test_client(use_cookies=False)

        def ask(method, path, body, headers):
            answer = client.open(path, method=method, json=body, headers=headers)
            return Answer(answer.status_code, answer.headers, answer.get_json())

        return ask
