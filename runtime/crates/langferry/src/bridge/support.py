"""The Python side of the bridge: the program's modules, its graphs, and calls of what they hold."""

import ast
import asyncio
import contextlib
import contextvars
import dataclasses
import functools
import importlib
import importlib.abc
import importlib.util
import inspect
import json
import os
import sys

_INJECTED = frozenset({"config", "writer", "store", "previous", "runtime", "error"})
_IN_METADATA = ("thread_id", "checkpoint_id", "checkpoint_ns", "run_id", "assistant_id", "graph_id")
"""What LangGraph copies from `configurable` to a config's `metadata`."""

_modules = {}
"""The program's modules: file, whether it is a package, and source, by name."""
_compiled = {}
"""The graphs the program has compiled, with the line of each, by file."""
_results = {}
"""What expressions gave that are evaluated once, by module and text."""
_COMPILING = ("langgraph", "langchain.agents", "deepagents")
"""What a program imports whose graphs are compiled, by itself or by a library's function."""
_wanted = None
"""The place of the graph at whose compilation the running expression is to stop."""


class _Reached(BaseException):
    """The graph is there; nothing after it is run."""


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the program's modules, which are kept in the binary."""

    def find_spec(self, name, path=None, target=None):
        if name not in _modules:
            return None
        file, is_package, _ = _modules[name]
        return importlib.util.spec_from_loader(name, self, origin=file, is_package=is_package)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        file, _, source = _modules[module.__name__]
        module.__file__ = os.path.join(os.environ.get("LANGFERRY_PROGRAM", ""), file)
        # a notebook may await at module level
        code = compile(source, file, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        running = eval(code, module.__dict__)
        if inspect.iscoroutine(running):
            asyncio.run(running)


def add(modules):
    """Take in a program: (name, file, is_package, source) of its modules."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    _modules.update((name, rest) for name, *rest in modules)
    if any(name in source for *_, source in modules for name in _COMPILING):
        _watch()


@functools.cache
def _watch():
    try:
        with _random_of_their_own():
            import langgraph.checkpoint.memory
            import langgraph.types
            from langgraph.func import entrypoint
            from langgraph.graph.state import StateGraph
    except ImportError:
        return
    original = langgraph.types.interrupt

    @functools.wraps(original)
    def ask(*args, **kwargs):
        ours = None if _inside.get() else _asking.get()
        return (ours or original)(*args, **kwargs)

    # LangGraph's own knows no run of ours; modules that import it later get this one
    langgraph.types.interrupt = ask
    StateGraph.compile = _noted(StateGraph.compile)
    entrypoint.__call__ = _noted(entrypoint.__call__)


@contextlib.contextmanager
def _random_of_their_own():
    """Modules imported within get a `random` apart from the program's: LangGraph draws ids of checkpoints from
    it, and the graphs that it runs are not all there are, so that what the program draws would depend on which."""
    import random

    spec = importlib.util.find_spec("random")
    apart = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(apart)
    sys.modules["random"] = apart
    try:
        yield
    finally:
        sys.modules["random"] = random


def _noted(make):
    @functools.wraps(make)
    def wrapper(*args, **kwargs):
        graph = make(*args, **kwargs)
        _note(graph, sys._getframe(1))
        return graph

    return wrapper


def _note(graph, frame):
    files = {file for file, *_ in _modules.values()}
    while frame is not None and frame.f_code.co_filename not in files:
        frame = frame.f_back
    if frame is None:
        return
    file = frame.f_code.co_filename
    _compiled.setdefault(file, []).append((frame.f_lineno, graph))
    if _wanted is not None and _found(*_wanted) is not None:
        raise _Reached


def _found(file, first, last, ordinal):
    graphs = [graph for line, graph in _compiled.get(file, ()) if first <= line <= last]
    return graphs[ordinal] if ordinal < len(graphs) else None


def evaluate(module, expression):
    """What `expression` gives in the program's `module`."""
    found = importlib.import_module(module)
    # a compiled module's own source runs only when something needs it
    load = getattr(found, "__langferry_rest__", None)
    if load is not None:
        load()
    return _evaluated(found, expression)


def _evaluated(module, expression):
    names = dict(module.__dict__)
    names["compiled"] = functools.partial(_graph_of, module)
    names["argument"] = functools.partial(_argument, module)
    found = eval(expression, names)
    return asyncio.run(found) if inspect.iscoroutine(found) else found


def _argument(module, name):
    given = json.loads(os.environ.get("LANGFERRY_ARGUMENTS", "{}"))
    if name not in given:
        raise RuntimeError(
            f"the program's entry takes an argument {name!r}; give it as a Python expression in"
            f' the environment: LANGFERRY_ARGUMENTS=\'{{"{name}": "..."}}\''
        )
    return eval(given[name], module.__dict__)


def _graph_of(module, file, first, last, ordinal, run, stops, nodes):
    """The graph compiled at a place of the program, once `run` has been evaluated."""
    global _wanted
    key = (module.__name__, run)
    if ordinal is None:
        # never compiled by the program itself
        if key not in _results:
            _results[key] = _evaluated(module, run)
        return _Graph(_results[key], nodes)
    if run is not None and key not in _results and _found(file, first, last, ordinal) is None:
        _wanted = (file, first, last, ordinal) if stops else None
        try:
            _results[key] = _evaluated(module, run)
        except _Reached:
            pass
        finally:
            _wanted = None
    graph = _found(file, first, last, ordinal)
    if graph is None:
        raise RuntimeError(f"the program compiled no graph at {file}:{first}")
    return _Graph(graph, nodes)


class _Graph:
    """A graph of the program, to take its parts out of."""

    def __init__(self, graph, nodes):
        self._store = getattr(graph, "store", None)
        self._builder = getattr(graph, "builder", graph)
        self._graph = graph
        if nodes is not None and sorted(self._builder.nodes) != nodes:
            raise RuntimeError(
                f"the graph was read with the nodes {nodes}, but has {sorted(self._builder.nodes)}"
            )

    def node(self, name):
        runnable = self._builder.nodes[name].runnable
        is_graph = _has(runnable, "get_state")
        return _Action(_Whole(runnable) if is_graph else runnable, self._store)

    def tool(self, node, name):
        """What runs a tool of a node on a dict of its arguments."""
        return functools.partial(_run_tool, self._builder.nodes[node].runnable.tools_by_name[name])

    def tools(self, node, count):
        """The tools of a node, which has `count` of them where that is known."""
        return _Tools(self._builder.nodes[node].runnable, self._store, count)

    def told(self, node, ending):
        """What gives what a model is told of a node's tools, of which only those in `ending` end a run."""
        from langchain_core.utils.function_calling import convert_to_openai_tool

        tools = list(self._builder.nodes[node].runnable.tools_by_name.values())
        for tool in tools:
            if tool.return_direct and tool.name not in ending:
                raise RuntimeError(f"the run ends with the answer of the tool {tool.name!r}")
        if _known_to_agents(self._builder, len(tools)) != len(tools):
            raise RuntimeError("the agent has tools that the model's vendor runs")
        return lambda arguments: [convert_to_openai_tool(tool) for tool in tools]

    def router(self, source, name):
        branches = self._builder.branches[source]
        if name not in branches and len(branches) == 1:
            (name,) = branches
        return _Action(branches[name].path, self._store)

    def whole(self):
        graph = self._graph if hasattr(self._graph, "invoke") else self._graph.compile()
        return _Action(_Whole(graph), self._store)

    def reducer(self, channel):
        return self._builder.channels[channel].operator


def _run_tool(tool, arguments):
    if tool.func is not None:
        return tool.func(**arguments)
    return asyncio.run(tool.coroutine(**arguments))


def _known_to_agents(builder, otherwise):
    """How many tools the model of an agent is told of."""
    for node in builder.nodes.values():
        function = getattr(node.runnable, "func", None)
        names = inspect.getclosurevars(function).nonlocals if inspect.isfunction(function) else {}
        if "default_tools" in names:
            return len(names["default_tools"])
        bound = getattr(names.get("static_model"), "last", None)
        tools = getattr(bound, "kwargs", {}).get("tools")
        if isinstance(tools, list):
            return sum(len(_functions(tool)) for tool in tools)
    return otherwise


def _functions(tool):
    """The functions in what a vendor's model is told of a tool: Google's is told of several in one."""
    of = tool.get if isinstance(tool, dict) else functools.partial(getattr, tool)
    return of("function_declarations", None) or [tool]


class _Whole:
    """A graph as one node, run by LangGraph itself; what it asks, the node asks."""

    def __init__(self, graph):
        self._graph = graph
        self._open = {}
        """What each thread has asked so far in the call that is not over, by thread."""
        self.func = None if _awaits(graph) else self.invoke

    def invoke(self, given, config):
        conversation = self._conversation(given, config)
        given = next(conversation)
        while True:
            with _run_by_langgraph():
                result = self._graph.invoke(given, config)
            try:
                given = conversation.send(result)
            except StopIteration:
                return result

    async def ainvoke(self, given, config):
        conversation = self._conversation(given, config)
        given = next(conversation)
        while True:
            with _run_by_langgraph():
                result = await self._graph.ainvoke(given, config)
            try:
                given = conversation.send(result)
            except StopIteration:
                return result

    def _conversation(self, given, config):
        """What the graph is to be given, one after the other; it is sent what comes of each.

        Where nobody has an answer yet, the node stops, and is run again from its start once somebody has:
        then the graph, which has kept its thread, goes on with the answer.
        """
        thread = config["configurable"].get("thread_id")
        asked = self._open.pop(thread, [])
        try:
            for question in asked:
                given = _resumed_with(_ask(question))
        except _stops():
            # another run has begun on the thread
            asked = []
        while True:
            result = yield given
            questions = result.get("__interrupt__") if isinstance(result, dict) else None
            if not questions:
                self._open.pop(thread, None)
                return
            if len(questions) > 1:
                raise RuntimeError("a graph that runs as one node asks several questions at once")
            asked.append(questions[0].value)
            self._open[thread] = asked
            given = _resumed_with(_ask(asked[-1]))


def _ask(question):
    import langgraph.types

    return langgraph.types.interrupt(question)


def _resumed_with(answer):
    from langgraph.types import Command

    return Command(resume=answer)


def _stops():
    from langgraph.errors import GraphInterrupt

    return GraphInterrupt


_asking = contextvars.ContextVar("langferry_asking", default=None)
"""The runtime's `interrupt`, in the name of the task that runs: threads that tools run in have it, too."""
_inside = contextvars.ContextVar("langferry_inside", default=False)
"""Whether what runs is a part of a graph that LangGraph itself runs."""


@contextlib.contextmanager
def _run_by_langgraph():
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def _awaits(graph):
    """Whether a part of the graph can only be awaited."""
    parts = [node.bound for node in graph.nodes.values()]
    for branches in getattr(getattr(graph, "builder", None), "branches", {}).values():
        parts += [branch.path for branch in branches.values()]
    while parts:
        part = parts.pop()
        parts += part.steps if _has(part, "steps") else ()
        if _has(part, "get_state"):
            parts += [node.bound for node in part.nodes.values()]
        elif _only_awaited(part):
            return True
    return False


def _only_awaited(part):
    """Whether it is a Runnable of an async function alone, or runs tools of which one is such."""
    if _has(part, "tools_by_name"):
        tools = part.tools_by_name.values()
        return any(_has(tool, "coroutine") and _only_awaited(tool) for tool in tools)
    if _has(part, "afunc") and not _has(part, "func"):
        # LangChain's own of an async function
        return True
    return _has(part, "func") and part.func is None


_MISSING = object()


def _has(part, name):
    """Whether `part` itself has the attribute. A runnable with fallbacks passes every name on to its runnable,
    and evaluates the hints of what it finds there."""
    return inspect.getattr_static(part, name, _MISSING) is not _MISSING


class _Action:
    """A Runnable of a graph, with the graph's store."""

    def __init__(self, runnable, store):
        self.runnable, self.store = runnable, store


class Unsupported(BaseException):
    """What lies outside of what is carried over: no `except Exception` catches it."""


class _Tools(_Action):
    """The tools of a `ToolNode`."""

    def __init__(self, node, store, count):
        super().__init__(node, store)
        if count is not None and len(node.tools_by_name) != count:
            raise RuntimeError(
                "the node has two tools of the same name, or some that a vendor runs"
            )

    def answer(self, arguments, config, writer):
        """The names of all tools, or what answers the `call` of one, as the node gets it of the tool."""
        if "call" not in arguments:
            return list(self.runnable.tools_by_name)
        from langgraph.prebuilt.tool_node import ToolInvocationError, _filter_validation_errors
        from pydantic import ValidationError

        call = arguments["call"]
        name, given = call["name"], call["args"]
        tool, injected = self.runnable.tools_by_name[name], self.runnable._injected_args[name]
        if injected.state or injected.store or injected.runtime:
            raise Unsupported(f"the tool {name!r} is given parts of its run")
        config["configurable"]["__pregel_runtime"] = _runtime(self.store, writer)
        told = {key: value for key, value in given.items() if key not in injected.all_injected_keys}
        asked = {**call, "args": told, "type": "tool_call"}
        try:
            if _only_awaited(tool):
                return asyncio.run(tool.ainvoke(asked, config))
            return tool.invoke(asked, config)
        except ValidationError as error:
            problems = _filter_validation_errors(error, injected)
            raise ToolInvocationError(name, error, given, problems) from error


def find_class(name):
    """The class of a qualified name, in modules that are there already or hold LangChain's messages."""
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:end])
        if module not in sys.modules and module in _modules:
            importlib.import_module(module)
        if module not in sys.modules and name.startswith("langchain_core.messages."):
            try:
                importlib.import_module(module)
            except ImportError:
                continue
        found = sys.modules.get(module)
        for part in parts[end:]:
            found = getattr(found, part, None)
        if found is not None:
            return found
    return None


