"""A running auth-server."""

import os
import subprocess
import tempfile

# httpx reads every certificate of the machine for each client, and the SDK makes one for each call.
# Nothing here uses TLS.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = tempfile.gettempdir()

API_KEY = "clients-suite-key-0123"


class Core:
    """Starts the binary that AUTH_SERVER names, and waits until it says where it listens. Its data
    is in the new database that AUTH_DATABASE names, or in memory."""

    def __init__(self):
        database = os.environ.get("AUTH_DATABASE", "sqlite::memory:")
        self.process = subprocess.Popen(
            [os.environ["AUTH_SERVER"], "--port", "0", "--host", "127.0.0.1"]
            + ["--database", database],
            env={"API_KEYS": API_KEY, "LOG_LEVEL": "ERROR"},
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"auth-server ended with {self.process.wait()}")
        self.connection_uri = f"http://{line.split(' ')[3]}"

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
