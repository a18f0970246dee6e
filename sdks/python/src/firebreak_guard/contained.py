"""How a refusal looks: an error in the program, an answer on the wire."""

import json
import math


class ContainedError(Exception):
    """Raised by `enforce`, and what a running answer ends with when its feature is stopped."""

    def __init__(self, verdict, status=403, retry_after=None):
        super().__init__(verdict.message or "This function is paused at the moment.")
        self.verdict = verdict
        #: 403, or 429 where a limit leaves no room.
        self.status = status
        #: Seconds, with 429.
        self.retry_after = retry_after

    @property
    def hold(self):
        return self.verdict.hold

    @property
    def incident(self):
        return self.verdict.incident


def refusal(error: ContainedError, detail=None):
    """`(status, headers, body)`: an RFC 9457 problem with the vendors' `error` member; SDKs make one attempt of it."""
    verdict, message = error.verdict, str(error)
    headers = {
        "content-type": "application/problem+json",
        "x-should-retry": "false",
        "x-firebreak-control": verdict.control or verdict.hold or "fail-mode",
        "x-firebreak-epoch": str(verdict.epoch),
    }
    if error.retry_after is not None:
        headers["retry-after"] = str(max(1, math.ceil(error.retry_after)))
    code = "containment.denied"
    problem = {
        "type": f"/problems/{code}",
        "title": "This function is contained",
        "status": error.status,
        "detail": detail or message,
        "hold": verdict.hold,
        "control": verdict.control,
        "incident": verdict.incident,
        "error": {"message": message, "type": "contained", "code": code, "param": None},
    }
    return error.status, headers, json.dumps({name: value for name, value in problem.items() if value is not None})
