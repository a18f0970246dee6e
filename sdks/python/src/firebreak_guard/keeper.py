"""Holds the last state that was signed by a key we trust; nothing else ever replaces it."""

import base64
import binascii
import hashlib
import json
from collections import namedtuple

from . import ed25519, state_file
from .capsule import APPLIED_LIMIT, read_capsule
from .snapshot import Nack, apply_message, is_delta, read_message, state_text
from .verdict import Compiled, order_of

# Steps kept in the file before a whole snapshot is asked for.
_STEPS_KEPT = 50

Applied = namedtuple("Applied", "snapshot compiled state_hash")


def _decoded(text):
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


class Keeper:
    def __init__(self, system, trusted, path, on_fault):
        self.applied = None
        self._system = system
        self._fixed = trusted is not None
        self._pinned = list(trusted or [])
        self._path = path
        self._fault = on_fault
        self._chain = []
        # What is enforced: the state, and the capsules applied by hand. None while there is neither.
        self.enforced = None
        self.holds = []
        self._found = []
        self._read = ""

    @property
    def trusts_nobody_yet(self):
        return not self._fixed and not self._pinned

    def pin(self, keys):
        """Trust on first use: only while nothing is pinned, and for good."""
        if self.trusts_nobody_yet:
            self._pinned = keys

    @property
    def wants_snapshot(self):
        return len(self._chain) > _STEPS_KEPT

    def _living(self):
        ended = [] if self.applied is None else self.applied.snapshot.get("ended", [])
        return [each for each in self._found if each["capsule"] not in ended]

    @property
    def capsules(self):
        """Ids of the capsules in force."""
        return [each["capsule"] for each in self._living()]

    def _enforce(self):
        state = None if self.applied is None else self.applied.snapshot
        capsules = [hold for each in self._living() for hold in each["holds"]]
        holds = [*([] if state is None else state["holds"]), *capsules]
        if capsules:
            base = {"schema": 1, "system": self._system, "generation": 0, "epoch": 0}
            self.enforced = Compiled({**base, **(state or {}), "holds": sorted(holds, key=order_of)})
        else:
            self.enforced = None if self.applied is None else self.applied.compiled
        self.holds = holds

    def look(self):
        """Takes up what was applied by hand since the last look; nothing that was is ever forgotten. True: more is enforced."""
        text = "" if self._path is None else state_file.capsules(self._path)
        if text in ("", self._read) or not self._pinned:
            return False
        self._read = text
        before = len(self._found)
        try:
            entries = json.loads(text)[:APPLIED_LIMIT]
        except (TypeError, ValueError, KeyError) as error:
            entries = []
            self._fault(f"the capsules cannot be read: {error}")
        for entry in entries:
            try:
                if not self._trusts(entry):
                    raise Nack("signature", "not signed by a trusted key")
                capsule = read_capsule(json.loads(entry["payload"]), self._system, entry.get("appliedAt"))
                if capsule["capsule"] not in (each["capsule"] for each in self._found):
                    self._found.append(capsule)
            except (AttributeError, KeyError, TypeError, ValueError, Nack) as error:
                self._fault(f"a capsule is refused: {error}")
        self._enforce()
        return len(self._found) > before

    def restore(self):
        """Takes up the state of the last run, and what was applied by hand."""
        self._restore_state()
        self._enforce()
        self.look()

    def _restore_state(self):
        """From the file. One that was tampered with counts as none."""
        if self._path is None:
            return
        try:
            saved = state_file.read(self._path)
            if saved is None:
                return
            if not self._fixed:
                self._pinned = saved["pinned"]
            for signed in saved["signed"]:
                self._step(signed)
        except (OSError, ValueError, Nack) as error:
            self.applied = None
            self._chain = []
            self._fault(f"the state file cannot be used: {error}")

    def take(self, signed):
        """Verifies, applies and saves one signed message; on Nack nothing has changed."""
        before = self.applied
        applied = self._step(signed)
        if applied is not before:
            self._save()
        return applied

    def read(self, signed):
        """What a message says that is to be read and not to be obeyed; raises Nack unless a trusted key signed it."""
        if not all(isinstance(signed.get(member), str) for member in ("payload", "key", "signature")):
            raise Nack("malformed", "not a signed message")
        if not self._trusts(signed):
            raise Nack("signature", f"not signed by a trusted key ({signed['key']})")
        return json.loads(signed["payload"])

    def _trusts(self, signed):
        payload, signature = signed["payload"].encode(), _decoded(signed["signature"])
        return any(
            each["key"] in ("", signed["key"]) and ed25519.verify(_decoded(each["publicKey"]), payload, signature)
            for each in self._pinned
        )

    def _step(self, signed):
        if not all(isinstance(signed.get(member), str) for member in ("payload", "key", "signature")):
            raise Nack("malformed", "not a signed message")
        if not self._trusts(signed):
            raise Nack("signature", f"not signed by a trusted key ({signed['key']})")
        try:
            parsed = json.loads(signed["payload"])
        except ValueError as error:
            raise Nack("malformed", "the payload is not JSON") from error
        message = read_message(parsed)
        if message["system"] != self._system:
            raise Nack("system", f"meant for {message['system']}, this guard is of {self._system}")
        held = self.applied
        snapshot = apply_message(None if held is None else held.snapshot, message)
        if held is not None and snapshot is held.snapshot:
            if not is_delta(message) and len(self._chain) > 1:
                self._chain = [signed]
                self._save()
            return held
        state_hash = hashlib.sha256(state_text(snapshot).encode()).hexdigest()
        kept = {member: signed[member] for member in ("payload", "key", "signature")}
        self._chain = [*self._chain, kept] if is_delta(message) else [kept]
        self.applied = Applied(snapshot, Compiled(snapshot), state_hash)
        self._enforce()
        return self.applied

    def _save(self):
        if self._path is None:
            return
        try:
            state_file.write(self._path, {"schema": 1, "pinned": self._pinned, "signed": self._chain})
        except OSError as error:
            self._fault(f"the state file cannot be written: {error}")
