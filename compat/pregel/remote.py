"""Stands in for `langgraph.pregel.remote`: graphs on a server, which are refused."""

from typing import Any

from langferry.compat.missing import refuse

__all__ = ("RemoteException", "RemoteGraph")


class RemoteException(Exception):
    """Raised when a graph on a server fails."""


class RemoteGraph:
    """A graph on a server."""

    def __init__(
        self,
        assistant_id: str,
        /,
        *,
        url: str | None = None,
        api_key: str | None = None,
        headers: dict[str, str] | None = None,
        client: Any = None,
        sync_client: Any = None,
        config: Any = None,
        name: str | None = None,
        distributed_tracing: bool = False,
    ) -> None:
        refuse("LF409", "RemoteGraph", "call the server through langgraph_sdk")
