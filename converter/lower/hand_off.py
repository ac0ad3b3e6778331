"""Tools of langgraph_swarm that hand a run over to another agent."""

import ast
import re

from langferry.converter.lower.command_values import CommandValues
from langferry.model import ir

HANDING_OFF = frozenset(
    {"langgraph_swarm.create_handoff_tool", "langgraph_swarm.handoff.create_handoff_tool"}
)


class HandOff(CommandValues):
    """Lowers the tools whose agents are known."""

    def hand_off(self, node: ast.Call) -> ir.Expr:
        """`create_handoff_tool(agent_name=..., name=..., description=...)`"""
        given: dict[str, str] = {}
        for keyword in node.keywords:
            texts = self.known_texts(keyword.value)
            if isinstance(keyword.value, ast.Constant) and keyword.value.value is None:
                continue
            if texts is None or len(texts) != 1 or keyword.arg is None:
                raise self.refuse("LF303", "a hand-off that is not known", node)
            given[keyword.arg] = texts[0]
        agent = given.get("agent_name")
        if node.args or agent is None or given.keys() - {"agent_name", "name", "description"}:
            raise self.refuse("LF303", "a hand-off that is not known", node)
        called = re.sub(r"\s+", "_", agent.strip()).lower()
        name = given.get("name", f"transfer_to_{called}")
        description = given.get("description", f"Ask agent '{agent}' for help")
        return self.meaning.hand_off(agent, name, description, self.span(node))
