"""The one answer to "may this request run, and how?": the same as every other guard gives, held to the same vectors."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Mapping, Optional, Sequence

from .controls import OVERRIDABLE, both_settings, effect_of, is_known, known_country
from .utf16 import units

DEFAULT_MESSAGE = "This function is paused at the moment. We are working on it."
_STRICTNESS = {"allow": 0, "reroute": 1, "limit": 2, "review": 3, "deny": 4}


@dataclass(frozen=True)
class Verdict:
    """`action` is `allow`, `reroute`, `limit`, `review` or `deny`: the strictest of what applies; the rest stands beside it."""

    action: str
    epoch: int
    hold: Optional[str] = None
    control: Optional[str] = None
    incident: Optional[str] = None
    #: Calm text for the user of the AI system.
    message: Optional[str] = None
    #: Model, prompt or provider to use instead; only what changes.
    to: Optional[Mapping[str, str]] = None
    #: `temperature`, `topP`, `maxTokens` at most; `values` as they stand.
    settings: Optional[Mapping[str, Any]] = None
    #: Each has to leave room: `{"hold", "requests", "seconds", "per"}`.
    limits: Optional[Sequence[Mapping[str, Any]]] = None
    #: Queue of reviewers; empty: the one of the system.
    review: Optional[str] = None

    @property
    def denied(self) -> bool:
        return self.action == "deny"


def _mixed(mix, text):
    """FNV-1a, 32 bit, over the UTF-16 code units."""
    for unit in units(text):
        mix = ((mix ^ unit) * 16_777_619) & 0xFFFFFFFF
    return mix


def place_of(hold: str, subject: str) -> int:
    """Where a subject stands among a hundred: another place for each hold, the same each time."""
    return _mixed(_mixed(2_166_136_261, hold), subject) % 100


def _is_released(hold, asking):
    release = hold.get("release")
    if release is None:
        return False
    if release["percent"] >= 100:
        return True
    country = known_country(asking.get("country"))
    if country is not None and country in (release.get("countries") or ()):
        return True
    subject = asking.get("subject")
    return release["percent"] > 0 and subject is not None and place_of(hold["hold"], subject) < release["percent"]


def order_of(hold):
    return (hold["order"], hold["hold"])


def enforceable(hold):
    """What is enforced for a hold here: its control, what stands in for it if its kind is unknown, or None."""
    if is_known(hold["what"]):
        return hold["what"]
    superset = hold.get("superset")
    return superset if superset is not None and is_known(superset) else None


def _changed(asked, served):
    to = {what: served[what] for what in OVERRIDABLE if served.get(what) not in (None, asked.get(what))}
    return to or None


def _judge(rules, asking, epoch):
    """None when nothing applies."""
    served = asking
    action, named = "allow", None
    settings = review = None
    limits = []
    for hold, control in rules:
        if _is_released(hold, asking):
            continue
        if asking.get("running") and control.get("inFlight") == "drain":
            continue
        effect = effect_of(control, served)
        if effect is None:
            continue
        if effect == "deny":
            return _verdict("deny", hold, control, epoch, message=control.get("message", DEFAULT_MESSAGE))
        if "to" in effect:
            following = {**served, **effect["to"]}
            what = "reroute" if _changed(served, following) is not None else None
            served = following
        elif "settings" in effect:
            settings = both_settings(settings, effect["settings"])
            what = "reroute"
        elif "limit" in effect:
            limits.append({"hold": hold["hold"], **effect["limit"]})
            what = "limit"
        else:
            review = effect["review"]
            what = "review"
        # Of two that are as strict the later is named.
        if what is not None and _STRICTNESS[what] >= _STRICTNESS[action]:
            action, named = what, (hold, control)
    if named is None:
        return None
    to = _changed(asking, served)
    if action == "reroute" and to is None and settings is None:
        return None
    hold, control = named
    return _verdict(
        action,
        hold,
        control,
        epoch,
        message=control.get("message"),
        to=to,
        settings=settings,
        limits=tuple(limits) or None,
        review=review,
    )


def _verdict(action, hold, control, epoch, **more):
    return Verdict(
        action, epoch, hold=hold["hold"], control=hold.get("control"), incident=hold.get("incident"), **more
    )


class Compiled:
    """A snapshot made ready for the request path. Never changed, replaced as a whole."""

    def __init__(self, snapshot):
        self.generation = snapshot["generation"]
        self.epoch = snapshot["epoch"]
        self.allow = Verdict("allow", self.epoch)
        self.unsupported = []
        systems = {}
        for hold in sorted(snapshot["holds"], key=order_of):
            control = enforceable(hold)
            if control is not hold["what"]:
                self.unsupported.append(hold["hold"])
            if control is not None:
                systems.setdefault(hold["system"], []).append((hold, control))
        #: Of each system: rules of all features, and by feature those that can apply.
        self._systems = MappingProxyType({system: _indexed(rules) for system, rules in systems.items()})
        #: Whether words of answers have to be looked at.
        self.reads_answers = any(
            control["kind"] == "block" and control.get("direction") != "input"
            for rules in systems.values()
            for _, control in rules
        )

    def check(self, system, asking) -> Verdict:
        found = self._systems.get(system)
        if found is None:
            return self.allow
        every, wide, by_feature = found
        feature = asking.get("feature")
        rules = every if feature is None else by_feature.get(feature, wide)
        if not rules:
            return self.allow
        return _judge(rules, asking, self.epoch) or self.allow


def _indexed(rules):
    wide = [rule for rule in rules if rule[1].get("feature") is None]
    features = {rule[1].get("feature") for rule in rules} - {None}
    by_feature = {name: [rule for rule in rules if rule[1].get("feature") in (None, name)] for name in features}
    return rules, wide, by_feature
