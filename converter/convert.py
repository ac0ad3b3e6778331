"""From a program's source to its Program model: wiring, types, bodies and bridges together."""

import ast
import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from langferry.converter.advice import advice, subjects
from langferry.converter.annotated_copy import ParameterTypes
from langferry.converter.assembly import Assembly
from langferry.converter.bridging import Bridging
from langferry.converter.captures import Captures
from langferry.converter.constants import encode
from langferry.converter.contradicted import contradicted
from langferry.converter.functions import (
    Reached,
    filled_with,
    given_nothing,
    is_config,
    passed_parameters,
    receiving,
    rest_parameters,
)
from langferry.converter.kept_names import KeptNames
from langferry.converter.known_keys import KnownKeys
from langferry.converter.lower import (
    HeldTools,
    Helper,
    Lowered,
    LoweredProgram,
    Request,
    RunPart,
    StayingTool,
    ToldTools,
    lower_program,
)
from langferry.converter.lower.requests import FieldCheck
from langferry.converter.made_graphs import MadeGraphs
from langferry.converter.object_states import checks_of, shapes_of
from langferry.converter.objects import objects_in
from langferry.converter.project import Project, SourceModule
from langferry.converter.records import FieldPlace
from langferry.converter.requests import Requests
from langferry.converter.stores import Stores, uses_store
from langferry.converter.types import infer, untyped
from langferry.converter.wiring import environment, names
from langferry.converter.wiring.entry import find_entries
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.values import PartValue, StoreValue
from langferry.diagnostics import Failure, Span
from langferry.model import types as t
from langferry.model.ir import Shape
from langferry.model.program import (
    VERSION,
    BridgeEntry,
    Function,
    Graph,
    Parameter,
    Program,
    Reason,
    SourceFile,
)
from langferry.model.runs import called_graphs

CONVERTER_VERSION = "2"
"""Raised when the same source may give another model."""


_NOT_NATIVE = ("bridged", "refused")
"""What a program can ask a function to become instead of native."""


def analyse(
    path: Path,
    entry: str | None = None,
    root: Path | None = None,
    checkpointer: str | None = None,
    cache_dir: Path | None = None,
    progress: Callable[[str], None] | None = None,
    instead: Mapping[Path, bytes] | None = None,
) -> Program:
    """The Program model of the program in `path`. Nothing of it is imported or run.

    Args:
        path: the program's file.
        entry: an expression for the graph, evaluated in the module; by default its only graph.
        root: the directory that module names and spans count from.
        checkpointer: "memory" compiles the graph with an in-memory saver whatever it says.
        cache_dir: where the type checker keeps its cache.
        progress: told what is being done.
        instead: files, by their resolved paths, that are read as if they held other bytes.

    Raises:
        Failure: the program cannot be read, or no graph is found. What is wrong with a graph that
            is found stands in the model's diagnostics.
    """
    tell = progress or (lambda text: None)
    try:
        given = (path, entry, root, checkpointer, cache_dir, instead)
        return _best(lambda told, loose: _Analysis(*given, told, loose), tell)
    except RecursionError as error:
        raise Failure("LF105", f"{path.name} is nested too deeply to be evaluated") from error


_AT_MOST = 8
"""How many fields are looked at one by one."""


def _best(
    analysis: "Callable[[Callable[[str], None], frozenset[FieldPlace]], _Analysis]",
    tell: Callable[[str], None],
) -> Program:
    """The program with the most native functions, for which as few fields as possible are left open."""

    def tried_with(fields: frozenset[FieldPlace]) -> tuple[Program, frozenset[FieldPlace]]:
        another = analysis(lambda text: None, fields)
        return another.run(), another.contradicted

    first = analysis(tell, frozenset())
    best = first.run()
    kept: frozenset[FieldPlace] = frozenset()
    tried, new = kept, first.contradicted
    while new:
        tried |= new
        more = kept
        alone = [frozenset({x}) for x in sorted(new)] if 1 < len(new) <= _AT_MOST else []
        for fields in [new, *alone]:
            program, contradicted = tried_with(kept | fields)
            if not (_natives(best) < _natives(program) and _tools(program) <= _tools(best)):
                continue
            best, kept, more = program, kept | fields, contradicted
            if fields == new:
                for one in alone:
                    program, contradicted = tried_with(kept - one)
                    if _natives(best) <= _natives(program) and _tools(program) <= _tools(best):
                        best, kept, more = program, kept - one, contradicted
                break
        new = more - tried
    return best


