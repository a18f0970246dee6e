"""Token buckets: each process counts for itself."""

import time
from threading import Lock

_BUCKETS = 10_000


class Limiter:
    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._lock = Lock()
        self._buckets = {}

    def take(self, limits, subject):
        """None when every limit leaves room, and then it is taken; else seconds to wait, and nothing is taken."""
        now = self._clock()
        with self._lock:
            filled = []
            wait = 0.0
            for limit in limits:
                key = (limit["hold"], subject if limit["per"] == "subject" else None)
                most, rate = limit["requests"], limit["requests"] / limit["seconds"]
                tokens, at = self._buckets.get(key, (most, now))
                tokens = min(most, tokens + (now - at) * rate)
                wait = max(wait, 0.0 if tokens >= 1 else (1 - tokens) / rate)
                filled.append((key, tokens))
            if wait > 0:
                return wait
            for key, tokens in filled:
                self._buckets.pop(key, None)
                self._buckets[key] = (tokens - 1, now)
            while len(self._buckets) > _BUCKETS:
                del self._buckets[next(iter(self._buckets))]
        return None
