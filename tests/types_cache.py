"""Where tests keep what the type checker found, so that only the first one of a library waits for it."""

from pathlib import Path

TYPES_CACHE = Path(__file__).parents[1] / "target" / "types"
