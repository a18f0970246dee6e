"""Lengths and places in texts are counted in UTF-16 code units, in all guards alike."""

import sys
from array import array

_CODEC = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"


def units(text: str) -> array:
    """The UTF-16 code units of a text."""
    out = array("H")
    out.frombytes(text.encode(_CODEC, "surrogatepass"))
    return out


def length(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(1 for char in text if char > "\uffff")
