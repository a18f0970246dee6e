"""Patterns tested in time linear in the text: Thompson's automaton, made deterministic as far as texts need it."""

from bisect import bisect_right
from functools import lru_cache
from threading import Lock

from .pattern_syntax import FOREVER, WORD, PatternFault, complement, parse, union
from .utf16 import units

PROGRAM_LIMIT = 2_000
VISIT_LIMIT = 20_000
STATE_LIMIT = 4_000

_CASED = [range(0x61, 0x3000), range(0xA640, 0xAC00), range(0xFF41, 0xFF5B)]


def _canonical(unit):
    """Canonicalize of ECMA-262 without the `u` flag."""
    if unit < 0x80:
        return unit - 0x20 if 0x61 <= unit <= 0x7A else unit
    if 0xD800 <= unit <= 0xDFFF:
        return unit
    capital = chr(unit).upper()
    return ord(capital) if len(capital) == 1 and 0x80 <= ord(capital) <= 0xFFFF else unit


@lru_cache(maxsize=1)
def _variants():
    pairs = ((unit, _canonical(unit)) for cased in _CASED for unit in cased)
    return [(unit, canonical) for unit, canonical in pairs if unit != canonical]


def _within(ranges, unit):
    for start, end in ranges:
        if unit <= end:
            return unit >= start
    return False


def _folded(ranges):
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        unit = _canonical(ranges[0][0])
        return [(unit, unit)]
    return union(list(ranges) + [(canonical, canonical) for unit, canonical in _variants() if _within(ranges, unit)])


class _Program:
    """Instructions: `("set", ranges, next)`, `("split", nexts)`, `("assert", what, next)`, `("match",)`."""

    def __init__(self, node, ignore_case):
        self.code = []
        self.family = []
        self.rank = []
        self.families = 1
        self.visits = 0
        self.ignore_case = ignore_case
        self.folded = {}
        self.start = self.write(node, self.put(("match",)))

    def put(self, instruction):
        if len(self.code) >= PROGRAM_LIMIT:
            raise PatternFault("it repeats too much; use smaller numbers in { }")
        self.code.append(instruction)
        self.family.append(0)
        self.rank.append(0)
        return len(self.code) - 1

    def copies(self, body, count, following, into, rank_of):
        """Of places of the same family, the one of the lowest rank finds all that the others find."""
        starts = []
        size = 0
        entry = following
        for _ in range(count):
            starts.append(len(self.code))
            entry = into(self.write(body, entry))
            size = len(self.code) - starts[-1]
        for nth, start in enumerate(starts):
            for offset in range(size):
                if self.family[start + offset] == 0:
                    self.family[start + offset] = self.families + offset
                    self.rank[start + offset] = rank_of(nth)
        self.families += size
        return entry

    def repeat(self, body, least, most, following):
        if most != FOREVER:
            optional = self.copies(
                body, most - least, following, lambda copy: self.put(("split", [copy, following])), lambda nth: -nth
            )
            for _ in range(least):
                optional = self.write(body, optional)
            return optional
        loop = []
        split = self.put(("split", loop))
        loop.extend([self.write(body, split), following])
        return self.copies(body, least, split, lambda copy: copy, lambda nth: nth)

    def set_of(self, ranges, negated):
        if self.ignore_case:
            known = self.folded.get(id(ranges))
            if known is None:
                # The ranges are kept beside their folded form, so that their id stays theirs.
                known = self.folded[id(ranges)] = (ranges, _folded(ranges))
            ranges = known[1]
        return complement(ranges) if negated else ranges

    def write(self, node, following):
        self.visits += 1
        if self.visits > VISIT_LIMIT:
            raise PatternFault("it repeats too much; use smaller numbers in { }")
        kind = node[0]
        if kind == "set":
            return self.put(("set", self.set_of(node[1], node[2]), following))
        if kind == "assert":
            return self.put(("assert", node[1], following))
        if kind == "sequence":
            for part in reversed(node[1]):
                following = self.write(part, following)
            return following
        if kind == "choice":
            return self.put(("split", [self.write(part, following) for part in node[1]]))
        return self.repeat(node[1], node[2], node[3], following)


_DEAD = -1
_FOUND = -2
_END = -1


class _Table:
    """The states met so far, and where each leads by which kind of character."""

    def __init__(self):
        self.ids = {}
        self.states = []
        self.rows = []

    def state(self, key):
        state = self.ids.get(key)
        if state is None:
            self.states.append(key)
            self.rows.append({})
            state = self.ids[key] = len(self.states) - 1
        return state


