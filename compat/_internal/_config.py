"""Stands in for `langgraph._internal._config`: putting configs together."""

from collections.abc import Mapping, Sequence, Set
from os import getenv
from typing import Any, Final, TypeVar

from langferry.compat import later
from langferry.compat._internal._ambient import ambient
from langferry.compat._internal._constants import (
    _CHECKPOINT_COORDINATE_KEYS,
    CONF,
    CONFIG_KEY_CHECKPOINT_ID,
    CONFIG_KEY_CHECKPOINT_MAP,
    CONFIG_KEY_CHECKPOINT_NS,
    NS_END,
    NS_SEP,
)
from langferry.graph.config import CONFIG_KEYS

ManagerT = TypeVar("ManagerT", "later.CallbackManager", "later.AsyncCallbackManager")


class _DefaultRecursionLimit(int):
    """The limit of a config that was given none; a given limit wins over it, even an equal one."""


DEFAULT_RECURSION_LIMIT: Final = _DefaultRecursionLimit(
    getenv("LANGGRAPH_DEFAULT_RECURSION_LIMIT", "10007")
)
DELTA_MAX_SUPERSTEPS_SINCE_SNAPSHOT: Final = int(
    getenv("LANGGRAPH_DELTA_MAX_SUPERSTEPS_SINCE_SNAPSHOT", "5000")
)
COPIABLE_KEYS: Final = frozenset(("callbacks", "configurable", "metadata", "tags"))
"""The keys whose values a config does not share with the one around it."""
_TO_METADATA: Final = frozenset(
    (
        "assistant_id",
        "checkpoint_id",
        "checkpoint_ns",
        "graph_id",
        "run_id",
        "task_id",
        "thread_id",
    )
)
_CONTAINERS: Final = (list, tuple, dict)
_NO_TAGS: Final[frozenset[str]] = frozenset()
_SECRETS: Final = ("key", "token", "secret", "password", "auth")


def recast_checkpoint_ns(ns: str) -> str:
    """A checkpoint namespace without the ids of tasks."""
    levels = (level for level in ns.split(NS_SEP) if not level.isdigit())
    return NS_SEP.join(level.partition(NS_END)[0] for level in levels)


def patch_configurable(
    config: "later.RunnableConfig | None", patch: dict[str, Any]
) -> "later.RunnableConfig":
    """A config with some configurable keys replaced."""
    if config is None:
        return {CONF: patch}
    return {**config, CONF: {**config.get(CONF, {}), **patch}}


def patch_checkpoint_map(config: Any, metadata: Mapping[str, Any] | None) -> Any:
    """A config that knows the checkpoints of the graphs around its own."""
    parents = (metadata or {}).get("parents")
    if config is None or not parents:
        return config
    conf = config[CONF]
    known = {**parents, conf[CONFIG_KEY_CHECKPOINT_NS]: conf[CONFIG_KEY_CHECKPOINT_ID]}
    return patch_configurable(config, {CONFIG_KEY_CHECKPOINT_MAP: known})


