"""Holds signed ahead of time, for when there is no server. What somebody applies by hand can only restrict."""

import datetime

from .snapshot import Nack, holds_fault, is_id

SCHEMA = "capsule-1"
HOLD_LIMIT = 50
# In one file beside a state file.
APPLIED_LIMIT = 20
# What an override sets aside may be a restriction of somebody else: such kinds are in no capsule.
_OVERRIDES = ("route", "settings")


def _moment(text):
    """Seconds since 1970; None: this is no moment."""
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except (AttributeError, TypeError, ValueError):
        return None


def read_capsule(value, system, applied_at):
    """The capsule itself, checked, for an instance of a system (`*`: all of them); raises Nack."""
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise Nack("schema", "not a capsule known here")
    of, until = value.get("system"), value.get("until")
    if not is_id("cap", value.get("capsule")) or not isinstance(until, str) or not isinstance(of, str):
        raise Nack("malformed", "a capsule needs id, system and end")
    if system not in ("*", of):
        raise Nack("system", f"meant for {of}, this is {system}")
    applied, end = _moment(applied_at), _moment(until)
    if applied is None or end is None or applied > end:
        raise Nack("older", f"could be applied until {until}")
    fault = holds_fault(value.get("holds"), of)
    if fault is not None:
        raise Nack("malformed", fault)
    for hold in value["holds"]:
        kinds = {hold["what"]["kind"], hold.get("superset", hold["what"])["kind"]}
        if "release" in hold or kinds.intersection(_OVERRIDES):
            raise Nack("malformed", f"{hold['hold']} does not only restrict")
    if len(value["holds"]) > HOLD_LIMIT:
        raise Nack("malformed", f"more than {HOLD_LIMIT} holds")
    return value
