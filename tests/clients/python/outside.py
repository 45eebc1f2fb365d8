"""What lies outside of an application: a provider that people sign in with."""

import base64
import hashlib
import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

CLIENT_ID, CLIENT_SECRET = "clients", "kept by the provider"


class Outside:
    """A provider (RFC 6749 §4.1 with RFC 7636): lets in whom `account` is set to, gives a code for
    one exchange, and remembers what it was asked."""

    def __init__(self):
        self.account = None
        self.exchanged, self.read = [], []
        self.codes, self.tokens = {}, {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.pages())
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, query):
        code = str(uuid.uuid4())
        self.codes[code] = {**query, "account": self.account}
        return f"{query['redirect_uri']}?{urlencode({'code': code})}"

    def token(self, form):
        grant = self.codes.pop(form["code"], {})
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        expected = {
            "client_id": grant.get("client_id"),
            "client_secret": CLIENT_SECRET,
            "grant_type": "authorization_code",
            "redirect_uri": grant.get("redirect_uri"),
        }
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if expected.items() <= form.items() and challenge == grant.get("code_challenge"):
            token = str(uuid.uuid4())
            self.tokens[f"Bearer {token}"] = grant["account"]
            self.exchanged.append(form["code"])
            return 200, {"access_token": token, "token_type": "Bearer"}
        return 400, {"error": "invalid_grant"}

    def user_info(self, authorization):
        account = self.tokens.get(authorization)
        if account is None:
            return 401, {"error": "invalid_token"}
        self.read.append(account["sub"])
        return 200, account

    def pages(self):
        outside = self

        class Pages(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                if parts.path == "/authorize":
                    self.send_response(302)
                    self.send_header("location", outside.authorize(dict(parse_qsl(parts.query))))
                    self.end_headers()
                else:
                    self.answer(*outside.user_info(self.headers["authorization"]))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                self.answer(*outside.token(dict(parse_qsl(body))))

            def answer(self, status, body):
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_):
                """Says nothing; the tests ask what was read."""

        return Pages
