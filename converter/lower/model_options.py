"""Whether a program gives models other options once they are made, which native ones would not take."""

import ast
from collections.abc import Iterable

from langferry.converter.module_scope import ModuleScope

_OPTIONS = frozenset(
    [
        *("temperature", "max_tokens", "max_output_tokens", "max_completion_tokens", "num_predict"),
        *("model_name", "model_kwargs", "top_p", "top_k", "seed", "stop", "stop_sequences"),
        *("base_url", "api_base", "openai_api_base", "openai_api_key", "api_key", "streaming"),
        *("timeout", "request_timeout", "max_retries", "extra_body", "default_headers", "num_ctx"),
        *("presence_penalty", "frequency_penalty", "reasoning_effort", "reasoning", "thinking"),
    ]
)
"""Options that are attributes of models, too."""


def sets_options(scopes: Iterable[ModuleScope]) -> bool:
    """Whether a program sets attributes that are options of models, of anything but `self`."""
    for scope in scopes:
        for node in scope.nodes:
            match node:
                case ast.Attribute(value=of, attr=attr, ctx=ast.Store()):
                    pass
                case ast.Call(
                    func=ast.Name(id="setattr"), args=[of, ast.Constant(value=str(attr)), _]
                ):
                    pass
                case _:
                    continue
            holder = ast.unparse(of)
            named = holder.lower().endswith(("llm", "model", "chat"))
            is_model = named or holder in scope.bindings
            if holder.lower() != "self" and (attr in _OPTIONS or (is_model and attr == "model")):
                return True
    return False
