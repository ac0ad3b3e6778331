"""The runtime of one run: its own services over those of what it was started in."""

from typing import Any

from langferry.compat._internal._constants import CONF, CONFIG_KEY_RUNTIME
from langferry.compat.runtime import RunControl, Runtime, ServerInfo


def run_runtime(
    config: Any, *, context: Any, store: Any, writer: Any, control: RunControl | None
) -> Runtime[Any]:
    """The runtime of a run.

    Args:
        config: The run's complete config.
        context: The context object the caller gave, if any.
        store: The graph's own store; a run around this one lends it another.
        writer: What takes the chunks of mode `custom`.
        control: What asks the run to stop.
    """
    conf = config[CONF]
    given = conf.get(CONFIG_KEY_RUNTIME)
    around = None if given is None else _adopted(given)
    own: Runtime[Any] = Runtime(
        context=context,
        store=store if around is None else given.store,
        stream_writer=writer,
        server_info=server_info(conf),
        control=control or (around.control if around is not None else None) or RunControl(),
    )
    return own if around is None else around.merge(own)


def server_info(conf: dict[str, Any]) -> ServerInfo | None:
    """Which deployment and user a run is for; a server puts that into the config."""
    assistant, graph, user = map(conf.get, ("assistant_id", "graph_id", "langgraph_auth_user"))
    if not hasattr(user, "identity"):
        user = None
    if assistant is None and graph is None and user is None:
        return None
    return ServerInfo(str(assistant or ""), str(graph or ""), user)


def _adopted(given: Any) -> Runtime[Any]:
    """A runtime that something other than a run put into the config may be of any class."""
    if isinstance(given, Runtime):
        return given
    return Runtime(context=getattr(given, "context", None))
