"""Makes an application obey Firebreak: stops, roll-backs, fences and limits, within moments, and goes on without it."""

from .contained import ContainedError
from .guard import Guard, create_guard
from .pattern import Pattern
from .pattern_syntax import PatternFault
from .reviews import Decision
from .verdict import Verdict

__all__ = ["ContainedError", "Decision", "Guard", "Pattern", "PatternFault", "Verdict", "create_guard"]
__version__ = "0.1.0"
