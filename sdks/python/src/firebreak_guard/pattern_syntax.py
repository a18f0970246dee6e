"""The subset of regular expressions that responders may write: parsed into nodes, or refused with what to write instead."""

import re

from .utf16 import length, units

LENGTH_LIMIT = 1_000
REPEAT_LIMIT = 1_000
GROUP_DEPTH_LIMIT = 50
LAST_UNIT = 0xFFFF
FOREVER = float("inf")

# Sets are lists of inclusive ranges of UTF-16 code units, sorted and apart.
DIGITS = [(0x30, 0x39)]
WORD = [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)]
SPACE = [
    (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
    (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
]  # fmt: skip
LINE_ENDS = [(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)]


class PatternFault(ValueError):
    """What is wrong with a pattern, and what to write instead."""


def union(ranges):
    out = []
    for start, end in sorted(ranges):
        if out and start <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def complement(ranges):
    out = []
    following = 0
    for start, end in ranges:
        if start > following:
            out.append((following, start - 1))
        following = end + 1
    if following <= LAST_UNIT:
        out.append((following, LAST_UNIT))
    return out


_CLASSES = {
    "d": DIGITS, "w": WORD, "s": SPACE,
    "D": complement(DIGITS), "W": complement(WORD), "S": complement(SPACE),
}  # fmt: skip
_CONTROLS = {"n": 10, "r": 13, "t": 9, "f": 12, "v": 11, "0": 0}
_ANY = complement(LINE_ENDS)
_ADVICE = {
    "k": "back-references cannot be tested in linear time; write the text out",
    "p": "classes such as \\p{…} are not known here; list the characters in [ ]",
    "P": "classes such as \\P{…} are not known here; list the characters in [^ ]",
    "A": "write ^ for the beginning of the text",
    "Z": "write $ for the end of the text",
    "z": "write $ for the end of the text",
}
_HEX = re.compile(r"[0-9a-fA-F]+")
_BOUNDS = re.compile(r"\{([0-9]+)(,?)([0-9]*)\}")


class _Parser:
    def __init__(self, source, at):
        self.source = source
        self.at = at
        self.depth = 0

    def take(self, text):
        if not self.source.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def peek(self):
        return self.source[self.at] if self.at < len(self.source) else ""

    def point(self):
        self.at += 1
        return ord(self.source[self.at - 1])

    def hex(self, digits):
        text = self.source[self.at : self.at + digits]
        if len(text) != digits or not _HEX.fullmatch(text):
            raise PatternFault(f"{self.source[self.at - 2 : self.at]} needs {digits} hexadecimal digits after it")
        self.at += digits
        return int(text, 16)

    def escaped(self):
        """After a backslash: a class, or the code point of one character."""
        name = self.peek()
        if name == "":
            raise PatternFault("the \\ at the end escapes nothing; write \\\\ for a backslash")
        if name in _CLASSES:
            self.at += 1
            return _CLASSES[name]
        if "1" <= name <= "9":
            raise PatternFault(f"back-references (\\{name}) cannot be tested in linear time; write the text out")
        if not (name.isascii() and name.isalnum()):
            return self.point()
        self.at += 1
        if name == "x":
            return self.hex(2)
        if name == "u":
            return self.hex(4)
        if name in _CONTROLS:
            return _CONTROLS[name]
        raise PatternFault(_ADVICE.get(name, f"\\{name} means nothing here; write {name} for the letter itself"))

    def member(self):
        if self.source.startswith("[:", self.at):
            raise PatternFault("classes such as [:alpha:] are not known here; write a-zA-Z")
        if not self.take("\\"):
            return self.point()
        return 8 if self.take("b") else self.escaped()

    def bracket(self):
        negated = self.take("^")
        ranges = []
        if self.peek() == "]":
            raise PatternFault("an empty [ ] finds nothing; write \\] for the bracket itself")
        while not self.take("]"):
            if self.peek() == "":
                raise PatternFault("a [ is not closed; write \\[ for the bracket itself")
            start = self.member()
            following = self.source[self.at + 1 : self.at + 2]
            is_range = self.peek() == "-" and following not in ("", "]")
            if is_range:
                self.at += 1
            end = self.member() if is_range else start
            if not isinstance(start, int) or not isinstance(end, int):
                if is_range:
                    raise PatternFault(
                        "a class such as \\w cannot begin or end a range; write \\- for the hyphen itself"
                    )
                ranges.extend(start)
                continue
            if end > LAST_UNIT or start > LAST_UNIT:
                raise PatternFault("characters beyond U+FFFF, emoji for example, cannot stand in [ ]; write (…|…)")
            if end < start:
                raise PatternFault("the ends of a range in [ ] stand the wrong way round")
            ranges.append((start, end))
        return ("set", union(ranges), negated)

    def group(self):
        if self.peek() == "?" and not self.take("?:"):
            ahead = self.source[self.at : self.at + 3]
            if re.match(r"\?<?[=!]", ahead):
                raise PatternFault(
                    "looking ahead or behind cannot be tested in linear time; use a pattern for each"
                )
            if re.match(r"\?P?[<']", ahead):
                raise PatternFault("groups have no names here; write ( … )")
            raise PatternFault("of the (?…) forms only (?:…), and (?i) at the very beginning, are known here")
        self.depth += 1
        if self.depth > GROUP_DEPTH_LIMIT:
            raise PatternFault(f"groups may stand at most {GROUP_DEPTH_LIMIT} deep in each other")
        inner = self.choice()
        self.depth -= 1
        if not self.take(")"):
            raise PatternFault("a ( is not closed; write \\( for the parenthesis itself")
        return inner

    @staticmethod
    def literal(code):
        parts = [("set", [(unit, unit)], False) for unit in units(chr(code))]
        return parts[0] if len(parts) == 1 else ("sequence", parts)

    def atom(self):
        if self.take("^"):
            return ("assert", "start")
        if self.take("$"):
            return ("assert", "end")
        if self.take("\\b"):
            return ("assert", "word")
        if self.take("\\B"):
            return ("assert", "no-word")
        if self.take("."):
            return ("set", _ANY, False)
        if self.take("["):
            return self.bracket()
        if self.take("("):
            return self.group()
        if self.take("\\"):
            what = self.escaped()
            return self.literal(what) if isinstance(what, int) else ("set", what, False)
        return self.literal(self.point())

    def bounds(self):
        if self.take("*"):
            return (0, FOREVER)
        if self.take("+"):
            return (1, FOREVER)
        if self.take("?"):
            return (0, 1)
        written = _BOUNDS.match(self.source[self.at : self.at + 24])
        # `{,3}` and `{x}` are text.
        if written is None:
            return None
        every, low, comma, high = written.group(0, 1, 2, 3)
        self.at += len(every)
        least = int(low)
        most = least if comma == "" else FOREVER if high == "" else int(high)
        if most < least:
            raise PatternFault(f"{every} has its bounds the wrong way round")
        if least > REPEAT_LIMIT or (most > REPEAT_LIMIT and most != FOREVER):
            raise PatternFault(
                f"repeat at most {REPEAT_LIMIT} times, or without an end: {{{min(least, REPEAT_LIMIT)},}}"
            )
        return (least, most)

    def repeated(self):
        before = self.at
        if self.bounds() is not None:
            raise PatternFault(
                f"{self.source[before : self.at]} repeats nothing; write \\ before it for the text itself"
            )
        first = self.peek()
        body = self.atom()
        found = self.bounds()
        if found is None:
            return body
        if body[0] == "assert" and first != "(":
            raise PatternFault("^, $, \\b and \\B cannot be repeated")
        # Lazy or not makes no difference to whether something is found.
        self.take("?")
        return ("repeat", body, found[0], found[1])

    def choice(self):
        branches = []
        while True:
            parts = []
            while self.peek() not in ("", "|", ")"):
                parts.append(self.repeated())
            branches.append(parts[0] if len(parts) == 1 else ("sequence", parts))
            if not self.take("|"):
                break
        return branches[0] if len(branches) == 1 else ("choice", branches)


def parse(source):
    """`(node, ignore_case)`; raises PatternFault."""
    if source == "":
        raise PatternFault("write what is to be found")
    if length(source) > LENGTH_LIMIT:
        raise PatternFault(f"a pattern has at most {LENGTH_LIMIT} characters; use several")
    ignore_case = source.startswith("(?i)")
    parser = _Parser(source, 4 if ignore_case else 0)
    node = parser.choice()
    if parser.at < len(source):
        raise PatternFault("a ) closes nothing; write \\) for the parenthesis itself")
    return node, ignore_case
