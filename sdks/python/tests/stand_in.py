"""Speaks the guard's channel as the server does, and the vendor's as a vendor does, holding whatever a test tells it to."""

import base64
import hashlib
import json
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import signing

KEY = "fbk_stand-in"
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def until(what, so, seconds=20):
    end = time.monotonic() + seconds
    while not so():
        if time.monotonic() > end:
            raise AssertionError(f"still not so after {seconds} s: {what}")
        time.sleep(0.005)


def hold_of(what, number=1, **more):
    return {
        "hold": f"hld_t{number}", "number": number, "incident": "inc_t1", "system": "support-bot",
        "what": what, "order": number, **more,
    }  # fmt: skip


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """Connections that guards cut are part of the tests."""


class StandIn:
    def __init__(self, system="support-bot", port=0, seed=b"s" * 32):
        self.seed = seed
        self.state = {"schema": 1, "system": system, "generation": 1, "epoch": 1, "holds": []}
        self.heard = []
        self.sockets = []
        self.refuse_sockets = False
        self.writing = threading.Lock()
        #: Decisions about reviews, by id; pending until there is one.
        self.decisions = {}
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body=None, **headers):
                data = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self):
                path = self.path.partition("?")[0]
                if path == "/api/v1/guard/keys":
                    public = base64.b64encode(signing.public_of(stand_in.seed)).decode()
                    return self.answer(200, {"keys": [{"key": "k1", "publicKey": public}]})
                if self.headers.get("authorization") != f"Bearer {KEY}":
                    return self.answer(401, {"title": "no"})
                if path == "/api/v1/guard/stream":
                    return self.upgrade()
                if path.startswith("/api/v1/guard/reviews/"):
                    name = path.rpartition("/")[2]
                    return self.answer(200, {"review": name, "state": "pending", **stand_in.decisions.get(name, {})})
                etag = f'"{stand_in.state["generation"]}-{stand_in.state["epoch"]}"'
                if self.headers.get("if-none-match") == etag:
                    return self.answer(304)
                return self.answer(200, stand_in.signed(stand_in.state), etag=etag)

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])) or b"{}")
                if self.path == "/api/v1/guard/reviews":
                    stand_in.heard.append({"type": "review", **body})
                    return self.answer(201, {"review": "rvw_1", "state": "pending"})
                stand_in.heard.append({"type": "http", **body})
                return self.answer(200, {"generation": 1, "epoch": stand_in.state["epoch"]})

            def upgrade(self):
                if stand_in.refuse_sockets:
                    return self.answer(503)
                accept = hashlib.sha1((self.headers["sec-websocket-key"] + _GUID).encode()).digest()
                self.send_response(101)
                self.send_header("upgrade", "websocket")
                self.send_header("connection", "Upgrade")
                self.send_header("sec-websocket-accept", base64.b64encode(accept).decode())
                self.end_headers()
                self.close_connection = True
                stand_in.sockets.append(self)
                try:
                    self.listen()
                finally:
                    stand_in.sockets.remove(self)

            def listen(self):
                while True:
                    head = self.rfile.read(2)
                    if len(head) < 2:
                        return
                    size = head[1] & 0x7F
                    if size == 126:
                        size = struct.unpack(">H", self.rfile.read(2))[0]
                    mask = self.rfile.read(4)
                    data = bytes(byte ^ mask[at % 4] for at, byte in enumerate(self.rfile.read(size)))
                    if head[0] & 0x0F == 8:
                        return
                    message = json.loads(data)
                    stand_in.heard.append(message)
                    if message["type"] == "hello":
                        self.push({"type": "snapshot", **stand_in.signed(stand_in.state)})

            def push(self, message):
                data = json.dumps(message).encode()
                size = bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data))
                with stand_in.writing:
                    self.wfile.write(b"\x81" + size + data)
                    self.wfile.flush()

        self._server = _Server(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def signed(self, payload, seed=None):
        text = json.dumps(payload)
        signature = signing.sign(seed or self.seed, text.encode())
        return {"payload": text, "key": "k1", "signature": base64.b64encode(signature).decode()}

    def send(self, message):
        for each in list(self.sockets):
            each.push(message)

    def hold(self, *holds):
        before, self.state = self.state, {**self.state, "epoch": self.state["epoch"] + 1, "holds": list(holds)}
        names = {each["hold"] for each in before["holds"]}
        now = {each["hold"] for each in holds}
        self.send(
            {
                "type": "delta",
                **self.signed(
                    {
                        "schema": 1, "system": before["system"], "generation": 1, "from": before["epoch"],
                        "epoch": self.state["epoch"], "add": [each for each in holds if each["hold"] not in names],
                        "remove": sorted(names - now),
                    }
                ),
            }
        )  # fmt: skip

    def acks(self):
        return [each for each in self.heard if each["type"] == "ack"]

    def close(self):
        for each in list(self.sockets):
            try:
                each.connection.shutdown(2)
            except OSError:
                pass
        self._server.shutdown()
        self._server.server_close()


class Vendor:
    """Answers `Hello from vendor`; `endless` streams words until it is cut off."""

    def __init__(self):
        self.asked = []
        self.mode = "answer"
        self.says = "Hello from vendor"
        self.cut_off = 0
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                vendor.asked.append({"path": self.path, "headers": dict(self.headers.items()), "body": body})
                if body.get("stream"):
                    return self.stream(body)
                message = {"role": "assistant", "content": vendor.says}
                choice = {"index": 0, "message": message, "finish_reason": "stop"}
                data = json.dumps(
                    {
                        "id": "c1", "object": "chat.completion", "created": 1, "model": body.get("model"),
                        "choices": [choice], "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
                    }
                ).encode()  # fmt: skip
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def stream(self, body):
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("connection", "close")
                self.end_headers()
                self.close_connection = True
                words = (word + " " for word in vendor.says.split(" "))
                try:
                    while True:
                        word = "word " if vendor.mode == "endless" else next(words, None)
                        if word is None:
                            self.wfile.write(b"data: [DONE]\n\n")
                            return
                        delta = {"index": 0, "delta": {"content": word}, "finish_reason": None}
                        chunk = {
                            "id": "c1", "object": "chat.completion.chunk", "created": 1,
                            "model": body.get("model"), "choices": [delta],
                        }  # fmt: skip
                        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                        self.wfile.flush()
                        time.sleep(0.01)
                except OSError:
                    vendor.cut_off += 1

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
