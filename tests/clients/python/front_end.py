"""A front end that keeps its tokens itself and sends them by header."""


class FrontEnd:
    def __init__(self, client):
        self.client = client
        self.access = None
        self.refresh = None

    async def send(self, method, path, body=None, token=None):
        headers = {"st-auth-mode": "header", "rid": "anti-csrf"}
        token = token or self.access
        if token:
            headers["authorization"] = f"Bearer {token}"
        response = await self.client.request(method, path, json=body, headers=headers)
        self.access = response.headers.get("st-access-token") or self.access
        self.refresh = response.headers.get("st-refresh-token") or self.refresh
        return response

    async def sign(self, path, email, password):
        """Signs up or in, by `/auth/signup` or `/auth/signin`."""
        fields = [{"id": "email", "value": email}, {"id": "password", "value": password}]
        return (await self.send("POST", path, {"formFields": fields})).json()

    async def refresh_session(self, token=None):
        return await self.send("POST", "/auth/session/refresh", token=token or self.refresh)