def call(interrupt, writer, action, input_class, values, bare, configurable, recursion_limit):
    """Calls a node or router on the state's values, as LangGraph does; a bare state is one value.

    `interrupt` and `writer` are the runtime's, in the name of the task."""
    if bare:
        given = values
    else:
        given = dict(values) if input_class is None else find_class(input_class)(**values)
    config = _config_of(configurable, recursion_limit)
    try:
        with _around(interrupt, writer, action, config):
            result = _called(action, given, config, writer)
            return asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result
    except Exception as raised:
        command = _command_of(raised)
        if command is None:
            raise
        return command


def call_tool(interrupt, writer, tool, arguments, configurable, recursion_limit, told):
    """Calls what runs a tool on a dict of its arguments; what it asks of its run, it asks the runtime.

    `told` are the argument that tells it of its run, the state, and the call's id."""
    config = _config_of(configurable, recursion_limit)
    with _around(interrupt, writer, tool, config):
        if isinstance(tool, _Tools):
            return tool.answer(arguments, config, writer)
        if told is None:
            return tool(arguments)
        from langgraph.prebuilt import ToolRuntime

        name, state, call_id = told
        runtime = ToolRuntime(
            state=state,
            context=None,
            config=config,
            stream_writer=writer,
            tool_call_id=call_id,
            store=None,
        )
        return tool({**arguments, name: runtime})


