"""Makes bodies for the engine of the nodes of a `Pregel`."""

from typing import Any

from langferry.compat.graph.face import LangGraphScope
from langferry.compat.pregel._read import PregelNode
from langferry.graph.bodies import Body


def node_body(name: str, node: PregelNode) -> Body:
    """A node's body and writers, which write while they run."""
    steps = [*([node.bound] if node.bound is not None else []), *node.flat_writers]

    def run(value: Any, scope: LangGraphScope) -> Any:
        value = value if node.mapper is None else node.mapper(value)
        scope.enter()
        for step in steps:
            config: Any = scope.config
            value = step.invoke(value, config)
        return value

    async def arun(value: Any, scope: LangGraphScope) -> Any:
        value = value if node.mapper is None else node.mapper(value)
        scope.enter()
        for step in steps:
            config: Any = scope.config
            value = await step.ainvoke(value, config)
        return value

    return Body(name, run, arun)  # type: ignore[arg-type]
