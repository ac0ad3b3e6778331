"""What watches an attempt at a node that may take only so long, and what counts as its progress."""

import dataclasses
import logging
import time
import weakref
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from langchain_core.callbacks import BaseCallbackHandler

from langferry.compat._internal._constants import CONF, CONFIG_KEY_RUNTIME
from langferry.graph.errors import GraphBubbleUp
from langferry.graph.timing import Attempt, TimeoutPolicy

logger = logging.getLogger(__name__)


class AttemptContext(NamedTuple):
    """Which attempt it is, shared by all of its events."""

    task_id: str
    task_name: str
    attempt: int
    run_id: str | None
    thread_id: str | None
    checkpoint_ns: str | None
    started_at: datetime
    run_timeout_secs: float | None
    idle_timeout_secs: float | None
    refresh_on: Literal["auto", "heartbeat"] | None


@dataclasses.dataclass(frozen=True, slots=True)
class AttemptEvent:
    """Something that happened to an attempt."""

    context: AttemptContext
    event: Literal["start", "progress", "finish"]
    progress_at: datetime | None = None
    finished_at: datetime | None = None
    status: Literal["success", "error"] | None = None
    error_type: str | None = None
    error_message: str | None = None


class ObservedAttempt(Attempt):
    """An attempt that tells an observer of its start, its progress (now and then) and its end."""

    def __init__(
        self,
        policy: TimeoutPolicy,
        observer: Callable[[AttemptEvent], object],
        config: dict[str, Any],
    ) -> None:
        super().__init__(policy)
        self._observer = observer
        self._told_at = float("-inf")
        runtime = config[CONF].get(CONFIG_KEY_RUNTIME)
        info = None if runtime is None else runtime.execution_info
        self._context = AttemptContext(
            task_id=info.task_id if info else "",
            task_name=config["run_name"],
            attempt=info.node_attempt if info else 1,
            run_id=info.run_id if info else None,
            thread_id=info.thread_id if info else None,
            checkpoint_ns=info.checkpoint_ns if info else None,
            started_at=datetime.now(UTC),
            run_timeout_secs=self.run_timeout,
            idle_timeout_secs=self.idle_timeout,
            refresh_on=self.refresh_on,
        )

    def touch(self) -> None:
        """Start the idle clock anew; the observer hears of it four times an idle time at most."""
        super().touch()
        now = time.monotonic()
        if self.idle_timeout is not None and now - self._told_at >= self.idle_timeout / 4:
            self._told_at = now
            self._tell("progress", progress_at=datetime.now(UTC))

    def start(self) -> None:
        """The attempt begins."""
        self._tell("start")

    def finish(self, error: BaseException | None) -> None:
        """The attempt has ended; what only passes through it is no error of its own."""
        super().finish(error)
        now = datetime.now(UTC)
        if error is None or isinstance(error, GraphBubbleUp):
            self._tell("finish", finished_at=now, status="success")
            return
        self._tell(
            "finish",
            finished_at=now,
            status="error",
            error_type=type(error).__name__,
            error_message=str(error),
        )

    def _tell(self, event: Literal["start", "progress", "finish"], **fields: Any) -> None:
        try:
            self._observer(AttemptEvent(self._context, event, **fields))
        except Exception:
            logger.warning("Timed attempt observer failed", exc_info=True)


class ProgressHandler(BaseCallbackHandler):
    """Counts every callback event of what an attempt runs as progress."""

    run_inline = True

    def __init__(self, attempt: Attempt) -> None:
        # what the attempt started may keep the handler for longer than the attempt lasts
        self._attempt = weakref.ref(attempt)

    def _touch(self, *args: Any, **kwargs: Any) -> None:
        attempt = self._attempt()
        if attempt is not None:
            attempt.touch()

    on_llm_start = on_chat_model_start = on_llm_new_token = on_llm_end = on_llm_error = _touch
    on_chain_start = on_chain_end = on_chain_error = _touch
    on_tool_start = on_tool_end = on_tool_error = _touch
    on_retriever_start = on_retriever_end = on_retriever_error = _touch
    on_agent_action = on_agent_finish = _touch
    on_text = on_retry = on_custom_event = _touch
