# /* */ //! """ {{ comment }} \u202e {% raw %}
"""Module doc: */ //! {{ 7 * 7 }} "# fn main() {}"""

from typing import TypedDict

from langgraph.graph import END, START, StateGraph

TABLE = {"{{ key }}": 'r#"x"#', "*/": "\\u{41} \\x41 {} {0}", "\x00\ue000": "\ue0010\ue002"}


class State(TypedDict):
    """*/ //! {{ doc }}"""

    given: str
    update: str
    clone: list[str]
    """/// " {{ field }}"""
    self: str


def type(state: State) -> dict:
    """Doc: ``` loop {} ``` */ "# {{ x }} {% endraw %}

    ```rust
    compile_error!("run as a doc test");
    ```
        panic!()
    """
    # comment */ //! {{ x }} {# y #} "# \u{202e} ; panic!("no")
    match = state["given"]
    crate = f'\\u{{41}} {match} {{}} {{{match!r}}} \x00\ue000 \\ " {match:>10}|%s %d'
    return {
        "update": crate + 'fn main() {} "# \\u{41}',
        "clone": [key + value for key, value in TABLE.items()],
        "self": "line\r\nbreak\u2028\\",
    }


builder = StateGraph(State)
builder.add_node('{{ node }} */ "#', type)
builder.add_edge(START, '{{ node }} */ "#')
builder.add_edge('{{ node }} */ "#', END)
graph = builder.compile()
