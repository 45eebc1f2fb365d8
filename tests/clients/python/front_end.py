"""A front end that keeps its session itself."""

import base64
import json
from dataclasses import dataclass

import httpx


@dataclass
class Answer:
    status: int
    body: dict


class FrontEnd:
    def __init__(self, origin, mode="header"):
        """`mode` says how tokens travel: by `header` or by `cookie`."""
        self.origin = origin
        self.mode = mode
        self.cookies = httpx.Cookies()
        self.access = None
        self.refresh = None

    def send(self, method, path, body=None, token=None, recipe="anti-csrf"):
        """`recipe` is what the front end's code for a recipe says of it."""
        headers = {"st-auth-mode": self.mode, "rid": recipe}
        token = token or self.access
        if token:
            headers["authorization"] = f"Bearer {token}"
        with httpx.Client(cookies=self.cookies, timeout=60) as client:
            answer = client.request(method, self.origin + path, json=body, headers=headers)
            self.cookies = client.cookies
        self.access = answer.headers.get("st-access-token") or self.access
        self.refresh = answer.headers.get("st-refresh-token") or self.refresh
        is_json = answer.headers["content-type"].startswith("application/json")
        return Answer(answer.status_code, answer.json() if is_json else answer.text)

    def claims(self):
        """What the access token says."""
        payload = self.access.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))

    def sign(self, path, email, password):
        """Signs up or in, by `/auth/signup` or `/auth/signin`."""
        fields = [{"id": "email", "value": email}, {"id": "password", "value": password}]
        return self.send("POST", path, {"formFields": fields}).body

    def refresh_session(self, token=None):
        return self.send("POST", "/auth/session/refresh", token=token or self.refresh)
