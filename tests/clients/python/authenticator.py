"""Passkeys without a device (Web Authentication Level 3): what an authenticator signs, and what a
browser answers with it."""

import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

# The origin of the page that asks.
PAGE = "http://localhost:3000"
SITE = "localhost"

ES256, EDDSA, ES384, RS256 = -7, -8, -35, -257

USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL = 1, 1 << 2, 1 << 6


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def cbor(value):
    """CBOR in the form of CTAP2; a map is written in the order in which it is given."""

    def head(major, number):
        if number < 24:
            return bytes([major << 5 | number])
        if number < 256:
            return bytes([major << 5 | 24, number])
        return bytes([major << 5 | 25]) + number.to_bytes(2, "big")

    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    return head(5, len(value)) + b"".join(cbor(key) + cbor(value[key]) for key in value)


class Ecdsa:
    def __init__(self, algorithm, curve, digest, number, length):
        self.key, self.digest = ec.generate_private_key(curve), digest
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(length, "big"), point.y.to_bytes(length, "big")
        self.cose = {1: 2, 3: algorithm, -1: number, -2: x, -3: y}

    def sign(self, message):
        return self.key.sign(message, ec.ECDSA(self.digest))


class Ed25519:
    def __init__(self):
        self.key = ed25519.Ed25519PrivateKey.generate()
        self.cose = {1: 1, 3: EDDSA, -1: 6, -2: self.key.public_key().public_bytes_raw()}

    def sign(self, message):
        return self.key.sign(message)


class Rsa:
    def __init__(self):
        self.key = rsa.generate_private_key(65537, 2048)
        n = self.key.public_key().public_numbers().n.to_bytes(256, "big")
        self.cose = {1: 3, 3: RS256, -1: n, -2: b"\x01\x00\x01"}

    def sign(self, message):
        return self.key.sign(message, padding.PKCS1v15(), SHA256())


KINDS = {
    ES256: lambda: Ecdsa(ES256, ec.SECP256R1(), SHA256(), 1, 32),
    EDDSA: Ed25519,
    ES384: lambda: Ecdsa(ES384, ec.SECP384R1(), SHA384(), 2, 48),
    RS256: Rsa,
}


def client_data(kind, challenge, origin):
    fields = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
    return json.dumps(fields).encode()


class Authenticator:
    def __init__(self, algorithm=ES256, counts=False):
        """One that counts its uses is found out when it is copied; those that are synchronised don't
        count."""
        self.algorithm, self.counts, self.uses = algorithm, counts, 0
        self.id, self.key, self.handle = os.urandom(16), KINDS[algorithm](), None

    @property
    def credential_id(self):
        return base64url(self.id)

    def data(self, rp_id, flags=0, rest=b""):
        flags = bytes([USER_PRESENT | USER_VERIFIED | flags])
        return hashlib.sha256(rp_id.encode()).digest() + flags + self.uses.to_bytes(4, "big") + rest

    def create(self, options, origin=PAGE):
        """What a browser answers to `navigator.credentials.create()` on a page; `options` are as a
        route answers them."""
        assert self.algorithm in [one["alg"] for one in options["pubKeyCredParams"]]
        self.handle = options["user"]["id"]
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor(self.key.cose)
        data = self.data(options["rp"]["id"], HAS_CREDENTIAL, attested)
        client = client_data("webauthn.create", options["challenge"], origin)
        attestation = cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self.answer(
            {
                "clientDataJSON": base64url(client),
                "attestationObject": base64url(attestation),
                "transports": ["internal"],
            }
        )

    def get(self, options, origin=PAGE):
        """What a browser answers to `navigator.credentials.get()` on a page."""
        self.uses += self.counts
        data = self.data(options["rpId"])
        client = client_data("webauthn.get", options["challenge"], origin)
        signature = self.key.sign(data + hashlib.sha256(client).digest())
        return self.answer(
            {
                "clientDataJSON": base64url(client),
                "authenticatorData": base64url(data),
                "signature": base64url(signature),
                "userHandle": self.handle,
            }
        )

    def answer(self, response):
        return {
            "id": self.credential_id,
            "rawId": self.credential_id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }
