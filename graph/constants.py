"""Names that the engine, the graph API and checkpoints agree on."""

from typing import Final

START: Final = "__start__"
END: Final = "__end__"
ROOT: Final = "__root__"
INTERRUPT: Final = "__interrupt__"
TASKS: Final = "__pregel_tasks"
TAG_HIDDEN: Final = "langsmith:hidden"
NULL_TASK_ID: Final = "00000000-0000-0000-0000-000000000000"
NS_SEP: Final = "|"
NS_END: Final = ":"
DEFAULT_RECURSION_LIMIT: Final = 10007
