"""What runs inside an application: obeys, acknowledges, and goes on without Firebreak."""

import functools
import os
import random
import re
import socket
import string
import threading
import weakref
from typing import Any, Callable, Iterable, Optional, Union

from . import clients, reviews
from .contained import ContainedError
from .keeper import Keeper
from .limits import Limiter
from .line import Line
from .self_check import check_hold
from .tally import Tally
from .verdict import Verdict

ASKING = (
    "feature", "model", "prompt", "provider", "country", "authenticated", "subject", "agent", "credential",
    "tool", "index", "trigger", "text", "direction", "attachments", "running",
)  # fmt: skip
_KNOWN = frozenset(ASKING)
_EVENTS = ("change", "stale", "fresh", "contained", "fault")
_UNKNOWN_STATE = "This function is paused until its safety controls can be reached."


class _Always:
    """What is judged by while no state is known."""

    def __init__(self, action):
        self.verdict = Verdict(action, 0, message=_UNKNOWN_STATE if action == "deny" else None)
        self.reads_answers = False

    def check(self, _system, _asking):
        return self.verdict


_REFUSE_ALL = _Always("deny")


def _need(good, why):
    if not good:
        raise TypeError(f"create_guard: {why}")


class Guard:
    """Made by `create_guard`. `check` is lock-free and may be called from any thread."""

    def __init__(self, settings, trusted_keys, state_file):
        self._settings = settings
        self._system = settings["system"]
        self._boot = _Always(settings["boot_fail_mode"])
        self._judging = self._boot
        self._stale = False
        self._held = None
        self._listeners = {event: [] for event in _EVENTS}
        self._lock = threading.Lock()
        self._flights = {}
        self._tally = Tally()
        self._limiter = Limiter()
        self._heard_once = threading.Event()
        self._last_fault = None
        self._keeper = Keeper(self._system, trusted_keys, state_file, self.fault)
        self._keeper.restore()
        self._settle()
        self._line = Line(settings, self._keeper, self._tally, self)
        _guards.add(self)

    # What the line tells.

    def applied(self, applied):
        self._settle()
        self._judge_flights()
        snapshot = applied.snapshot
        self._emit(
            "change",
            {"generation": snapshot["generation"], "epoch": snapshot["epoch"], "holds": len(self._keeper.holds)},
        )

    def heard(self):
        self._heard_once.set()
        if self._stale:
            self._stale = False
            self._settle()
            self._emit("fresh")

    def changed(self):
        """More is enforced than before, without a word from Firebreak."""
        self._settle()
        self._judge_flights()

    def stale(self):
        self._stale = True
        self._settle()
        self._judge_flights()
        self._emit("stale")

    def checked(self, names):
        """What made-up requests meet here, for those of these holds that are held."""
        wanted, held = set(names), self._held
        holds = [] if held is None else [each for each in held.snapshot["holds"] if each["hold"] in wanted]
        return [{"hold": hold["hold"], **check_hold(hold, self._judge)} for hold in holds]

    def fault(self, why):
        self._last_fault = why
        self._emit("fault", why)

    def _emit(self, event, *given):
        """A listener that raises is the application's affair; the guard goes on."""
        for listener in list(self._listeners[event]):
            try:
                listener(*given)
            except Exception:  # noqa: BLE001
                self._tally.faults += 1

    def _settle(self):
        refuses = self._stale and self._settings["fail_mode"] == "deny"
        applied = self._keeper.applied
        enforced = self._keeper.enforced
        # A capsule alone says what is refused, not what is allowed.
        known = applied is not None or self._settings["boot_fail_mode"] == "allow"
        self._judging = _REFUSE_ALL if refuses else enforced if known and enforced is not None else self._boot
        # What is told of is what is judged by: it is set after it.
        self._held = applied

    def _judge(self, system, asking):
        """Of a system it does not hold the state of, a guard cannot say yes."""
        knows = system != "*" if self._system == "*" else system == self._system
        return (self._judging if knows else _REFUSE_ALL).check(system, asking)

    def _judge_flights(self):
        for token, (system, asking, abort) in list(self._flights.items()):
            verdict = self._judge(system, {**asking, "running": True})
            if verdict.action == "deny" and self._flights.pop(token, None) is not None:
                self._contained(verdict)
                try:
                    abort(ContainedError(verdict))
                except Exception:  # noqa: BLE001
                    self._tally.faults += 1

    def _contained(self, verdict):
        self._tally.count(verdict)
        self._emit("contained", verdict)

    # What the application asks.

    @property
    def instance(self) -> str:
        return self._settings["instance"]

    @property
    def reads_answers(self) -> bool:
        """Whether the words of answers have to be judged as well (`text`, with `direction="output"`)."""
        return self._judging.reads_answers

    def check(self, system: Optional[str] = None, **asking: Any) -> Verdict:
        """May this request run? Never raises for what is in force; TypeError for a word that is not asked here."""
        if not _KNOWN.issuperset(asking):
            unknown = sorted(set(asking) - _KNOWN)[0]
            raise TypeError(f"check() does not know {unknown!r}; it knows {', '.join(ASKING)}")
        self._tally.checks += 1
        try:
            verdict = self._judge(self._system if system is None else system, asking)
            if verdict.action != "allow":
                self._contained(verdict)
            return verdict
        except Exception:  # noqa: BLE001: the application is never taken down by its guard.
            self._tally.faults += 1
            return self._boot.verdict

    def admit(self, system: Optional[str] = None, **asking: Any) -> Verdict:
        """Like `check`, and counts limits; raises ContainedError for a refusal and where a limit leaves no room (429)."""
        verdict = self.check(system, **asking)
        if verdict.action == "deny":
            raise ContainedError(verdict)
        if verdict.limits:
            wait = self._limiter.take(verdict.limits, asking.get("subject"))
            if wait is not None:
                raise ContainedError(verdict, 429, wait)
        return verdict

    def enforce(self, system: Optional[str] = None, **asking: Any) -> Verdict:
        """Like `admit`, and refuses what a person is to look at first: for places that cannot wait."""
        verdict = self.admit(system, **asking)
        if verdict.action == "review":
            raise ContainedError(verdict)
        return verdict

    def resolve_model(self, model: str, **asking: Any) -> str:
        return (self.check(model=model, **asking).to or {}).get("model", model)

    def resolve_prompt(self, prompt: str, **asking: Any) -> str:
        return (self.check(prompt=prompt, **asking).to or {}).get("prompt", prompt)

    def settings(self, **asking: Any) -> dict:
        """What answers are to be generated with: bounds `temperature`, `topP`, `maxTokens`, and `values` as they stand."""
        return dict(self.check(**asking).settings or {})

    def track(self, abort: Callable[[ContainedError], None], system: Optional[str] = None, **asking: Any):
        """Has an answer that is running ended when it is stopped: `abort` is called on the guard's thread. Returns what to call at its end."""
        token = object()
        self._flights[token] = (self._system if system is None else system, asking, abort)
        return lambda: self._flights.pop(token, None)

    # What wraps.

    def transport(self, inner, **asking: Any):
        """For `http_client=httpx.Client(transport=…)` of the OpenAI and Anthropic clients; works on httpx and its successors."""
        return clients.Transport(self, inner, asking)

    def async_transport(self, inner, **asking: Any):
        return clients.AsyncTransport(self, inner, asking)

    def handler(self, **asking: Any):
        """For `urllib.request.build_opener(…)`."""
        return clients.handler(self, asking)

    def tool(self, function=None, *, name: Optional[str] = None, **asking: Any):
        """Decorates a function that an agent may call."""
        if function is None:
            return lambda given: self.tool(given, name=name, **asking)
        return self._wrapped(function, {**asking, "tool": name or function.__name__})

    def trigger(self, function=None, *, name: Optional[str] = None, **asking: Any):
        """Decorates what a schedule or trigger starts: it is not started while paused, and gives None."""
        if function is None:
            return lambda given: self.trigger(given, name=name, **asking)
        return self._wrapped(function, {**asking, "trigger": name or function.__name__}, lambda: None)

    def retriever(self, function=None, *, index: str, empty: Callable[[], Any] = list, **asking: Any):
        """Decorates what reads an index: gives `empty()` while it is turned off."""
        if function is None:
            return lambda given: self.retriever(given, index=index, empty=empty, **asking)
        return self._wrapped(function, {**asking, "index": index}, empty)

    def _wrapped(self, function, asking, instead=None):
        @functools.wraps(function)
        def guarded(*given, **named):
            try:
                self.enforce(**asking)
            except ContainedError:
                if instead is None:
                    raise
                return instead()
            return function(*given, **named)

        return guarded

    def review(self, *, wait: float = 300.0, **given: Any) -> "reviews.Decision":
        """Has a person decide; see `firebreak_guard.reviews.ask`."""
        return reviews.ask(self._line, self._settings, wait, given)

    # What it tells.

    def on(self, event: str, listener: Callable[..., None]) -> Callable[[], None]:
        """`change`, `stale`, `fresh`, `contained` or `fault`. Returns what to call to stop."""
        if event not in _EVENTS:
            raise ValueError(f"on() knows {', '.join(_EVENTS)}")
        self._listeners[event].append(listener)
        return lambda: self._listeners[event].remove(listener)

    def cache_namespace(self) -> str:
        """Another one after everything that is ordered or let go: part of the key of a cache of answers."""
        snapshot = {} if self._held is None else self._held.snapshot
        return ".".join(str(each) for each in (snapshot.get("generation", 0), snapshot.get("epoch", 0), *self._keeper.capsules))

    def stats(self) -> dict:
        held = self._held
        return {
            "instance": self.instance,
            "transport": self._line.transport,
            "stale": self._stale,
            "generation": None if held is None else held.snapshot["generation"],
            "epoch": None if held is None else held.snapshot["epoch"],
            "holds": len(self._keeper.holds),
            "unsupported": [] if self._keeper.enforced is None else list(self._keeper.enforced.unsupported),
            "capsules": self._keeper.capsules,
            "checks": self._tally.checks,
            "refused": self._tally.refused,
            "rerouted": self._tally.rerouted,
            "faults": self._tally.faults,
            "in_flight": len(self._flights),
            "last_fault": self._last_fault,
        }

    def ready(self, timeout: float = 10.0) -> None:
        """Waits until the state in force was received or confirmed; TimeoutError after `timeout` seconds."""
        if not self._heard_once.wait(timeout):
            why = "" if self._last_fault is None else f": {self._last_fault}"
            raise TimeoutError(f"no state from {self._settings['url']} within {timeout} s{why}")

    def close(self) -> None:
        _guards.discard(self)
        self._line.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _forked(self):
        """Threads do not survive a fork: the child is an instance of its own."""
        self._lock = threading.Lock()
        self._limiter = Limiter()
        self._flights = {}
        self._settings = {**self._settings, "instance": _instance(self._settings["host"])}
        self._line = Line(self._settings, self._keeper, self._tally, self)


