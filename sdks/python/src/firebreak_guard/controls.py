"""What each kind of control does to one request, and what is wrong with one. Controls are the dictionaries that travel."""

import unicodedata

from . import pattern
from .utf16 import length

OVERRIDABLE = ("model", "prompt", "provider")
MESSAGE_LIMIT = 500
_DAY_SECONDS = 86_400


def _name_faults(pointer, value, most=200):
    if not isinstance(value, str) or value == "":
        return [(pointer, "give a name")]
    if length(value) > most:
        return [(pointer, f"use at most {most} characters")]
    letter = [unicodedata.category(char)[0] in "LN" for char in value]
    if not letter[0] or not all(good or char in " ._:/@+-" for good, char in zip(letter, value)):
        return [(pointer, 'begin with a letter or digit; then letters, digits and " ._:/@+-"')]
    return []


def _optional_name(control, member):
    return _name_faults(f"/{member}", control[member]) if member in control else []


def _name_list_faults(pointer, names, most):
    if not isinstance(names, list) or not 0 < len(names) <= most:
        return [(pointer, f"list 1 to {most} names")]
    return [fault for index, name in enumerate(names) for fault in _name_faults(f"{pointer}/{index}", name)]


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _count_faults(pointer, value, least, most):
    good = _is_number(value) and value == int(value) and least <= value <= most
    return [] if good else [(pointer, f"use a whole number from {least} to {most}")]


def _within_faults(pointer, value, most):
    return [] if _is_number(value) and 0 <= value <= most else [(pointer, f"use a number from 0 to {most}")]


def _base_faults(control):
    faults = []
    if "feature" in control:
        faults += _name_faults("/feature", control["feature"], 100)
    if "message" in control:
        message = control["message"]
        if not isinstance(message, str) or message.strip() == "":
            faults.append(("/message", "say something to the user, or leave the message out"))
        elif length(message) > MESSAGE_LIMIT:
            faults.append(("/message", f"use at most {MESSAGE_LIMIT} characters"))
    return faults


def known_country(said):
    """Two capital letters, or None for what proxies write when they do not know."""
    if not isinstance(said, str) or len(said) != 2:
        return None
    country = said.upper()
    return country if len(country) == 2 and country[1] >= "A" and country not in ("XX", "ZZ") else None


class _Disable:
    @staticmethod
    def faults(_):
        return []

    @staticmethod
    def apply(_control, _asking):
        return "deny"


class _Route:
    @staticmethod
    def faults(control):
        to = control.get("to")
        why = "say which model, prompt or provider to use instead"
        if not isinstance(to, dict) or all(to.get(what) is None for what in OVERRIDABLE):
            return [("/to", why)]
        before = control.get("from") or {}
        faults = []
        for what in OVERRIDABLE:
            if what in to:
                faults += _name_faults(f"/to/{what}", to[what])
            if what in before:
                faults += _name_faults(f"/from/{what}", before[what])
            if what in to and to[what] == before.get(what):
                faults.append((f"/to/{what}", f"{to[what]} is what is to be left; name another one"))
        return faults

    @staticmethod
    def apply(control, asking):
        before = control.get("from") or {}
        for what in OVERRIDABLE:
            used = asking.get(what)
            if before.get(what) is not None and used is not None and used != before[what]:
                return None
        return {"to": control["to"]}


class _Fence:
    @staticmethod
    def faults(control):
        countries, audience = control.get("countries"), control.get("audience")
        faults = []
        if countries is None and audience is None:
            faults.append(("", "name countries, an audience, or both"))
        if audience is not None and audience != "authenticated":
            faults.append(("/audience", 'the only audience is "authenticated"'))
        if countries is None:
            return faults
        if not isinstance(countries, dict) or countries.get("mode") not in ("deny", "allow"):
            return faults + [("/countries/mode", 'say "deny" or "allow"')]
        names = countries.get("list")
        if not isinstance(names, list) or not 0 < len(names) <= 250:
            return faults + [("/countries/list", "list 1 to 250 countries")]
        for index, name in enumerate(names):
            if not (isinstance(name, str) and len(name) == 2 and name.isascii() and name.isalpha() and name.isupper()):
                why = "use the two capital letters of ISO 3166-1, for example DE"
                faults.append((f"/countries/list/{index}", why))
        return faults

    @staticmethod
    def apply(control, asking):
        if control.get("audience") is not None and asking.get("authenticated") is not True:
            return "deny"
        countries = control.get("countries")
        if countries is None:
            return None
        country = known_country(asking.get("country"))
        if country is None:
            return "deny"
        return "deny" if (country in countries["list"]) == (countries["mode"] == "deny") else None


