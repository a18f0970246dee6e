"""The connection to Firebreak, on a thread of its own: a socket that is mended for ever, polling for as long as there is none."""

import datetime
import json
import random
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from .controls import KINDS
from .self_check import try_hold
from .snapshot import Nack
from .websocket import Closed, WebSocket

VERSION = "0.1.0"
_BEAT_S = 5.0
# Two beats missed, and a little grace.
_STALE_S = 12.5
_REPORT_S = 0.5
_RETRY_FIRST_S = 0.05
_RETRY_MOST_S = 5.0
_ANSWER_S = 5.0
_CHECKED_AT_ONCE = 100
# Every guard obeys before any of them says so: saying it at once would get in the way of those still being told.
_ACK_FIRST_S = 0.008
_ACK_SPREAD_S = 0.012

# Firebreak is asked directly: a proxy of the environment is for the vendors.
_web = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _names(asked):
    return [each for each in asked if isinstance(each, str)][:_CHECKED_AT_ONCE] if isinstance(asked, list) else []


class Line:
    """`on` has `applied(applied)`, `heard()`, `changed()`, `stale()`, `fault(why)` and `checked(holds)`."""

    def __init__(self, settings, keeper, tally, on):
        self.transport = "none"
        self._settings = settings
        self._keeper = keeper
        self._tally = tally
        self._on = on
        self._closed = threading.Event()
        self._socket = None
        self._etag = None
        self._failures = 0
        self._last_heard = time.monotonic()
        self._is_stale = False
        self._last_beat = 0.0
        self._reported = 0
        self._is_new_line = True
        self._unsaid = []
        self._ack_due = None
        # A daemon: the guard never keeps a process alive.
        self._thread = threading.Thread(target=self._run, name="firebreak-guard", daemon=True)
        self._thread.start()
        threading.Thread(target=self._watch, name="firebreak-guard-watch", daemon=True).start()

    def close(self):
        self._closed.set()
        socket = self._socket
        if socket is not None:
            socket.close()

    def _run(self):
        while not self._closed.is_set():
            was_open = False
            try:
                if self._keeper.trusts_nobody_yet:
                    self._meet_keys()
                if self._settings["transport"] == "poll":
                    self._poll()
                    self._closed.wait(self._settings["poll_seconds"])
                    continue
                was_open = self._talk()
            except Exception as error:  # noqa: BLE001: whatever went wrong, the line is mended.
                was_open = self._socket is not None
                self._lost(str(error) or type(error).__name__, was_open)

    def _talk(self):
        url = "ws" + self._settings["url"][4:] + "/api/v1/guard/stream"
        socket = WebSocket(url, {"Authorization": f"Bearer {self._settings['key']}"})
        self._socket = socket
        try:
            self._is_new_line = True
            self.transport = "socket"
            self._hello()
            while not self._closed.is_set():
                wait = _REPORT_S if self._ack_due is None else max(0.001, self._ack_due - time.monotonic())
                text = socket.receive(min(wait, _REPORT_S))
                if text is not None:
                    self._handle(text, _now())
                self._acknowledge()
                self._beat()
            return True
        except Closed:
            if self._closed.is_set():
                return True
            raise
        finally:
            socket.close()

    def _lost(self, why, was_open):
        """Tries again with full jitter; meanwhile asks by HTTP, so that a lost socket does not hide an order."""
        self._socket = None
        self.transport = "none"
        self._ack_due = None
        self._unsaid = []
        if self._closed.is_set():
            return
        self._failures = 1 if was_open and self._failures == 0 else self._failures + 1
        self._on.fault(why)
        most = min(_RETRY_MOST_S, _RETRY_FIRST_S * 2 ** min(self._failures, 10))
        wait = _RETRY_FIRST_S + random.random() * (most - _RETRY_FIRST_S)
        if self._failures >= 3 and self._settings["transport"] == "auto":
            try:
                self._poll()
                wait = min(wait, self._settings["poll_seconds"])
            except Exception as error:  # noqa: BLE001
                self._on.fault(str(error))
        self._closed.wait(wait)

    def _watch(self):
        while not self._closed.wait(_REPORT_S):
            if self._keeper.look():
                self._on.changed()
                self._last_beat = 0.0
            if not self._is_stale and time.monotonic() - self._last_heard > _STALE_S:
                self._is_stale = True
                self._on.stale()
                socket = self._socket
                if socket is not None:
                    socket.close()

    def _say(self, message):
        socket = self._socket
        if socket is not None:
            socket.send(json.dumps(message))

    def _hello(self):
        settings, held = self._settings, self._keeper.applied
        self._say(
            {
                "type": "hello",
                **{name: settings[name] for name in ("instance", "system", "host", "kind")},
                "version": VERSION,
                "failMode": settings["fail_mode"],
                "kinds": list(KINDS),
                "capsules": self._keeper.capsules,
                "generation": None if held is None else held.snapshot["generation"],
                "epoch": None if held is None else held.snapshot["epoch"],
                "checks": True,
            }
        )

    def _try(self, signed):
        """A canary takes an order before everybody else does, and says what it makes of it."""
        try:
            asked = self._keeper.read(signed)
        except (Nack, ValueError) as error:
            return self._on.fault(f"refused to try an order: {error}")
        if not isinstance(asked, dict) or not isinstance(asked.get("trial"), str) or "hold" not in asked:
            return None
        held = self._keeper.applied
        tried = try_hold(None if held is None else held.snapshot, asked["hold"])
        return self._say({"type": "tried", "trial": asked["trial"], **tried})

    @property
    def _epoch(self):
        held = self._keeper.applied
        return 0 if held is None else held.snapshot["epoch"]

    def _handle(self, text, received_at):
        try:
            message = json.loads(text)
        except ValueError:
            return self._on.fault("the server sent something that is not JSON")
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "beat":
            held = self._keeper.applied
            state = None if held is None else (held.snapshot["generation"], held.snapshot["epoch"])
            if state != (message.get("generation"), message.get("epoch")):
                self._hello()
            else:
                self._heard()
            return None
        if kind == "check":
            return self._say({"type": "checked", "epoch": self._epoch, "holds": self._on.checked(_names(message.get("holds")))})
        if kind == "try":
            return self._try(message)
        if kind not in ("snapshot", "delta"):
            return None
        try:
            applied = self._take(message)
        except Nack as nack:
            self._say({"type": "nack", "code": nack.code, "why": nack.why, "epoch": self._epoch})
            if nack.code == "gap":
                self._hello()
            return None
        self._failures = 0
        self._unsaid.append(self._ack_of(applied, received_at))
        del self._unsaid[:-50]
        if self._ack_due is None:
            self._ack_due = time.monotonic() + _ACK_FIRST_S + random.random() * _ACK_SPREAD_S
        if kind == "delta" and self._keeper.wants_snapshot:
            self._hello()
        return None

    def _acknowledge(self):
        if self._ack_due is None or time.monotonic() < self._ack_due:
            return
        unsaid, self._unsaid, self._ack_due = self._unsaid, [], None
        for each in unsaid:
            self._say({"type": "ack", **each})

    def _ack_of(self, applied, received_at):
        return {
            "generation": applied.snapshot["generation"],
            "epoch": applied.snapshot["epoch"],
            "stateHash": applied.state_hash,
            "unsupported": applied.compiled.unsupported[:1_000],
            "receivedAt": received_at,
            "appliedAt": _now(),
        }

    def _take(self, signed):
        """Applied means: the next check of this process is already judged by it."""
        before = self._keeper.applied
        try:
            applied = self._keeper.take(signed)
        except Nack as nack:
            self._on.fault(f"refused a message ({nack.code}): {nack.why}")
            raise
        if applied is not before:
            self._on.applied(applied)
        self._heard()
        return applied

    def _heard(self):
        self._last_heard = time.monotonic()
        self._is_stale = False
        self._on.heard()

    def _beat(self):
        now = time.monotonic()
        touched = self._tally.touched
        if now - self._last_beat < _BEAT_S and touched == self._reported:
            return
        self._last_beat = now
        self._reported = touched
        counters = self._tally.report(self._is_new_line)
        self._say({"type": "beat", "epoch": self._epoch, "counters": counters, "capsules": self._keeper.capsules})
        self._is_new_line = False

    def ask(self, path, method="GET", body=None, headers=None, timeout=_ANSWER_S):
        """`(status, headers, JSON)` of a door of Firebreak; raises OSError when it cannot be reached."""
        request = urllib.request.Request(
            self._settings["url"] + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._settings['key']}",
                **({} if body is None else {"Content-Type": "application/json"}),
                **(headers or {}),
            },
            method=method,
        )
        try:
            with _web.open(request, timeout=timeout) as response:
                text = response.read()
                return response.status, response.headers, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, None

    def _meet_keys(self):
        status, _, answer = self.ask("/api/v1/guard/keys")
        if status != 200:
            raise OSError(f"the server answered {status} when asked for its keys")
        self._keeper.pin([{"key": each["key"], "publicKey": each["publicKey"]} for each in answer["keys"]])

    def _poll(self):
        about = {name: self._settings[name] for name in ("system", "instance", "host", "kind")}
        query = urllib.parse.urlencode({**about, "version": VERSION})
        received_at = _now()
        known = {} if self._etag is None else {"If-None-Match": self._etag}
        status, headers, answer = self.ask(f"/api/v1/guard/snapshot?{query}", headers=known)
        said = {}
        if status == 304:
            self._heard()
        elif status == 200:
            try:
                applied = self._take(answer)
                self._etag = headers.get("etag")
                said = {"ack": self._ack_of(applied, received_at)}
            except Nack as nack:
                said = {"nack": {"code": nack.code, "why": nack.why, "epoch": self._epoch}}
        else:
            raise OSError(f"the server answered {status} to the poll")
        self.transport = "poll"
        about.update({"failMode": self._settings["fail_mode"], "version": VERSION, "capsules": self._keeper.capsules, "checks": True})
        _, _, told = self.ask("/api/v1/guard/ack", "POST", {**about, "counters": self._tally.report(True), **said})
        asked = _names(told.get("check")) if isinstance(told, dict) else []
        if asked:
            self.ask("/api/v1/guard/ack", "POST", {**about, "checked": self._on.checked(asked)})
