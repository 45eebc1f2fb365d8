"""What an authenticator app shows (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
import time


def totp(secret, steps_ahead=0):
    """The code of now, or of so many steps of 30 s later."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = int(time.time()) // 30 + steps_ahead
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0xF
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
