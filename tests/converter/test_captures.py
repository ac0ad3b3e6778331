"""What is known of captured values, and what is not taken for known."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model.program import Program

HEAD = """
import functools
import os
import time
import re
from typing import TypedDict

from langchain_core.runnables import RunnableConfig
from langchain_openai import ChatOpenAI
from langgraph.graph import START, StateGraph
from pydantic import BaseModel, Field, field_validator
from pydantic_settings import BaseSettings


class State(TypedDict, total=False):
    text: str
    n: int


def build(*nodes):
    graph = StateGraph(State)
    for number, node in enumerate(nodes):
        graph.add_node(f"node_{number}", node)
        graph.add_edge(START, f"node_{number}")
    return graph.compile()


"""


def _analysed(text: str, tmp_path: Path, types_cache: Path) -> Program:
    path = tmp_path / "program.py"
    path.write_text(HEAD + text)
    return analyse(path, cache_dir=types_cache)


def _dispositions(program: Program) -> dict[str, str]:
    nodes = [x for x in program.functions if x.roles[0] == "node"]
    return {x.name: x.disposition for x in nodes}


def test_what_may_be_another_value_is_not_captured(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
if os.getenv("FAST"):
    chosen = re.compile("a")
else:
    chosen = re.compile("b")


def depends_on_the_environment(state: State):
    return {"text": chosen.sub("", state["text"])}


def factory():
    started = time.time()
    log = ["first"]
    pattern = re.compile("a")
    items = sorted(open("x"))
    items.append("more")
    total = 0

    def of_its_time(state: State):
        return {"n": int(started)}

    def reads_what_grows(state: State):
        return {"n": len(log)}

    def grows(state: State):
        log.append(state["text"])
        return {"n": 1}

    def reads_what_is_set(state: State):
        return {"n": total}

    def sets(state: State):
        nonlocal total
        total = total + 1
        return {"n": total}

    def kept(state: State):
        return {"text": pattern.sub("", state["text"])}

    return of_its_time, reads_what_grows, grows, reads_what_is_set, sets, kept


current = re.compile("a")


def change_current():
    global current
    current = re.compile("b")


def reads_current(state: State):
    return {"text": current.sub("", state["text"])}


graph = build(depends_on_the_environment, reads_current, *factory())
""",
        tmp_path,
        types_cache,
    )
    found = _dispositions(program)
    assert {name for name, kind in found.items() if kind == "native"} == {"kept", "of_its_time"}
    assert {item.name for item in program.globals if item.at_start} == {"started"}
    assert len(found) == 8


def test_objects_that_are_not_what_they_were_given(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
class FromEnvironment(BaseSettings):
    name: str = "default"


class Checked(BaseModel):
    name: str

    @field_validator("name")
    def loud(cls, value):
        return value.upper()


class Converted(BaseModel):
    number: int


class Plain(BaseModel):
    name: str
    number: int = 3


class Late:
    def __init__(self, name):
        self.name = name

    def rename(self, name):
        self.name = name


class Other:
    def __init__(self, name):
        self.name = name


environment, checked, plain = FromEnvironment(), Checked(name="a"), Plain(name="b")
converted = Converted(number="7")
late, other = Late("x"), Other("y")


def of_environment(state: State):
    return {"text": environment.name}


def of_checked(state: State):
    return {"text": checked.name}


def of_converted(state: State):
    return {"n": converted.number}


def of_plain(state: State):
    return {"text": plain.name, "n": plain.number}


def of_late(state: State):
    return {"text": late.name}


def of_other(state: State):
    return {"text": other.name}


graph = build(of_environment, of_checked, of_converted, of_plain, of_late, of_other)
""",
        tmp_path,
        types_cache,
    )
    found = _dispositions(program)
    native = {name for name, kind in found.items() if kind == "native"}
    assert native == {"of_environment", "of_plain", "of_other"}
    assert len(found) == 6


def test_settings_that_more_is_done_for_are_not_read(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
class Plain(BaseSettings):
    name: str = "default"
    listed: list[str] = []


class Validated(BaseSettings):
    name: str = "default"

    @field_validator("name")
    def loud(cls, value):
        return value.upper()


class Sourced(BaseSettings):
    name: str = "default"

    @classmethod
    def settings_customise_sources(cls, settings_cls, **sources):
        return ()


class Secret(BaseSettings):
    model_config = {"secrets_dir": "/run/secrets"}
    name: str = "default"


class Patterned(BaseSettings):
    name: str = Field("default", pattern="[a-z]+")


plain, given = Plain(), Plain(name="given")
validated, sourced, secret, patterned = Validated(), Sourced(), Secret(), Patterned()
late = Plain.model_construct()


def of_plain(state: State):
    return {"text": plain.name}


def of_list(state: State):
    return {"n": len(plain.listed)}


def of_given(state: State):
    return {"text": given.name}


def of_validated(state: State):
    return {"text": validated.name}


def of_sourced(state: State):
    return {"text": sourced.name}


def of_secret(state: State):
    return {"text": secret.name}


def of_patterned(state: State):
    return {"text": patterned.name}


nodes = [of_plain, of_list, of_given, of_validated, of_sourced, of_secret, of_patterned]
graph = build(*nodes)
""",
        tmp_path,
        types_cache,
    )
    found = _dispositions(program)
    assert {name for name, kind in found.items() if kind == "native"} == {"of_plain"}
    assert {item.name for item in program.globals if item.at_start} == {"Plain"}


