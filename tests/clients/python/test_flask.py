"""supertokens-python on Flask."""

import unittest

from cases import Cases
from flask import Flask, g
from routes import ROUTES
from served import Wsgi
from supertokens_python.async_to_sync_wrapper import sync
from supertokens_python.framework.flask import Middleware
from supertokens_python.recipe.session.framework.flask import verify_session


def view(route):
    @verify_session(override_global_claim_validators=route.guard)
    def answer():
        return sync(route.handle(g.supertokens))

    return answer


class OnFlask(Cases, unittest.TestCase):
    framework, served = "flask", Wsgi

    @staticmethod
    def application():
        app = Flask("clients")
        Middleware(app)
        for route in ROUTES:
            name = f"{route.method} {route.path}"
            app.add_url_rule(route.path, name, view(route), methods=[route.method])
        return app
