"""Carries what nodes and nested graphs tell while they run to the caller of the outermost run."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

Told = tuple[tuple[str, ...], str, Any]


class Sink:
    """Where chunks go that come from inside a node: namespace, mode and payload.

    Nodes may run on other threads, so whoever waits for chunks gives `wake`.
    """

    def __init__(self, modes: frozenset[str]) -> None:
        self.modes = modes
        self.told: deque[Told] = deque()
        self.wake: Callable[[], object] = nobody_waits

    def put(self, told: Told) -> None:
        """Hand a chunk on."""
        self.told.append(told)
        self.wake()


class Tee(Sink):
    """Hands chunks on to the sink around this one as well, each as far as it wants them."""

    def __init__(self, own: Sink, outer: Sink) -> None:
        super().__init__(own.modes | outer.modes)
        self._both = (own, outer)

    def put(self, told: Told) -> None:
        """Hand a chunk on."""
        for sink in self._both:
            if told[1] in sink.modes:
                sink.put(told)


class Bell:
    """Lets a thread sleep until there is something to do."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """Wake the sleeper, or keep it from falling asleep."""
        if not self._rung.is_set():
            self._rung.set()

    def wait(self, seconds: float | None) -> None:
        """Sleep until it rings.

        Raises:
            TimeoutError: If it does not ring in time.
        """
        if not self._rung.wait(seconds):
            raise TimeoutError
        self._rung.clear()


def nobody_waits() -> None:
    """Wakes no one."""
