"""An application on one framework, from its start to its end."""

import itertools

import sdk
from core import Core
from front_end import FrontEnd
from outside import Outside

PASSWORD = "correct1horse"
numbers = itertools.count()


def new_email():
    """An address that nobody has."""
    return f"user-{next(numbers)}@example.com"


class Application:
    """A framework's class has its name for the SDK, `served` by which server, and `application`,
    which is called once the SDK is set up."""

    @classmethod
    def setUpClass(cls):
        cls.outside = Outside()
        cls.addClassCleanup(cls.outside.stop)
        core = Core()
        cls.addClassCleanup(core.stop)
        sdk.start(cls.framework, cls.served.mode, core.connection_uri, cls.outside.origin)
        served = cls.served(cls.application())
        cls.addClassCleanup(served.stop)
        cls.origin = served.origin

    def front_end(self, mode="header"):
        return FrontEnd(self.origin, mode)

    def signed_up(self):
        """A new user, signed in."""
        front_end, email = self.front_end(), new_email()
        body = front_end.sign("/auth/signup", email, PASSWORD)
        self.assertEqual(body["status"], "OK", body)
        return front_end, email, body["user"]["id"]