class Pattern:
    """Raises PatternFault for what cannot be tested in linear time or is not known here."""

    def __init__(self, source: str):
        node, ignore_case = parse(source)
        program = _Program(node, ignore_case)
        self._code = program.code
        self._family = program.family
        self._rank = program.rank
        self._begin = program.start
        self._fold = ignore_case
        self._asserts = any(each[0] == "assert" for each in program.code)
        self._kinds_of_units(program.code)
        self._lock = Lock()
        self._first = (tuple(self._close([self._begin])), "nothing")
        self._table = _Table()

    def _kinds_of_units(self, code):
        """Code units that no set tells apart are of one kind."""
        sets = {}
        for each in code:
            if each[0] == "set":
                sets.setdefault(tuple(each[1]), len(sets))
        ordered = list(sets)
        if self._asserts:
            ordered.append(tuple(WORD))
        edges = {0: []}
        for index, ranges in enumerate(ordered):
            for start, end in ranges:
                edges.setdefault(start, []).append(index)
                edges.setdefault(end + 1, []).append(index)
        self._starts = sorted(edge for edge in edges if edge <= 0xFFFF)
        self._kind_at = []
        self._members = []
        kinds = {}
        inside = set()
        for start in self._starts:
            for index in edges[start]:
                inside ^= {index}
            key = frozenset(inside)
            if key not in kinds:
                kinds[key] = len(self._members)
                self._members.append(key)
            self._kind_at.append(kinds[key])
        self._word = len(sets)
        self._set_at = [sets[tuple(each[1])] if each[0] == "set" else -1 for each in code]
        self._kind_of = {}

    def _kind(self, unit):
        plain = _canonical(unit) if self._fold else unit
        kind = self._kind_at[bisect_right(self._starts, plain) - 1]
        self._kind_of[unit] = kind
        return kind

    def _close(self, places, holds=None):
        out = []
        seen = set()
        todo = list(places)
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen.add(at)
            each = self._code[at]
            if each[0] == "split":
                todo.extend(each[1])
            elif each[0] == "assert" and holds is not None:
                if holds(each[1]):
                    todo.append(each[2])
            else:
                out.append(at)
        return out

    def _state_of(self, table, places, before):
        code, family, rank = self._code, self._family, self._rank
        if any(code[at][0] == "match" for at in places):
            return _FOUND
        best = {}
        for at in places:
            if family[at] and (family[at] not in best or rank[at] < rank[best[family[at]]]):
                best[family[at]] = at
        kept = sorted(
            at
            for at in places
            if (before == "nothing" or code[at][:2] != ("assert", "start")) and (not family[at] or best[family[at]] == at)
        )
        if not kept:
            return _DEAD
        return table.state((tuple(kept), before if self._asserts else "other"))

    def _step(self, table, state, kind):
        places, before = table.states[state]
        members = frozenset() if kind == _END else self._members[kind]
        is_word = self._word in members

        def holds(what):
            if what == "start":
                return before == "nothing"
            if what == "end":
                return kind == _END
            return (is_word != (before == "word")) == (what == "word")

        nexts = [self._begin]
        for at in self._close(places, holds) if self._asserts else places:
            each = self._code[at]
            if each[0] == "match":
                return _FOUND
            if each[0] == "set" and self._set_at[at] in members:
                nexts.append(each[2])
        if kind == _END:
            return _DEAD
        return self._state_of(table, self._close(nexts), "word" if is_word else "other")

    def test(self, text: str) -> bool:
        table = self._table
        with self._lock:
            state = self._state_of(table, self._first[0], "nothing")
        kind_of = self._kind_of
        for unit in units(text):
            if state < 0:
                return state == _FOUND
            kind = kind_of.get(unit)
            if kind is None:
                kind = self._kind(unit)
            following = table.rows[state].get(kind)
            if following is None:
                with self._lock:
                    if len(table.states) > STATE_LIMIT:
                        # Made to fill it: begins anew from here. Whoever else is underway keeps the old table to the end.
                        key = table.states[state]
                        self._table = table = _Table()
                        state = table.state(key)
                    following = table.rows[state][kind] = self._step(table, state, kind)
            state = following
        if state < 0:
            return state == _FOUND
        with self._lock:
            return self._step(table, state, _END) == _FOUND


@lru_cache(maxsize=256)
def compiled(source: str) -> Pattern:
    return Pattern(source)


def fault_of(source: str):
    """What is wrong with a pattern, or None."""
    try:
        compiled(source)
    except PatternFault as fault:
        return str(fault)
    return None
