"""A text WebSocket client (RFC 6455) on the standard library."""

import base64
import hashlib
import os
import socket
import ssl
import struct
import time
from urllib.parse import urlsplit

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_HANDSHAKE_S = 5
_LARGEST = 32 * 1024 * 1024


class Closed(Exception):
    """The connection is over; the sentence says why."""


class WebSocket:
    def __init__(self, url, headers):
        target = urlsplit(url)
        secure = target.scheme == "wss"
        port = target.port or (443 if secure else 80)
        plain = socket.create_connection((target.hostname, port), timeout=_HANDSHAKE_S)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = plain
        if secure:
            self._socket = ssl.create_default_context().wrap_socket(plain, server_hostname=target.hostname)
        self._buffer = bytearray()
        self._parts = bytearray()
        self._open = True
        try:
            self._handshake(target, headers)
        except BaseException:
            self.close()
            raise

    def _handshake(self, target, headers):
        nonce = base64.b64encode(os.urandom(16)).decode()
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {target.netloc.rpartition('@')[2]}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            f"Sec-WebSocket-Key: {nonce}",
            "Sec-WebSocket-Version: 13",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        end = time.monotonic() + _HANDSHAKE_S
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > 65_536 or not self._read(end):
                raise Closed("no answer to the handshake")
        head, _, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        self._buffer = bytearray(rest)
        status, *fields = head.decode("latin-1").split("\r\n")
        code = status.split(" ")[1] if " " in status else "?"
        if code != "101":
            raise Closed(f"the server answered {code}")
        given = {name.strip().lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        accept = base64.b64encode(hashlib.sha1((nonce + _GUID).encode()).digest()).decode()
        if given.get("sec-websocket-accept") != accept:
            raise Closed("the handshake was answered wrongly")

    def _read(self, end):
        """Takes what there is; False when nothing came before `end` (seconds, monotonic)."""
        self._socket.settimeout(max(0.001, end - time.monotonic()))
        try:
            chunk = self._socket.recv(65_536)
        except (socket.timeout, ssl.SSLWantReadError):
            return False
        except OSError as error:
            raise Closed(str(error)) from error
        if chunk == b"":
            raise Closed("the connection ended")
        self._buffer += chunk
        return True

    def _frame(self):
        """The next whole frame of the buffer, `(last, opcode, payload)`, or None."""
        data = self._buffer
        if len(data) < 2:
            return None
        last, opcode, size, at = data[0] >> 7, data[0] & 0x0F, data[1] & 0x7F, 2
        if data[0] & 0x70 or data[1] & 0x80:
            raise Closed("a frame that a server does not send")
        if size == 126:
            if len(data) < 4:
                return None
            size, at = struct.unpack_from(">H", data, 2)[0], 4
        elif size == 127:
            if len(data) < 10:
                return None
            size, at = struct.unpack_from(">Q", data, 2)[0], 10
        if size + len(self._parts) > _LARGEST:
            raise Closed("a message that is too large")
        if len(data) < at + size:
            return None
        payload = bytes(data[at : at + size])
        del data[: at + size]
        return last, opcode, payload

    def receive(self, timeout):
        """The next text, or None when none came within `timeout` seconds; raises Closed."""
        end = time.monotonic() + timeout
        while True:
            frame = self._frame()
            if frame is None:
                if not self._read(end):
                    return None
                continue
            last, opcode, payload = frame
            if opcode == 0x8:
                code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
                raise Closed(payload[2:].decode("utf-8", "replace") or f"the socket closed with {code}")
            if opcode == 0x9:
                self._write(0xA, payload)
            elif opcode in (0x0, 0x1):
                self._parts += payload
                if last:
                    text = bytes(self._parts).decode("utf-8")
                    self._parts.clear()
                    return text

    def _write(self, opcode, payload):
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65_536:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        whole = mask * (size // 4 + 1)
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(whole[:size], "big")).to_bytes(size, "big")
        self._socket.settimeout(_HANDSHAKE_S)
        try:
            self._socket.sendall(head + mask + masked)
        except OSError as error:
            raise Closed(str(error)) from error

    def send(self, text):
        self._write(0x1, text.encode())

    def close(self):
        """From any thread; whoever is receiving gets Closed."""
        if not self._open:
            return
        self._open = False
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
