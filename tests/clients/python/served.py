"""An application, served on a free port of this machine."""

import socket
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import uvicorn


class Asgi:
    """By uvicorn."""

    mode = "asgi"

    def __init__(self, app):
        # Requests wait at the socket until the server takes them.
        listening = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        self.thread = threading.Thread(target=self.server.run, args=([listening],))
        self.thread.start()

    def stop(self):
        self.server.should_exit = True
        self.thread.join()


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        """Says nothing of single requests."""


class Wsgi:
    """By the server of Python's own library."""

    mode = "wsgi"

    def __init__(self, app):
        self.server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