class _Block:
    @staticmethod
    def faults(control):
        phrases, patterns, direction = control.get("phrases"), control.get("patterns"), control.get("direction")
        faults = []
        if phrases is None and patterns is None:
            faults.append(("", "list phrases, patterns, or both"))
        if phrases is not None:
            if not isinstance(phrases, list) or not 0 < len(phrases) <= 100:
                faults.append(("/phrases", "list 1 to 100 phrases"))
            else:
                for index, phrase in enumerate(phrases):
                    if not isinstance(phrase, str) or len(phrase.strip()) < 2 or length(phrase) > 500:
                        faults.append((f"/phrases/{index}", "use 2 to 500 characters"))
        if patterns is not None:
            if not isinstance(patterns, list) or not 0 < len(patterns) <= 20:
                faults.append(("/patterns", "list 1 to 20 patterns"))
            else:
                for index, source in enumerate(patterns):
                    why = pattern.fault_of(source) if isinstance(source, str) and source else "write a pattern"
                    if why is None and pattern.compiled(source).test(""):
                        why = "it fits every text; say what is to be found"
                    if why is not None:
                        faults.append((f"/patterns/{index}", why))
        if direction is not None and direction not in ("input", "output"):
            faults.append(("/direction", 'say "input" or "output", or leave it out for both'))
        return faults

    @staticmethod
    def apply(control, asking):
        text = asking.get("text")
        if text is None:
            return None
        if control.get("direction") is not None and control["direction"] != (asking.get("direction") or "input"):
            return None
        lower = text.lower()
        if any(phrase.lower() in lower for phrase in control.get("phrases") or ()):
            return "deny"
        if any(pattern.compiled(source).test(text) for source in control.get("patterns") or ()):
            return "deny"
        return None


class _Input:
    @staticmethod
    def faults(control):
        faults = []
        if "maxCharacters" in control:
            faults += _count_faults("/maxCharacters", control["maxCharacters"], 1, 10_000_000)
        for member in ("attachments", "links"):
            if control.get(member) is not None and control[member] != "refuse":
                faults.append((f"/{member}", 'the only choice is "refuse"'))
        if all(control.get(member) is None for member in ("maxCharacters", "attachments", "links")):
            faults.append(("", "say what is refused: maxCharacters, attachments or links"))
        return faults

    @staticmethod
    def apply(control, asking):
        if asking.get("direction") == "output":
            return None
        if control.get("attachments") is not None and (asking.get("attachments") or 0) > 0:
            return "deny"
        text = asking.get("text")
        if text is None:
            return None
        if control.get("maxCharacters") is not None and length(text) > control["maxCharacters"]:
            return "deny"
        has_link = "://" in text or "www." in text or "](" in text
        return "deny" if control.get("links") is not None and has_link else None


class _Retrieval:
    @staticmethod
    def faults(control):
        return _name_faults("/index", control.get("index"))

    @staticmethod
    def apply(control, asking):
        return "deny" if asking.get("index") == control["index"] else None


class _Review:
    @staticmethod
    def faults(control):
        tools = _name_list_faults("/tools", control["tools"], 200) if "tools" in control else []
        return tools + _optional_name(control, "queue")

    @staticmethod
    def apply(control, asking):
        tools, tool = control.get("tools"), asking.get("tool")
        meant = tools is None or (tool is not None and tool in tools)
        return {"review": control.get("queue") or ""} if meant else None


def _may(named, said):
    return named is None or said is None or named == said


class _Revoke:
    @staticmethod
    def faults(control):
        tools = _name_list_faults("/tools", control["tools"], 200) if "tools" in control else []
        return _optional_name(control, "agent") + tools + _optional_name(control, "credential")

    @staticmethod
    def apply(control, asking):
        tool, tools = asking.get("tool"), control.get("tools")
        agent, credential = control.get("agent"), control.get("credential")
        if tool is None:
            meant = tools is None and credential is not None and asking.get("credential") == credential
            return "deny" if meant and _may(agent, asking.get("agent")) else None
        if not _may(agent, asking.get("agent")) or not _may(credential, asking.get("credential")):
            return None
        return "deny" if tools is None or tool in tools else None


