"""What the guard has done since it started."""

from threading import Lock

_HOLDS_COUNTED = 1_000


class Tally:
    def __init__(self):
        self.checks = 0
        self.refused = 0
        self.rerouted = 0
        self.faults = 0
        self._lock = Lock()
        self._holds = {}
        self._changed = set()

    @property
    def touched(self):
        return self.refused + self.rerouted

    def count(self, verdict):
        member = "refused" if verdict.action == "deny" else "rerouted"
        with self._lock:
            setattr(self, member, getattr(self, member) + 1)
            if verdict.hold is None:
                return
            if verdict.hold not in self._holds:
                if len(self._holds) >= _HOLDS_COUNTED:
                    return
                self._holds[verdict.hold] = {"refused": 0, "rerouted": 0}
            self._holds[verdict.hold][member] += 1
            self._changed.add(verdict.hold)

    def report(self, everything):
        """Totals of the process, and of the holds that changed since the last report; all, for a listener that is new."""
        with self._lock:
            names = list(self._holds) if everything else list(self._changed)
            self._changed.clear()
            holds = {name: dict(self._holds[name]) for name in names if name in self._holds}
            return {"checks": self.checks, "refused": self.refused, "rerouted": self.rerouted, "holds": holds}
