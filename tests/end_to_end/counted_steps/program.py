"""An agent in a state whose `remaining_steps` are the program's own channel."""

from typing import Annotated, Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.graph import MessagesState
from langgraph.prebuilt import InjectedState, create_react_agent


class State(MessagesState, total=False):
    remaining_steps: int
    note: str


class Asking(BaseChatModel):
    """Calls a tool until it is told to stop, and says then how often it was answered."""

    @property
    def _llm_type(self) -> str:
        return "asking"

    def bind_tools(self, tools: Any, **kwargs: Any) -> "Asking":
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        answers = [x for x in messages if x.type == "tool"]
        if len(answers) < int(messages[0].content):
            call = {"name": "look", "args": {"n": len(answers)}, "id": f"c{len(answers)}"}
            said = AIMessage("", tool_calls=[call])
        else:
            said = AIMessage(f"{len(answers)} answers")
        return ChatResult(generations=[ChatGeneration(message=said)])


def look(n: int, state: Annotated[dict, InjectedState]) -> str:
    """Looks at the state."""
    return f"{n}: {sorted(state)} {state.get('remaining_steps', 'none')}"


app = create_react_agent(Asking(), [look], state_schema=State)
hooked = create_react_agent(
    Asking(), [look], state_schema=State, post_model_hook=lambda state: {"note": "seen"}
)