def _merge_metadata(
    base: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Both metadata, the new winning key by key; only `lc_versions` merges a level deeper."""
    merged: dict[str, Any] = {}
    for metadata in (base, new):
        for key, value in (metadata or {}).items():
            known = merged.get(key)
            if isinstance(value, Mapping):
                deeper = key == "lc_versions" and isinstance(known, Mapping)
                value = {**known, **value} if deeper and known is not None else dict(value)
            merged[key] = value
    return merged


def _merge_callbacks(base: Any, new: Any) -> Any:
    """Both callbacks, each of them a list of handlers, a manager or `None`.

    Raises:
        NotImplementedError: For anything else.
    """
    if new is None:
        return base
    if base is None:
        copied = isinstance(new, list) or later.is_a(new, "BaseCallbackManager")
        return new.copy() if copied else new
    match base, new:
        case list(), list():
            return base + new
        case later.BaseCallbackManager(), later.BaseCallbackManager():
            return base.merge(new)
        case later.BaseCallbackManager(), list():
            return _with_handlers(base, new)
        case list(), later.BaseCallbackManager():
            return _with_handlers(new, base)
    raise NotImplementedError(f"Unsupported callback types: {type(base)}, {type(new)}")


def _with_handlers(
    manager: "later.BaseCallbackManager", handlers: list[Any]
) -> "later.BaseCallbackManager":
    extended = manager.copy()
    for handler in handlers:
        extended.add_handler(handler, inherit=True)
    return extended


def merge_configs(*configs: "later.RunnableConfig | None") -> "later.RunnableConfig":
    """One config of several, the later ones winning key by key."""
    merged: dict[str, Any] = {}
    for config in configs:
        for key, value in (config or {}).items():
            if not value or isinstance(value, _DefaultRecursionLimit):
                continue
            merged[key] = _merged(key, merged.get(key), value)
    merged.setdefault(CONF, {})
    return merged  # type: ignore[return-value]


def _merged(key: str, known: Any, value: Any) -> Any:
    if key == "metadata":
        return _merge_metadata(known, value)
    if key == "callbacks":
        return _merge_callbacks(known, value)
    if known and key == "tags":
        return [*known, *value]
    if known and key == CONF:
        return {**known, **value}
    return value


def patch_config(
    config: "later.RunnableConfig | None",
    *,
    callbacks: Any = None,
    recursion_limit: int | None = None,
    max_concurrency: int | None = None,
    run_name: str | None = None,
    configurable: dict[str, Any] | None = None,
) -> "later.RunnableConfig":
    """A config with some keys replaced; new callbacks belong to another run, without a name."""
    patched: dict[str, Any] = dict(config or {})
    if callbacks is not None:
        patched["callbacks"] = callbacks
        patched.pop("run_name", None)
        patched.pop("run_id", None)
    given = {
        "recursion_limit": recursion_limit,
        "max_concurrency": max_concurrency,
        "run_name": run_name,
    }
    patched.update({key: value for key, value in given.items() if value is not None})
    if configurable is not None:
        patched[CONF] = {**patched.get(CONF, {}), **configurable}
    return patched  # type: ignore[return-value]


def get_callback_manager_for_config(
    config: "later.RunnableConfig", tags: Sequence[str] | None = None
) -> "later.CallbackManager":
    """The manager by which a run of this config tells its callbacks."""
    return _manager(later.CallbackManager, config, tags)


def get_async_callback_manager_for_config(
    config: "later.RunnableConfig", tags: Sequence[str] | None = None
) -> "later.AsyncCallbackManager":
    """As `get_callback_manager_for_config`, for asyncio."""
    return _manager(later.AsyncCallbackManager, config, tags)


def _manager(
    cls: type[ManagerT], config: "later.RunnableConfig", tags: Sequence[str] | None
) -> ManagerT:
    all_tags = config.get("tags")
    if tags is not None:
        all_tags = list(all_tags or ()) + list(tags)
    callbacks = config.get("callbacks")
    metadata = config.get("metadata")
    if not (callbacks and isinstance(callbacks, cls)):
        return cls.configure(
            inheritable_callbacks=callbacks,
            inheritable_tags=all_tags,
            inheritable_metadata=metadata,
            langsmith_inheritable_metadata=_get_tracing_metadata_defaults(config),
        )
    if all_tags:
        callbacks.add_tags(all_tags)
    if metadata:
        callbacks.add_metadata(metadata)
    return callbacks


def _is_not_empty(value: Any) -> bool:
    return bool(value) if isinstance(value, _CONTAINERS) else value is not None


def ensure_config(*configs: "later.RunnableConfig | None") -> "later.RunnableConfig":
    """A config with every key, of those given and of the one around.

    A config that addresses a thread of its own takes nothing configurable from around it.
    """
    full: dict[str, Any] = {
        "tags": [],
        "metadata": {},
        "callbacks": None,
        "recursion_limit": DEFAULT_RECURSION_LIMIT,
        CONF: {},
    }
    inherited: Set[str] = _NO_TAGS
    given = [config for config in configs if config]
    if around := ambient.get():
        for key, value in around.items():
            if _is_not_empty(value):
                full[key] = value.copy() if key in COPIABLE_KEYS else value
        inherited = set(full["tags"])
        if full[CONF] and any(_has_coordinates(config.get(CONF)) for config in given):
            full[CONF] = {}
    for config in given:
        for key, value in config.items():
            if value is None or (isinstance(value, _CONTAINERS) and not value):
                continue
            if key == CONF:
                full[key] = {**full[key], **value}  # type: ignore[dict-item]
            elif key not in CONFIG_KEYS:
                full[CONF][key] = value
            elif key == "tags":
                full[key] = [*full[key], *(tag for tag in value if tag not in inherited)]  # type: ignore[attr-defined]
            elif key == "metadata":
                full[key] = _merge_metadata(full[key], value)  # type: ignore[arg-type]
            elif key == "callbacks":
                full[key] = _merge_callbacks(full[key], value)
            else:
                full[key] = value
    configurable, metadata = full[CONF], full["metadata"]
    for key in _TO_METADATA.intersection(configurable):
        if configurable[key] and key not in metadata:
            metadata[key] = configurable[key]
    return full  # type: ignore[return-value]


def _has_coordinates(configurable: Any) -> bool:
    return bool(configurable) and any(
        _is_not_empty(configurable.get(key)) for key in _CHECKPOINT_COORDINATE_KEYS
    )


def _exclude_as_metadata(key: str, value: Any) -> bool:
    lower = key.casefold()
    return (
        key.startswith("__")
        or not isinstance(value, str | int | float | bool)
        or any(secret in lower for secret in _SECRETS)
    )


def _get_tracing_metadata_defaults(config: "later.RunnableConfig") -> dict[str, Any] | None:
    """What a tracer shows of the configurable values: plain ones that are no secrets."""
    shown = {
        key: value
        for key, value in (config.get(CONF) or {}).items()
        if not _exclude_as_metadata(key, value)
    }
    return shown or None


def filter_to_user_tags(tags: Sequence[str] | None) -> list[str] | None:
    """The tags that are not marks of a sequence's steps."""
    return [tag for tag in tags or () if not tag.startswith("seq:step")] or None
