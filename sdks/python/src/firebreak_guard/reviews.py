"""Has a person decide before something happens."""

import time
from collections import namedtuple

#: `state` is `approved`, `edited` (say `text` instead), `declined`, or `timed-out`: nobody decided in time.
Decision = namedtuple("Decision", "state review text reason")

_WAIT_S = 25


def ask(line, settings, wait, given):
    """Submits `text` (an answer) or `tool` and `arguments` (a call), with what a reviewer is to know, and waits `wait` seconds.

    `feature`, `subject`, `hold`, `queue`, `question` as far as they are known. Whatever goes wrong counts as not approved:
    raises OSError when Firebreak cannot be reached.
    """
    body = {name: value for name, value in given.items() if value is not None}
    status, _, answer = line.ask(
        "/api/v1/guard/reviews",
        "POST",
        {"system": settings["system"], "instance": settings["instance"], **body},
    )
    if status not in (200, 201):
        raise OSError(f"the server answered {status} when asked for a review")
    end = time.monotonic() + wait
    while answer["state"] == "pending":
        left = end - time.monotonic()
        if left <= 0:
            return Decision("timed-out", answer["review"], None, None)
        most = max(1, min(_WAIT_S, int(left)))
        path = f"/api/v1/guard/reviews/{answer['review']}?wait={most}"
        status, _, again = line.ask(path, timeout=most + 10)
        if status != 200:
            raise OSError(f"the server answered {status} when asked for review {answer['review']}")
        answer = again
    return Decision(answer["state"], answer["review"], answer.get("text"), answer.get("reason"))