def _config_of(configurable, recursion_limit):
    return {
        "metadata": {key: configurable[key] for key in _IN_METADATA if configurable.get(key)},
        "callbacks": None,
        "configurable": configurable,
        "recursion_limit": recursion_limit,
    }


@contextlib.contextmanager
def _around(interrupt, writer, action, config):
    """Lets `interrupt()` ask the runtime, and `get_config()` and `get_stream_writer()` find something, in the
    action and in all that it calls.

    Without the thread: LangGraph gives a graph that is called within a node a namespace of its own in it, which
    is not here; so it must be told which thread is meant, as anywhere outside of a node."""
    variables = [(_asking, interrupt)]
    configs = sys.modules.get("langchain_core.runnables.config")
    if configs is not None and "langgraph.config" in sys.modules:
        store = action.store if isinstance(action, _Action) else None
        found = {
            **config,
            "metadata": {},
            "configurable": {"__pregel_runtime": _runtime(store, writer)},
        }
        variables.append((configs.var_child_runnable_config, found))
    tokens = [(variable, variable.set(value)) for variable, value in variables]
    try:
        yield
    finally:
        for variable, token in tokens:
            variable.reset(token)


def _command_of(raised):
    """The command that a graph within the action raised for the graph around it, which is ours."""
    errors = sys.modules.get("langgraph.errors")
    if errors is None or not isinstance(raised, errors.ParentCommand):
        return None
    return dataclasses.replace(raised.args[0], graph=None)