_guards: "weakref.WeakSet[Guard]" = weakref.WeakSet()


def _after_fork():
    for guard in list(_guards):
        guard._forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _instance(host):
    part = "".join(random.choices(string.ascii_lowercase + string.digits, k=6))
    return f"{host or 'instance'}-{os.getpid()}-{part}"


def create_guard(
    *,
    url: str,
    key: str,
    system: str,
    boot_fail_mode: str,
    fail_mode: str = "last-known",
    state_file: Optional[str] = None,
    trusted_keys: Optional[Iterable[Union[str, dict]]] = None,
    instance: Optional[str] = None,
    transport: str = "auto",
    poll_seconds: float = 2.0,
) -> Guard:
    """Starts a guard: last known state first, then the connection. Raises TypeError for options that cannot work.

    `key`: API key of scope `guard`. `system`: key of the AI system, or `*`. `boot_fail_mode`: "allow" or "deny" before any
    state is known. `fail_mode`: "last-known", or "deny" to refuse everything while contact is lost. `trusted_keys`: base64,
    or as `GET /api/v1/guard/keys` gives them; without them the first key met is pinned in `state_file`.
    """
    _need(isinstance(url, str) and re.match(r"https?://", url), "url must be the http(s) address of Firebreak")
    _need(isinstance(key, str) and key != "", "key must be an API key of scope guard (fbk_…)")
    _need(isinstance(system, str) and system != "", "system must be the key of the AI system, or *")
    _need(boot_fail_mode in ("allow", "deny"), 'boot_fail_mode must be "allow" or "deny": choose')
    _need(fail_mode in ("last-known", "deny"), 'fail_mode must be "last-known" or "deny"')
    _need(transport in ("auto", "poll"), 'transport must be "auto" or "poll"')
    _need(poll_seconds >= 0.1, "poll_seconds must be at least 0.1")
    host = socket.gethostname()
    settings = {
        "url": url.rstrip("/"),
        "key": key,
        "system": system,
        "boot_fail_mode": boot_fail_mode,
        "fail_mode": fail_mode,
        "transport": transport,
        "poll_seconds": poll_seconds,
        "host": host,
        "kind": "guard",
        "instance": instance or _instance(host),
    }
    trusted = None
    if trusted_keys is not None:
        trusted = [{"key": "", "publicKey": each} if isinstance(each, str) else dict(each) for each in trusted_keys]
    return Guard(settings, trusted, state_file)