def test_asking_for_a_form_of_plain_data_raises_nothing(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
class Answer(BaseModel):
    text: str
    scores: list[int] = []


class Odd(BaseModel):
    text: re.Pattern


def factory(model, form):
    try:
        asked, structured = model.with_structured_output(form), True
    except (AttributeError, NotImplementedError):
        asked, structured = model, False

    def ask(state: State):
        if structured:
            return {"text": asked.invoke(state["text"]).text}
        return {"text": asked.invoke(state["text"]).content}

    return ask


model = ChatOpenAI(model="m")
graph = build(factory(model, Answer), factory(model, Odd))
""",
        tmp_path,
        types_cache,
    )
    nodes = [x for x in program.functions if x.roles[0] == "node"]
    assert [x.disposition for x in nodes] == ["native", "bridged"]


def test_values_are_those_of_their_time(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
def factory():
    nodes = []
    names = []
    for name in ("one", "two"):
        names.append(name)
        model = ChatOpenAI(model=name).bind(stop=names)
        nodes.append(functools.partial(ask, model))
    model = None
    return nodes


def ask(model, state: State):
    return {"text": model.invoke(state["text"]).content}


graph = build(*factory())
""",
        tmp_path,
        types_cache,
    )
    assert _dispositions(program) == {"ask": "native"}
    shown = [str(item.value) for item in program.globals]
    assert any("'one'" in x for x in shown)
    assert any("'two'" in x for x in shown)
    stops = [x for x in shown if "stop" in x]
    assert sorted(x.count("value='two'") for x in stops) == [0, 2]


def test_classes_enums_and_modules_stand_for_what_they_hold(
    tmp_path: Path, types_cache: Path
) -> None:
    (tmp_path / "settings.py").write_text(
        """
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

TEXT = "Hello {name}"


class Color(str, Enum):
    RED = "red"
    BLUE = 7


class Limits:
    HIGH = 3
    changed = 1

    @staticmethod
    def doubled(n: int) -> int:
        return n * 2


@dataclass
class Sizes:
    width: int = 4

    @property
    def area(self) -> int:
        return self.width * self.width


sizes = Sizes()


@lru_cache
def width() -> int:
    return sizes.width


def change():
    Limits.changed = 2
"""
    )
    program = _analysed(
        """
import settings
from settings import TEXT, Color, Limits, sizes


def text(state: State):
    return {"text": TEXT.format(name=state["text"]) + settings.TEXT.upper()}


def enum(state: State):
    return {"text": Color.RED.value + settings.Color.RED.name}


def enum_that_converts(state: State):
    return {"text": Color.BLUE.value}


def constants(state: State):
    return {"n": Limits.HIGH + settings.Limits.doubled(2)}


def changed(state: State):
    return {"n": Limits.changed}


def instance(state: State):
    return {"n": sizes.area + settings.sizes.width + settings.width()}


STARTED = time.time()


def clock(state: State):
    return {"n": int(time.time() - STARTED)}


graph = build(text, enum, enum_that_converts, constants, changed, instance, clock)
""",
        tmp_path,
        types_cache,
    )
    found = _dispositions(program)
    bridged = {name for name, kind in found.items() if kind == "bridged"}
    assert bridged == {"enum_that_converts", "changed"}
    assert len(found) == 7
    assert {item.name for item in program.globals if item.at_start} == {"STARTED"}