async def _awaited(result):
    return await result


def _called(action, given, config, writer):
    store = None
    if isinstance(action, _Action):
        action, store = action.runnable, action.store
    elif not hasattr(action, "invoke"):
        wanted = _INJECTED & set(_parameters(action))
        if not wanted:
            return action(given)
        if wanted == {"config"}:
            return action(given, config=config)
        from langgraph._internal._runnable import coerce_to_runnable

        action = coerce_to_runnable(action, name=None, trace=False)
    config["configurable"]["__pregel_runtime"] = _runtime(store, writer)
    if _only_awaited(action):
        return action.ainvoke(given, config)
    return action.invoke(given, config)


def _parameters(function):
    try:
        return list(inspect.signature(function).parameters)[1:]
    except (TypeError, ValueError):
        # a builtin has no signature to ask for
        return []


def _runtime(store, writer):
    from langgraph.runtime import Runtime

    return Runtime(store=store, stream_writer=writer)


def update_of(result):
    """The update that an object with annotated fields stands for; None where it stands for none."""
    kind = type(result)
    keys = {}
    for base in reversed(kind.__mro__):
        keys.update(getattr(base, "__annotations__", {}))
    if not keys:
        return None
    fields = getattr(kind, "model_fields", None)
    told = getattr(result, "model_fields_set", ())
    update = {}
    for key in keys:
        if not hasattr(result, key):
            continue
        value = getattr(result, key)
        # of a model, what is None because nobody said otherwise is no update
        silent = (
            value is None
            and key not in told
            and (fields is not None and key in fields and fields[key].default is None)
        )
        if not silent:
            update[key] = value
    return update