class _Pause:
    @staticmethod
    def faults(control):
        return _optional_name(control, "trigger")

    @staticmethod
    def apply(control, asking):
        trigger = asking.get("trigger")
        if trigger is None:
            return None
        return "deny" if control.get("trigger") in (None, trigger) else None


class _Limit:
    @staticmethod
    def faults(control):
        faults = _count_faults("/requests", control.get("requests"), 1, 1_000_000)
        faults += _count_faults("/seconds", control.get("seconds"), 1, _DAY_SECONDS)
        if control.get("per") not in ("subject", "everyone"):
            faults.append(("/per", 'say "subject" or "everyone"'))
        return faults

    @staticmethod
    def apply(control, _asking):
        return {"limit": {name: control[name] for name in ("requests", "seconds", "per")}}


def _is_setting(value):
    if isinstance(value, str):
        return length(value) <= 200
    return isinstance(value, (bool, int)) or (isinstance(value, float) and value - value == 0)


class _Settings:
    MEMBERS = ("temperature", "topP", "maxTokens", "values")

    @classmethod
    def faults(cls, control):
        faults = []
        if "temperature" in control:
            faults += _within_faults("/temperature", control["temperature"], 2)
        if "topP" in control:
            faults += _within_faults("/topP", control["topP"], 1)
        if "maxTokens" in control:
            faults += _count_faults("/maxTokens", control["maxTokens"], 1, 10_000_000)
        values = control.get("values")
        if values is not None:
            if not isinstance(values, dict):
                faults.append(("/values", "give names and values"))
            elif not 0 < len(values) <= 20:
                faults.append(("/values", "give 1 to 20 values"))
            else:
                for name, value in values.items():
                    pointer = "/values/" + name.replace("~", "~0").replace("/", "~1")
                    faults += _name_faults(pointer, name, 100)
                    if not _is_setting(value):
                        faults.append((pointer, "use a number, true, false, or at most 200 characters"))
        if all(control.get(member) is None for member in cls.MEMBERS):
            faults.append(("", "say what is to be set: temperature, topP, maxTokens or values"))
        return faults

    @classmethod
    def apply(cls, control, _asking):
        return {"settings": {member: control[member] for member in cls.MEMBERS if control.get(member) is not None}}


class _Test:
    """A control that is only tested: met by no request but the made-up one that carries its mark."""

    @staticmethod
    def faults(control):
        of = control.get("of")
        if not isinstance(of, dict) or of.get("kind") not in KINDS:
            return [("/of", "say what is tested")]
        if control.get("feature") != of.get("feature"):
            return [("/feature", "has to be that of the control")]
        return _name_faults("/mark", control.get("mark")) + faults_of(of)

    @staticmethod
    def apply(control, asking):
        return effect_of(control["of"], asking) if asking.get("test") == control["mark"] else None


#: What can be ordered.
KINDS = {
    "disable": _Disable,
    "route": _Route,
    "fence": _Fence,
    "block": _Block,
    "input": _Input,
    "retrieval": _Retrieval,
    "review": _Review,
    "revoke": _Revoke,
    "pause": _Pause,
    "limit": _Limit,
    "settings": _Settings,
}


#: What is enforced: all that can be ordered, and tests of it, which cannot.
_ENFORCED = {**KINDS, "test": _Test}


def is_known(control) -> bool:
    return control.get("kind") in _ENFORCED


def faults_of(control):
    """`[(pointer, why)]` of a control of a known kind; none means that it can be enforced."""
    return _base_faults(control) + _ENFORCED[control["kind"]].faults(control)


def effect_of(control, asking):
    """`"deny"`, a dictionary with `to`, `settings`, `limit` or `review`, or None where it does not apply."""
    return _ENFORCED[control["kind"]].apply(control, asking)


def both_settings(a, b):
    """Of two bounds the lower, of two values the later."""
    out = {}
    for member in ("temperature", "topP", "maxTokens"):
        bounds = [each[member] for each in (a or {}, b) if each.get(member) is not None]
        if bounds:
            out[member] = min(bounds)
    values = {**((a or {}).get("values") or {}), **(b.get("values") or {})}
    if values:
        out["values"] = values
    return out
