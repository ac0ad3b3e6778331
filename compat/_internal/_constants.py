"""Stands in for `langgraph._internal._constants`: names in configs and checkpoints."""

from typing import Final

INPUT = "__input__"
INTERRUPT = "__interrupt__"
RESUME = "__resume__"
ERROR = "__error__"
ERROR_SOURCE_NODE = "__error_source_node__"
NO_WRITES = "__no_writes__"
TASKS = "__pregel_tasks"
RETURN = "__return__"
PREVIOUS = "__previous__"
SNAPSHOT_BUMPS = "__snapshot_bumps__"

CACHE_NS_WRITES = "__pregel_ns_writes"

CONFIG_KEY_SEND = "__pregel_send"
CONFIG_KEY_READ = "__pregel_read"
CONFIG_KEY_CALL = "__pregel_call"
CONFIG_KEY_CHECKPOINTER = "__pregel_checkpointer"
CONFIG_KEY_STREAM = "__pregel_stream"
CONFIG_KEY_CACHE = "__pregel_cache"
CONFIG_KEY_RESUMING = "__pregel_resuming"
CONFIG_KEY_REPLAY_STATE = "__pregel_replay_state"
CONFIG_KEY_TASK_ID = "__pregel_task_id"
CONFIG_KEY_THREAD_ID = "thread_id"
CONFIG_KEY_CHECKPOINT_MAP = "checkpoint_map"
CONFIG_KEY_CHECKPOINT_ID = "checkpoint_id"
CONFIG_KEY_CHECKPOINT_NS = "checkpoint_ns"
CONFIG_KEY_NODE_FINISHED = "__pregel_node_finished"
CONFIG_KEY_TIMED_ATTEMPT_OBSERVER = "__pregel_timed_attempt_observer"
CONFIG_KEY_SCRATCHPAD = "__pregel_scratchpad"
CONFIG_KEY_RUNNER_SUBMIT = "__pregel_runner_submit"
CONFIG_KEY_DURABILITY = "__pregel_durability"
CONFIG_KEY_RUNTIME = "__pregel_runtime"
CONFIG_KEY_RESUME_MAP = "__pregel_resume_map"
CONFIG_KEY_STRICT_RESUME = "__pregel_strict_resume"
CONFIG_KEY_STREAM_MESSAGES_V2 = "__pregel_stream_messages_v2"
CONFIG_KEY_NODE_ERROR = "__pregel_node_error"

PUSH = "__pregel_push"
PULL = "__pregel_pull"
NS_SEP = "|"
NS_END = ":"
CONF: Final = "configurable"
NULL_TASK_ID = "00000000-0000-0000-0000-000000000000"
OVERWRITE = "__overwrite__"

_CHECKPOINT_COORDINATE_KEYS = (
    CONFIG_KEY_THREAD_ID,
    CONFIG_KEY_CHECKPOINT_NS,
    CONFIG_KEY_CHECKPOINT_ID,
    CONFIG_KEY_CHECKPOINT_MAP,
)
_TAG_HIDDEN = "langsmith:hidden"

RESERVED = {
    _TAG_HIDDEN,
    INPUT,
    INTERRUPT,
    RESUME,
    ERROR,
    ERROR_SOURCE_NODE,
    NO_WRITES,
    SNAPSHOT_BUMPS,
    CONFIG_KEY_SEND,
    CONFIG_KEY_READ,
    CONFIG_KEY_CHECKPOINTER,
    CONFIG_KEY_STREAM,
    CONFIG_KEY_CHECKPOINT_MAP,
    CONFIG_KEY_RESUMING,
    CONFIG_KEY_REPLAY_STATE,
    CONFIG_KEY_TASK_ID,
    CONFIG_KEY_CHECKPOINT_ID,
    CONFIG_KEY_CHECKPOINT_NS,
    CONFIG_KEY_TIMED_ATTEMPT_OBSERVER,
    CONFIG_KEY_RESUME_MAP,
    CONFIG_KEY_STRICT_RESUME,
    CONFIG_KEY_STREAM_MESSAGES_V2,
    PUSH,
    PULL,
    NS_SEP,
    NS_END,
    CONF,
}
"""Names that neither nodes nor channels may have."""