def _natives(program: Program) -> frozenset[tuple[str, str]]:
    """The native functions that graphs call."""
    return frozenset(
        (x.id, role)
        for x in program.functions
        if x.disposition == "native"
        for role in x.roles
        if role in ("node", "router", "reducer")
    )


def _tools(program: Program) -> frozenset[str]:
    """The tools that stay Python, of which native functions have them run."""
    return frozenset(x.id for x in program.functions if "tool" in x.roles)


class _Analysis:
    contradicted: frozenset[FieldPlace] = frozenset()
    """The fields whose declared types may be what keeps functions in Python."""

    def __init__(
        self,
        path: Path,
        entry: str | None,
        root: Path | None,
        checkpointer: str | None,
        cache_dir: Path | None,
        instead: Mapping[Path, bytes] | None,
        tell: Callable[[str], None],
        loose: frozenset[FieldPlace] = frozenset(),
    ) -> None:
        if checkpointer not in (None, "memory"):
            raise Failure("LF222", f"unknown checkpointer {checkpointer!r}")
        tell("reading the program")
        self._project = Project(path, root, instead)
        self._entry = entry
        self._checkpointer = checkpointer
        self._cache_dir = cache_dir
        self._tell = tell
        self._loose = loose

    def run(self) -> Program:
        """Do it all."""
        run = Interpreter(self._project)
        scope = run.module(self._project.entry)
        found = find_entries(run, scope, self._entry)
        self._assembly = Assembly(run, scope, self._loose)
        self._made_graphs = MadeGraphs(run, self._modules(), self._assembly.called.of)
        self._bridging = Bridging(run)
        self._stores = Stores(run)
        self._kept_names = KeptNames(run)
        for module in self._project.unreadable.values():
            self._assembly.findings.append(msgspec.structs.replace(module.why, severity="warning"))
        if run.broken is not None:
            self._assembly.error("LF201", run.broken.reason, run.broken.span)
        name = self._project.entry.name.rpartition(".")[2]
        entries = [
            (entry, self._assembly.graph(compiled, compiled.name or name, self._checkpointer))
            for entry, compiled in found
        ]
        entry, entry_graph = entries[0]
        self._made_by = [name for name, _ in found]
        self._reached = self._assembly.functions.reached
        self._requests = Requests(self._project.root, self._assembly.findings)
        self._environment = environment.read(run, self._modules(), self._made_by)
        self._tell("typing the program")
        lowered = self._lower()
        while (
            self._assembly.take_called(self._called(lowered))
            or self._stores.stay_for(lowered, self._staying(lowered))
            or self._names_stay(lowered)
        ):
            lowered = self._lower()
        self._tell("converting functions")
        functions = self._functions(lowered)
        records = self._assembly.records.all()
        graphs = tuple(self._with_store(x, lowered) for x in self._assembly.graphs.values())
        if not any(found.severity == "error" for found in self._assembly.findings):
            # a graph that is not read whole may have the edge that seems to lack
            called = [expression for expression, _ in entries]
            self._assembly.findings += advice(
                subjects(graphs, records, self._reached, self._modules(), called)
            )
        own = self._project.entry if self._entry is None else None
        findings = self._requests.silenced(self._assembly.findings, self._modules(), own)
        used = self._used(functions, lowered) | lowered.enums
        used |= {graph.store for graph in graphs if graph.store is not None}
        return Program(
            VERSION,
            name,
            entry,
            self._project.entry.name,
            entry_graph,
            self._hash(entry),
            tuple(SourceFile(x.file, x.name, x.sha256) for x in self._modules()),
            records,
            functions,
            tuple(item for item in lowered.globals if item.id in used),
            graphs,
            self._bridging.modules(),
            tuple(entries),
            tuple(findings),
            self._environment.settings,
        )

    def _modules(self) -> list[SourceModule]:
        return sorted(self._project.modules.values(), key=lambda module: module.file)

    def _hash(self, entry: str) -> str:
        digest = hashlib.sha256()
        parts = [CONVERTER_VERSION, entry, self._checkpointer or ""]
        for module in self._modules():
            parts += [module.file, module.sha256]
        for part in parts:
            # lengths keep two different lists of parts from reading the same
            digest.update(f"{len(part.encode())}:".encode() + part.encode())
        return digest.hexdigest()

    def _lower(self) -> LoweredProgram:
        modules = [module.scope for module in self._modules()]
        captures = Captures(self._assembly.run, self._assembly.called.of, self._stores.at)
        lent = self._stores.of_graphs(self._assembly.compiled.values())
        known_keys = KnownKeys(self._assembly.run, self._project.modules.values())
        wanted, requests = [], []
        for reached in self._reached.values():
            if reached.part is not None:
                request = _library_request(reached, reached.part, captures)
                requests.append(msgspec.structs.replace(request, shapes=self._shapes(reached)))
            if reached.function is None or reached.why is not None:
                continue
            node, module = reached.function.node, reached.function.module
            passed = passed_parameters(reached)
            receiver = receiving(reached)
            if reached.annotation is not None:
                declared = [x for x in passed if x not in rest_parameters(node)]
                annotations = dict.fromkeys(declared, reached.annotation)
                wanted.append(
                    ParameterTypes(module.file, node.lineno, node.col_offset, annotations)
                )
            given = {
                item.name: item.type
                for item in self._assembly.functions.parameters(reached)
                if item.name not in {*reached.bound, *given_nothing(reached)}
                and (item.name in passed or item.name not in reached.function.defaults)
            }
            requests.append(
                Request(
                    reached.id,
                    module.file,
                    node.lineno,
                    node.col_offset,
                    reached.role,  # type: ignore[arg-type]
                    given,
                    self._assembly.functions.constants(reached),
                    reached.state,
                    reached.inputs,
                    receiver=None if receiver is None else captures.receiver_of(receiver[1]),
                    captured=captures.given_to(reached),
                    filled=_filled(reached),
                    has_config=any(is_config(reached.function, x) for x in names.parameters(node)),
                    shapes=self._shapes(reached),
                    checks=self._checks(reached),
                    has_fields_only=known_keys.are_all(reached, self._assembly.graphs.values()),
                    is_retried=reached.function.is_retried,
                )
            )
        with tempfile.TemporaryDirectory(prefix="langferry-types-") as temporary:
            cache = self._cache_dir or Path(temporary)
            resolve = self._assembly.records.by_name
            try:
                types = infer(
                    modules,
                    wanted,
                    resolve,
                    self._project.search_path,
                    cache,
                    self._record_key(),
                    self._loose,
                )
            except Failure as failure:
                # without types next to nothing is native, but all of it can stay Python
                finding = msgspec.structs.replace(failure.diagnostic, severity="warning", span=None)
                if finding not in self._assembly.findings:
                    self._assembly.findings.append(finding)
                types = untyped(modules)
        values = {
            scope.module.name: captures.module(scope) for scope in self._assembly.run.modules()
        }
        records, unsure = self._assembly.records.all(), self._environment.unsure
        entry = self._project.entry.scope
        lowered = lower_program(
            requests,
            modules,
            types,
            records,
            values,
            unsure,
            self._made_graphs.of,
            lent,
            self._stores.stays,
            entry,
            self._kept_names.stays,
            self._made_by,
        )
        by_path = {scope.path: scope for scope in modules}
        self.contradicted = contradicted(requests, lowered, by_path, self._assembly.records)
        return lowered

    def _names_stay(self, lowered: LoweredProgram) -> bool:
        """Whether names of modules that native functions assign to turn out to be Python's as well."""
        staying = list(self._staying(lowered))
        left = {x.id for x in staying}
        native = [
            f"{x.function.module.name}.{x.function.qualified}"
            for x in self._reached.values()
            if x.function is not None and x.id not in left
        ]
        scopes = [x.scope for x in self._modules()]
        return self._kept_names.stay_for(lowered, staying, native, scopes)

    def _staying(self, lowered: LoweredProgram) -> Iterator[Reached]:
        """The functions that stay Python."""
        for reached in self._reached.values():
            known = lowered.functions.get(reached.id)
            if known is None or known.body is None or self._asked(reached) in _NOT_NATIVE:
                yield reached

    def _with_store(self, graph: Graph, lowered: LoweredProgram) -> Graph:
        """The graph with the store that it lends native functions, if there are any to use it."""
        compiled = self._assembly.compiled[graph.id]
        if not isinstance(compiled.store, StoreValue) or not uses_store(lowered):
            return graph
        store = lowered.stores.get(self._stores.at(compiled.store))
        return msgspec.structs.replace(graph, store=store)

    def _shapes(self, reached: Reached) -> tuple[tuple[str, Shape], ...]:
        """What must be told of the values that an object is made of for a function."""
        given = reached.input_class
        return () if given is None else shapes_of(self._assembly.run, given)

    def _checks(self, reached: Reached) -> tuple[FieldCheck, ...]:
        """What validators are given of the values that an object is made of for a function."""
        given = reached.input_class
        return () if given is None else checks_of(self._assembly.run, given)

    def _called(self, lowered: LoweredProgram) -> list[str]:
        """The ids of the graphs that native functions run, in order."""
        found = [
            id_
            for reached in self._reached.values()
            if reached.id in lowered.functions and self._asked(reached) not in _NOT_NATIVE
            for id_ in called_graphs([lowered.functions[reached.id]])
        ]
        found += called_graphs(lowered.helpers)
        return list(dict.fromkeys(found))

    def _asked(self, reached: Reached) -> str | None:
        """What the program asks the function to become."""
        if reached.function is None:
            return None
        node, module = reached.function.node, reached.function.module
        return self._requests.of(
            module, node.lineno, reached.function.name, reached.function.qualified
        )

    def _record_key(self) -> str:
        known = [(item.id, item.qualified_name) for item in self._assembly.records.all()]
        return repr((CONVERTER_VERSION, known))

    def _functions(self, lowered: LoweredProgram) -> tuple[Function, ...]:
        made = {
            reached.id: self._function(reached, lowered.functions.get(reached.id))
            for reached in self._reached.values()
        }
        self._report(made)
        for name in self._requests.unused():
            self._assembly.error("LF233", f"no function of the program is called {name!r}", None)
        used = self._used(list(made.values()), lowered)
        helpers = [_helper_function(item) for item in lowered.helpers if item.id in used]
        tools = [self._staying_tool(item) for item in lowered.tools if item.tool in used]
        told = [self._told_tools(item) for item in lowered.told if item.told in used]
        native = {x.id for x in made.values() if x.disposition == "native"}
        held = [self._held_tools(item) for item in lowered.held if item.request in native]
        return (*made.values(), *helpers, *tools, *told, *held)

    def _told_tools(self, tools: ToldTools) -> Function:
        """What Python tells a native model of the tools of an agent."""
        if isinstance(tools.request, str):
            agent = self._reached[tools.request]
            name, span = agent.name, agent.span
            entry = self._bridging.told(agent, tools.ending)
        else:
            path, name = tools.request
            module = next(x for x in self._modules() if x.file == path)
            span = tools.reason.span
            entry = self._bridging.told_here(module, name)
        assert span is not None
        return _tools_of(name, tools.id, span, tools.reason, entry)

    def _held_tools(self, tools: HeldTools) -> Function:
        """The tools of a native node that only Python knows."""
        node = self._reached[tools.request]
        assert node.span is not None
        entry = self._bridging.held_tools(node, tools.count)
        return _tools_of(node.name, tools.id, node.span, tools.reason, entry)

    def _staying_tool(self, tool: StayingTool) -> Function:
        """A tool that a native model is told of, and that runs in Python."""
        module = next(x for x in self._modules() if x.file == tool.at.path)
        node = next(
            x
            for x in module.scope.nodes
            if isinstance(x, ast.FunctionDef | ast.AsyncFunctionDef)
            and (x.lineno, x.col_offset) == (tool.at.line, tool.at.column)
        )
        if tool.request is None:
            bridge = self._bridging.tool(module, node)
        else:
            bridge = self._bridging.held_tool(self._reached[tool.request], tool.name)
        return Function(
            tool.id,
            node.name,
            f"{module.name}.{node.name}",
            ("tool",),
            False,
            (),
            t.AnyType(),
            (),
            ast.get_docstring(node),
            (),
            module.span(node),
            "bridged",
            (tool.reason,),
            None,
            bridge,
        )

    def _used(self, functions: Sequence[Function], lowered: LoweredProgram) -> set[str]:
        """The ids of helpers and globals that native functions reach."""
        native = [
            lowered.functions[item.id]
            for item in functions
            if item.disposition == "native" and item.id in lowered.functions
        ]
        return {name for item in native for name in (*item.helpers, *item.globals)}

    def _function(self, reached: Reached, lowered: Lowered | None) -> Function:
        function = reached.function
        assert reached.span is not None
        asked, body = self._asked(reached), None
        reasons = [reached.why] if reached.why is not None else []
        if lowered is not None:
            reasons += lowered.reasons
            body = lowered.body if asked not in _NOT_NATIVE else None
        name = function.name if function is not None else reached.name
        if asked == "native" and body is None:
            self._assembly.error(
                "LF231",
                f"{name!r} is asked to be native, but is not: {reasons[0].message}",
                reasons[0].span,
            )
        bridge = None
        if body is None and asked in (None, "bridged"):
            bridge = self._bridging.entry(reached)
        if asked in _NOT_NATIVE and not reasons:
            where = reached.span
            reasons.append(Reason("LF230", f"the program asks for it to be {asked}", where))
        constants = self._assembly.functions.constants(reached)
        parameters = self._assembly.functions.parameters(reached)
        own = [item.name for item in parameters]
        if body is not None and function is not None:
            # what a parameter is bound to the body knows, and the default of one that is never given
            passed = passed_parameters(reached)
            parameters = tuple(x for x in parameters if x.bound is not None or x.name in passed)
        return Function(
            reached.id,
            name,
            f"{function.module.name}.{function.qualified}" if function is not None else name,
            (reached.role,),  # type: ignore[arg-type]
            function is not None and function.is_async,
            parameters,
            t.AnyType() if function is None else self._assembly.functions.returns(function),
            tuple((name, value) for name, value in constants.items() if name not in own),
            _doc(reached),
            _comments_above(reached),
            reached.span,
            "native" if body is not None else ("bridged" if bridge is not None else "refused"),
            tuple(reasons) if body is None else (),
            body,
            bridge,
        )

    def _report(self, made: Mapping[str, Function]) -> None:
        for function in made.values():
            if function.disposition == "refused":
                last = function.reasons[-1] if function.reasons else None
                self._assembly.error(
                    "LF230",
                    f"{function.name!r} is not carried over"
                    + (f": {last.code} {last.message}" if last else ""),
                    function.span,
                )


