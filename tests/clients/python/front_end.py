"""A front end that keeps its tokens itself and sends them by header."""

from dataclasses import dataclass


@dataclass
class Answer:
    status: int
    headers: dict
    body: dict


class FrontEnd:
    def __init__(self, ask):
        """`ask` gives the application's answer to a method, a path, a body and headers."""
        self.ask = ask
        self.access = None
        self.refresh = None

    def send(self, method, path, body=None, token=None):
        headers = {"st-auth-mode": "header", "rid": "anti-csrf"}
        token = token or self.access
        if token:
            headers["authorization"] = f"Bearer {token}"
        answer = self.ask(method, path, body, headers)
        self.access = answer.headers.get("st-access-token") or self.access
        self.refresh = answer.headers.get("st-refresh-token") or self.refresh
        return answer

    def sign(self, path, email, password):
        """Signs up or in, by `/auth/signup` or `/auth/signin`."""
        fields = [{"id": "email", "value": email}, {"id": "password", "value": password}]
        return self.send("POST", path, {"formFields": fields}).body

    def refresh_session(self, token=None):
        return self.send("POST", "/auth/session/refresh", token=token or self.refresh)