def test_decorators_that_give_the_function_back(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
REGISTERED = {}


def register(name):
    def decorator(function):
        REGISTERED[name] = function
        return function

    return decorator


def shouting(function):
    def shouted(state: State):
        return {"text": function(state)["text"].upper()}

    return shouted


def counted(function):
    return functools.lru_cache(function)


@register("first")
def registered(state: State):
    return {"text": "a"}


@shouting
def loud(state: State):
    return {"text": "b"}


@counted
def cached(state: State):
    return {"text": "c"}


graph = build(registered, loud, cached)
""",
        tmp_path,
        types_cache,
    )
    found = _dispositions(program)
    assert (found.pop("registered"), found.pop("shouted")) == ("native", "native")
    assert list(found.values()) == ["bridged"]


WRAPPING = """
def passed_on(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def named(function):
    @functools.wraps(function)
    def wrapper(state: State):
        return {"text": function.__name__}

    return wrapper


def counted(function):
    @functools.wraps(function)
    def wrapper(*args):
        return {"text": str(len(args))}

    return wrapper
"""


@pytest.mark.parametrize(
    ("definition", "is_native"),
    [
        ("@passed_on\ndef first(state: State):\n    return {'text': 'a'}", True),
        ("@named\n@passed_on\ndef first(state: State):\n    return {'text': 'a'}", True),
        # LangGraph gives it what the wrapped function asks for
        ("@passed_on\ndef first(state: State, config):\n    return {'text': 'a'}", False),
        ("@named\ndef first(state: State, config):\n    return {'text': 'a'}", False),
        ("@counted\ndef first(state: State):\n    return {'text': 'a'}", False),
        # which keeps what the wrapper gave
        ("@functools.lru_cache\n@named\ndef first(state: State):\n    return {}", False),
        ("@named\n@functools.lru_cache\ndef first(state: State):\n    return {}", True),
        ("@passed_on\n@functools.lru_cache\ndef first(state: State):\n    return {}", False),
    ],
)
def test_nodes_that_functions_of_the_program_wrap(
    tmp_path: Path, types_cache: Path, definition: str, is_native: bool
) -> None:
    graph = "builder = StateGraph(State)\nbuilder.add_node(first)\nbuilder.set_entry_point('first')"
    text = f"{WRAPPING}\n{definition}\n\n{graph}\ngraph = builder.compile()\n"
    program = _analysed(text, tmp_path, types_cache)
    (node,) = program.graphs[0].nodes
    (function,) = [x for x in program.functions if x.id == node.function]
    # LangGraph calls the node by the name of what is wrapped
    assert node.name == "first"
    assert (function.disposition == "native") is is_native


def test_a_tool_is_not_what_wraps_it(tmp_path: Path, types_cache: Path) -> None:
    text = """
@passed_on
def search(query: str) -> str:
    \"\"\"Looks it up.\"\"\"
    return query


def first(state: State):
    return ToolNode([search]).invoke(state)


graph = build(first)
"""
    program = _analysed(f"{WRAPPING}\n{text}", tmp_path, types_cache)
    assert "native" not in _dispositions(program).values()


def test_a_router_knows_the_keys_it_is_given(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
def node(state: State):
    return {"n": 1}


def choose(state: State):
    return state.get("other") or "__end__"


graph = StateGraph(State)
graph.add_node(node)
graph.add_edge(START, "node")
graph.add_conditional_edges("node", choose)
graph = graph.compile()
""",
        tmp_path,
        types_cache,
    )
    assert [x.disposition for x in program.functions] == ["native", "native"]


def test_the_run_s_own_config_changes_nothing_of_what_a_model_is_asked(
    tmp_path: Path, types_cache: Path
) -> None:
    program = _analysed(
        """
model = ChatOpenAI(model="m")


def by_place(state: State, config: RunnableConfig):
    return {"text": model.invoke(state["text"], config).content}


async def by_name(state: State, config: RunnableConfig):
    return {"text": (await model.ainvoke(state["text"], config=config)).content}


def another(state: State, config: RunnableConfig):
    return {"text": model.invoke(state["text"], {"tags": ["x"]}).content}


graph = build(by_place, by_name, another)
""",
        tmp_path,
        types_cache,
    )
    expected = {"by_place": "native", "by_name": "native", "another": "bridged"}
    assert _dispositions(program) == expected


def test_models_are_what_the_functions_give_that_make_them(
    tmp_path: Path, types_cache: Path
) -> None:
    program = _analysed(
        """
NAME, URL = os.getenv("NAME", "m"), os.getenv("URL")
made, tried = {}, []


def making(name, url=None, **others):
    given = {"model": name, **others}
    if url:
        given["base_url"] = url
    return ChatOpenAI(**given)


def kept(kind):
    if kind in made:
        return made[kind]
    if kind == "far":
        model = making(NAME, url=URL)
    else:
        model = making(NAME, temperature=0.5)
    made[kind] = model
    return model


def counting(name, url):
    tried.append(name)
    given = {"model": name}
    if url:
        given["base_url"] = url
    return ChatOpenAI(**given)


def telling(name, url):
    given = {"model": name}
    if url:
        given["base_url"] = url
    time.sleep(0.1)
    return ChatOpenAI(**given)


def asking(model):
    def node(state: State):
        return {"text": model.invoke(state["text"]).content}

    return node


far, near = kept("far"), kept("near")
graph = build(
    asking(far),
    asking(near),
    asking(making(NAME, url=URL)),
    asking(counting(NAME, URL)),
    asking(telling(NAME, URL)),
)
""",
        tmp_path,
        types_cache,
    )
    nodes = [x for x in program.functions if x.roles[0] == "node"]
    # what the last two do besides would show, or happen again
    assert [x.disposition for x in nodes] == ["native"] * 3 + ["bridged"] * 2


def test_calls_that_would_give_another_model_later_stay_python(
    tmp_path: Path, types_cache: Path
) -> None:
    program = _analysed(
        """
URL = os.getenv("URL")
NAME = "first"


def making(name):
    given = {"model": name}
    if URL:
        given["base_url"] = URL
    return ChatOpenAI(**given)


def named():
    given = {"model": NAME}
    if URL:
        given["base_url"] = URL
    return ChatOpenAI(**given)


def naming():
    return making(NAME)


def asking(model):
    def node(state: State):
        return {"text": model.invoke(state["text"]).content}

    return node


first, second = named(), naming()
NAME = "second"
graph = build(asking(first), asking(second), asking(making("third")))
""",
        tmp_path,
        types_cache,
    )
    nodes = [x for x in program.functions if x.roles[0] == "node"]
    # of the second the argument of the call within is known, and was the first name
    assert [x.disposition for x in nodes] == ["bridged", "native", "native"]


@pytest.mark.parametrize(
    ("line", "is_native"),
    [
        ("near.temperature = 0.5", False),
        ("setattr(near, 'temperature', 0.5)", False),
        ("alias = near\nalias.max_tokens = 5", False),
        ("def later(state):\n    near.temperature = 0.5", False),
        ("near.model = 'other_model'", False),
        ("near.note = 'by name'", True),
    ],
)
def test_models_of_which_options_are_set_stay_python(
    line: str, is_native: bool, tmp_path: Path, types_cache: Path
) -> None:
    program = _analysed(
        f"""
near = ChatOpenAI(model="m")
{line}


def asking(model):
    def node(state: State):
        return {{"text": model.invoke(state["text"]).content}}

    return node


def by_name(state: State):
    return {{"text": near.invoke(state["text"]).content}}


graph = build(asking(near), by_name)
""",
        tmp_path,
        types_cache,
    )
    nodes = [x for x in program.functions if x.roles[0] == "node"]
    assert nodes[1].disposition == ("native" if is_native else "bridged")
    # of what is given on, it is not looked at what is set
    assert nodes[0].disposition == "bridged"


@pytest.mark.parametrize(("given", "is_native"), [("0.5", True), ("0", False), ("x", False)])
def test_what_is_kept_by_a_float(
    tmp_path: Path, types_cache: Path, given: str, is_native: bool
) -> None:
    program = _analysed(
        f"""
x = 0.5


@functools.lru_cache(maxsize=None)
def model(name: str = "gpt-4o", temperature: float = 0.0) -> ChatOpenAI:
    return ChatOpenAI(model=name, temperature=temperature)


def ask(state: State):
    return {{"text": model("gpt-4o", {given}).invoke(state["text"]).text()}}


graph = build(ask)
""",
        tmp_path,
        types_cache,
    )
    assert (_dispositions(program)["ask"] == "native") is is_native


@pytest.mark.parametrize(
    ("member", "is_native"),
    [
        ("return ChatOpenAI(model=self.name)", True),
        ("print('made')\n        return ChatOpenAI(model=self.name)", False),
        ("return ChatOpenAI(model=str(time.time()))", False),
        (
            "return ChatOpenAI(model=self.name)\n\n    def change(self):\n        self.model = None",
            False,
        ),
    ],
)
def test_what_an_object_keeps_once_it_is_made(
    tmp_path: Path, types_cache: Path, member: str, is_native: bool
) -> None:
    program = _analysed(
        f"""
class Agent:
    def __init__(self, name: str):
        self.name = name

    @functools.cached_property
    def model(self) -> ChatOpenAI:
        {member}

    def ask(self, state: State):
        return {{"text": self.model.invoke(state["text"]).text()}}


graph = build(Agent("gpt-4o").ask)
""",
        tmp_path,
        types_cache,
    )
    assert (_dispositions(program)["ask"] == "native") is is_native
