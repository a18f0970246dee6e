"""What travels from Firebreak: whole snapshots and steps between them, checked as a whole and applied as a whole."""

from .controls import faults_of, is_known
from .verdict import order_of

HOLD_LIMIT = 10_000
_SAFE = 2**53 - 1


class Nack(Exception):
    """Why a message was not taken: `malformed`, `schema`, `system`, `older`, `gap` or `signature`. The old state stays."""

    def __init__(self, code, why):
        super().__init__(why)
        self.code = code
        self.why = why


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _SAFE


def is_id(kind, value):
    return isinstance(value, str) and value.startswith(f"{kind}_") and len(value) > len(kind) + 1


def _control_fault(value):
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        return "a control needs a kind"
    if not is_known(value):
        return None
    faults = faults_of(value)
    return f"{faults[0][0]}: {faults[0][1]}" if faults else None


def _release_fault(value):
    if not isinstance(value, dict) or not _is_count(value.get("step")):
        return "a release needs its step"
    percent, countries = value.get("percent"), value.get("countries")
    if not isinstance(percent, (int, float)) or isinstance(percent, bool) or not 0 <= percent <= 100:
        return "a release needs 0 to 100 percent"
    named = countries is None or (isinstance(countries, list) and all(isinstance(each, str) for each in countries))
    return None if named else "the countries of a release are a list"


def _hold_fault(value):
    if not isinstance(value, dict):
        return "a hold is an object"
    if not is_id("hld", value.get("hold")) or not is_id("inc", value.get("incident")):
        return "a hold needs its id and its incident"
    name = value["hold"]
    if not isinstance(value.get("system"), str) or value["system"] == "":
        return f"{name}: needs a system"
    if not _is_count(value.get("number")) or not _is_count(value.get("order")):
        return f"{name}: needs number and order"
    fault = _release_fault(value["release"]) if "release" in value else None
    fault = fault or _control_fault(value.get("what"))
    if fault is None and "superset" in value:
        fault = _control_fault(value["superset"])
    return None if fault is None else f"{name}: {fault}"


def holds_fault(value, system):
    if not isinstance(value, list):
        return "holds must be a list"
    if len(value) > HOLD_LIMIT:
        return f"more than {HOLD_LIMIT} holds"
    seen = set()
    for hold in value:
        fault = _hold_fault(hold)
        if fault is not None:
            return fault
        if hold["hold"] in seen:
            return f"{hold['hold']} stands there twice"
        if system not in ("*", hold["system"]):
            return f"{hold['hold']} is of another system"
        seen.add(hold["hold"])
    return None


def read_message(value):
    """The message itself, checked; raises Nack. One bad hold rejects all of it."""
    if not isinstance(value, dict):
        raise Nack("malformed", "not an object")
    if value.get("schema") != 1:
        raise Nack("schema", f"schema {value.get('schema')} is not known here")
    system = value.get("system")
    if not isinstance(system, str) or system == "":
        raise Nack("malformed", "no system")
    if "ended" in value and not isinstance(value["ended"], list):
        raise Nack("malformed", "ended is no list")
    if not _is_count(value.get("generation")) or not _is_count(value.get("epoch")):
        raise Nack("malformed", "no generation or epoch")
    if "holds" not in value:
        removed = value.get("remove")
        if not _is_count(value.get("from")) or not isinstance(removed, list) or len(removed) > HOLD_LIMIT:
            raise Nack("malformed", "neither a snapshot nor a delta")
    fault = holds_fault(value["holds"] if "holds" in value else value.get("add"), system)
    if fault is not None:
        raise Nack("malformed", fault)
    return value


def is_delta(message) -> bool:
    return "holds" not in message


def apply_message(held, message):
    """The state after a message, `held` itself if it changes nothing; raises Nack. Never older, never with a step left out."""
    if held is not None:
        if message["system"] != held["system"]:
            raise Nack("system", f"meant for {message['system']}, this is {held['system']}")
        if message["generation"] < held["generation"]:
            raise Nack("older", f"generation {message['generation']} is before {held['generation']}")
        if message["generation"] == held["generation"] and message["epoch"] < held["epoch"]:
            raise Nack("older", f"epoch {message['epoch']} is before {held['epoch']}")
    if not is_delta(message):
        same = held is not None and (held["generation"], held["epoch"]) == (message["generation"], message["epoch"])
        return held if same else {**message, "holds": sorted(message["holds"], key=order_of)}
    if held is None or message["generation"] != held["generation"] or message["from"] != held["epoch"]:
        has = "nothing" if held is None else held["epoch"]
        raise Nack("gap", f"a step from epoch {message['from']}, but {has} is held")
    gone = set(message["remove"])
    known = {hold["hold"] for hold in held["holds"]}
    if not gone <= known or any(hold["hold"] in known - gone for hold in message["add"]):
        raise Nack("gap", "the step does not fit what is held")
    holds = sorted([hold for hold in held["holds"] if hold["hold"] not in gone] + message["add"], key=order_of)
    if len(holds) > HOLD_LIMIT:
        raise Nack("malformed", f"more than {HOLD_LIMIT} holds")
    ended = {"ended": message["ended"]} if "ended" in message else {}
    return {**held, "epoch": message["epoch"], "holds": holds, **ended}


def state_text(snapshot) -> str:
    """The text whose SHA-256 is the state hash of an acknowledgement."""
    names = sorted(
        f"{hold['hold']}~{hold['release']['step']}" if hold.get("release") is not None else hold["hold"]
        for hold in snapshot["holds"]
    )
    return ":".join(
        [str(snapshot["schema"]), snapshot["system"], str(snapshot["generation"]), str(snapshot["epoch"]), ",".join(names)]
    )
