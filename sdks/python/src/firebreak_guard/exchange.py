"""One request to a model, from its facts to the end of its answer, whatever library carries it."""

import codecs
import json

from . import bodies
from .contained import ContainedError, refusal

_HEADERS = {
    "feature": "x-firebreak-feature",
    "country": "x-firebreak-country",
    "subject": "x-firebreak-user",
    "authenticated": "x-firebreak-authenticated",
    "prompt": "x-firebreak-prompt",
    "provider": "x-firebreak-provider",
    "agent": "x-firebreak-agent",
    "credential": "x-firebreak-credential",
    "tool": "x-firebreak-tool",
    "index": "x-firebreak-index",
    "trigger": "x-firebreak-trigger",
}
SYSTEM_HEADER = "x-firebreak-system"
ALL_HEADERS = frozenset([SYSTEM_HEADER, *_HEADERS.values()])
# Phrases have at most 500 characters; what patterns are to find stands within this much of an answer.
_WINDOW = 2_000


class Refused(Exception):
    """`answer` is `(status, headers, body)`."""

    def __init__(self, error, detail=None):
        super().__init__(str(error))
        self.answer = refusal(error, detail)


def _said(headers):
    said = {}
    for fact, name in _HEADERS.items():
        value = headers.get(name)
        if value:
            said[fact] = value.lower() in ("true", "1") if fact == "authenticated" else value
    return said


class Exchange:
    """Raises Refused when the request may not run."""

    def __init__(self, guard, asking, path, headers, body):
        self._guard = guard
        self.error = None
        self._cut = None
        self._done = lambda: None
        facts = bodies.parsed(body)
        asking = asking() if callable(asking) else asking
        asked = {**(bodies.facts_of(facts) if facts is not None else {}), **asking, **_said(headers)}
        try:
            verdict = guard.admit(**asked)
        except ContainedError as error:
            raise Refused(error) from None
        error = ContainedError(verdict)
        to = verdict.to or {}
        if verdict.action == "review":
            raise Refused(error, "A person has to look at this first. Ask with guard.review, then send what was approved.")
        if "prompt" in to:
            raise Refused(error, f"Prompt {to['prompt']} is ordered. Build the request with guard.resolve_prompt.")
        if "provider" in to:
            raise Refused(error, f"Vendor {to['provider']} is ordered, but this client has no way to it.")
        if "model" in to and facts is None:
            raise Refused(error, f"Model {to['model']} is ordered, but this body cannot be rewritten.")
        #: The body to send instead, or None.
        self.body = None
        if facts is not None and ("model" in to or verdict.settings):
            changed = {**facts, "model": to["model"]} if "model" in to else facts
            if verdict.settings:
                changed = bodies.with_settings(changed, verdict.settings, path)
            self.body = json.dumps(changed).encode()
        self.served = {**asked, **to}
        self.reads_answer = guard.reads_answers

    def fly(self, cut=None):
        """From here on the answer can be ended; `cut` frees whoever waits for it."""
        self._cut = cut
        self._done = self._guard.track(self._end, **self.served)

    def cut_by(self, cut):
        self._cut = cut
        if self.error is not None:
            cut()

    def _end(self, error):
        self.error = error
        if self._cut is not None:
            self._cut()

    def judge_again(self):
        verdict = self._guard.check(**self.served, running=True)
        if verdict.action == "deny" and self.error is None:
            self._end(ContainedError(verdict))

    def over(self):
        self._done()

    def judge_answer(self, text):
        """Raises ContainedError when these words may not pass."""
        verdict = self._guard.check(**{**self.served, "text": text, "direction": "output", "running": True})
        if verdict.action == "deny":
            raise ContainedError(verdict)

    def reader(self, content_type):
        """What to call with each piece of a streamed answer; raises ContainedError."""
        if not self.reads_answer or "event-stream" not in content_type:
            return lambda _chunk: None
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        rest, words = "", ""

        def read(chunk):
            nonlocal rest, words
            *lines, rest = (rest + decoder.decode(chunk)).split("\n")
            new = ""
            for line in lines:
                if line.startswith("data:"):
                    try:
                        new += bodies.answer_text(json.loads(line[5:]))
                    except ValueError:
                        continue
            if new:
                words = (words + new)[-_WINDOW - len(new) :]
                self.judge_answer(words)

        return read
