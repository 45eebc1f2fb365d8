"""An application on one framework, from its start to its end."""

import itertools
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import sdk
from core import Core
from front_end import FrontEnd
from outside import Outside

PASSWORD = "correct1horse"
HERE = "http://localhost:3000/auth/callback/outside"
numbers = itertools.count()


def new_email(domain="example.com"):
    """An address that nobody has."""
    return f"user-{next(numbers)}@{domain}"


class Application:
    """A framework's class has its name for the SDK, `served` by which server, and `application`,
    which is called once the SDK is set up."""

    @classmethod
    def setUpClass(cls):
        cls.outside = Outside()
        cls.addClassCleanup(cls.outside.stop)
        core = Core()
        cls.addClassCleanup(core.stop)
        cls.connection_uri = core.connection_uri
        sdk.start(cls.framework, cls.served.mode, core.connection_uri, cls.outside.origin)
        served = cls.served(cls.application())
        cls.addClassCleanup(served.stop)
        cls.origin = served.origin

    def front_end(self, mode="header"):
        return FrontEnd(self.origin, mode)

    def signed_up(self, **domain):
        """A new user, signed in."""
        front_end, email = self.front_end(), new_email(**domain)
        body = front_end.sign("/auth/signup", email, PASSWORD)
        self.assertEqual(body["status"], "OK", body)
        return front_end, email, body["user"]["id"]

    def through_provider(self, tenant_id="public"):
        """Signs in at the provider, as a browser does, and then here."""
        front_end = self.front_end()
        asked = urlencode({"thirdPartyId": "outside", "redirectURIOnProviderDashboard": HERE})
        sent = front_end.send("GET", f"/auth/{tenant_id}/authorisationurl?{asked}").body
        self.assertEqual(sent["status"], "OK", sent)
        back = httpx.get(sent["urlWithQueryParams"]).headers["location"]
        self.assertEqual(back.split("?")[0], HERE)
        [code] = parse_qs(urlsplit(back).query)["code"]
        info = {
            "redirectURIOnProviderDashboard": HERE,
            "redirectURIQueryParams": {"code": code},
            "pkceCodeVerifier": sent["pkceCodeVerifier"],
        }
        body = {"thirdPartyId": "outside", "redirectURIInfo": info}
        body = front_end.send("POST", f"/auth/{tenant_id}/signinup", body).body
        self.assertEqual(body["status"], "OK", body)
        return front_end, body, code