def _filled(reached: Reached) -> dict[str, RunPart]:
    """The parameters that LangGraph gives parts of the run other than its config."""
    if reached.function is None:
        return {}
    free = [x for x in names.parameters(reached.function.node) if x.arg not in reached.bound]
    parts = {item.arg: filled_with(reached.function, item) for item in free}
    return {name: part for name, part in parts.items() if part not in (None, "config")}


def _library_request(reached: Reached, part: PartValue, captures: Captures) -> Request:
    return Request(
        reached.id,
        "",
        0,
        0,
        reached.role,  # type: ignore[arg-type]
        {"state": reached.passes[0]},
        {name: encode(value) for name, value in part.constants.items()},
        reached.state,
        reached.inputs,
        has_config=part.name.endswith("_in_run"),
        # whatever more the library looks for, a router is given channels only
        has_fields_only=reached.role == "router",
        library=part.name,
        span=reached.span,
        captured=objects_in(part.objects, captures.of, captures.tool_of),
    )


def _doc(reached: Reached) -> str | None:
    if reached.function is None:
        return None
    node = reached.function.node
    return None if isinstance(node, ast.Lambda) else ast.get_docstring(node)


def _comments_above(reached: Reached) -> tuple[str, ...]:
    """The comment lines right above the definition, without requests to this tool."""
    if reached.function is None:
        return ()
    node, module = reached.function.node, reached.function.module
    if isinstance(node, ast.Lambda):
        return ()
    line = min([node.lineno, *(item.lineno for item in node.decorator_list)]) - 1
    found: list[str] = []
    while line > 0 and module.lines[line - 1].strip().startswith("#"):
        found.insert(0, module.lines[line - 1].strip().lstrip("#").strip())
        line -= 1
    return tuple(text for text in found if not text.startswith("langferry:"))


def _tools_of(name: str, id_: str, span: Span, reason: Reason, entry: BridgeEntry) -> Function:
    """What Python knows of the tools of a node or an agent."""
    return Function(
        id_,
        f"tools of {name}",
        f"tools of {name}",
        ("tool",),
        False,
        (),
        t.AnyType(),
        (),
        None,
        (),
        span,
        "bridged",
        (reason,),
        None,
        entry,
    )


def _helper_function(helper: Helper) -> Function:
    return Function(
        helper.id,
        helper.name,
        helper.qualified_name,
        ("helper",),
        False,
        tuple(Parameter(name, kind, "positional", None) for name, kind in helper.parameters),
        helper.returns,
        (),
        helper.doc,
        (),
        helper.span,
        "native",
        (),
        helper.body,
        None,
    )
