"""Made-up requests that a hold must touch, and what they met: the same as every other guard makes up, held to the same vectors."""

from .controls import effect_of, is_known
from .verdict import Compiled

_MOST_CHARACTERS = 10_000_001
_HARMLESS = "How do I reset my password?"
_COUNTRIES = ("DE", "FR", "US", "JP", "BR", "IN", "KE", "NZ")
_EXPECTED = {"review": "review", "limit": "limit", "route": "reroute", "settings": "reroute"}
_STRICTNESS = ("allow", "reroute", "limit", "review", "deny")


def _other(name):
    return f"{name}-other"


def _outside(names):
    return next((each for each in _COUNTRIES if each not in names), None)


def _said(asking):
    return {name: value for name, value in asking.items() if value is not None}


def _touching(control):
    kind = control["kind"]
    if kind == "block":
        phrases = control.get("phrases") or []
        return {"text": phrases[0], "direction": control.get("direction") or "input"} if phrases else None
    if kind == "input":
        if control.get("attachments") is not None:
            return {"attachments": 1, "text": _HARMLESS}
        if control.get("links") is not None:
            return {"text": "https://example.test/"}
        return {"text": "x" * min((control.get("maxCharacters") or 0) + 1, _MOST_CHARACTERS)}
    if kind == "route":
        return dict(control.get("from") or {})
    if kind == "fence":
        countries = control.get("countries")
        if countries is None:
            return {"authenticated": False}
        inside = countries["list"][0] if countries["mode"] == "deny" else _outside(countries["list"])
        return {"country": inside, "authenticated": True}
    if kind == "retrieval":
        return {"index": control["index"]}
    if kind == "revoke":
        tools = control.get("tools") or ["any"]
        return {"tool": tools[0], "agent": control.get("agent"), "credential": control.get("credential")}
    if kind == "review":
        return {} if control.get("tools") is None else {"tool": control["tools"][0]}
    if kind == "pause":
        return {"trigger": control.get("trigger") or "any"}
    return {}


def _beside(control):
    kind = control["kind"]
    if control.get("feature") is not None:
        return {**(_touching(control) or {}), "feature": _other(control["feature"])}
    if kind == "block":
        return {"text": _HARMLESS, "direction": control.get("direction") or "input"}
    if kind == "route":
        withdrawn = control.get("from") or {}
        return {what: _other(version) for what, version in withdrawn.items()} if withdrawn else None
    if kind == "fence":
        countries = control.get("countries") or {"mode": "deny", "list": []}
        country = countries["list"][0] if countries["mode"] == "allow" else _outside(countries["list"])
        return {"country": country, "authenticated": True}
    if kind == "retrieval":
        return {"index": _other(control["index"])}
    if kind in ("revoke", "review"):
        tools = control.get("tools")
        return {"tool": "-".join(_other(tool) for tool in tools)} if tools else None
    if kind == "pause":
        return None if control.get("trigger") is None else {"trigger": _other(control["trigger"])}
    return None


def made_up(control):
    """`(asking, beside)`: one that the control must touch, and one that it must leave alone or None; None where there is none."""
    if control["kind"] == "test":
        found = made_up(control["of"])
        if found is None:
            return None
        marked = [None if each is None else {**each, "test": control["mark"]} for each in found]
        return marked[0], marked[1]
    asking = _touching(control)
    if asking is None:
        return None
    feature = control.get("feature")
    near = _beside(control)
    if near is not None and feature is None and effect_of(control, _said(near)) is not None:
        near = None
    return _said({"feature": feature, **asking}), None if near is None else _said(near)


def is_met(control, verdict):
    """Whether a verdict does to a made-up request what the control is for. Something stricter does it as well."""
    if control["kind"] == "test":
        return is_met(control["of"], verdict)
    if verdict.action == "deny":
        return True
    kind = control["kind"]
    if kind == "route":
        return all((verdict.to or {}).get(what) == to for what, to in control["to"].items())
    if kind == "settings":
        return verdict.settings is not None
    if kind == "limit":
        return verdict.limits is not None or verdict.action == "review"
    return _STRICTNESS.index(verdict.action) >= _STRICTNESS.index(_EXPECTED.get(kind, "deny"))


def check_hold(hold, judge):
    """`{"state", "says"?}` as Firebreak takes it; never raises. `judge(system, asking)` gives a Verdict."""
    control = hold["what"]
    if not is_known(control):
        return {"state": "unsupported"}
    try:
        found = made_up(control) if hold.get("release") is None else None
        if found is None:
            return {"state": "unknown"}
        asking, near = found
        if not is_met(control, judge(hold["system"], asking)):
            return {"state": "not-effective"}
        others = [] if near is None else [near]
        if control["kind"] == "test":
            others.append({name: value for name, value in asking.items() if name != "test"})
        wide = any(judge(hold["system"], each).hold == hold["hold"] for each in others)
        return {"state": "too-wide" if wide else "effective"}
    except Exception as error:  # noqa: BLE001: what broke down is what is asked for.
        return {"state": "fault", "says": (str(error) or type(error).__name__)[:200]}


def try_hold(held, hold):
    """Tries an order on a copy of what is held. Nothing is obeyed yet: an order that breaks judging breaks only this."""
    try:
        base = held or {"schema": 1, "system": hold["system"], "generation": 0, "epoch": 0, "holds": []}
        others = [each for each in base["holds"] if each["hold"] != hold["hold"]]
        compiled = Compiled({**base, "holds": [*others, hold]})
        return check_hold(hold, compiled.check)
    except Exception as error:  # noqa: BLE001
        return {"state": "fault", "says": (str(error) or type(error).__name__)[:200]}
