"""Clients of web servers: `requests`, and what it makes of answers; Tavily's."""

import ast

from langferry.converter import web_tools
from langferry.converter.lower.models import Models
from langferry.converter.lower.signatures import ANY, BOOL, INT, NONE, STR
from langferry.model import ir
from langferry.model import types as t

RESPONSE = t.ClassType("requests.Response")
HEADERS = t.ClassType("requests.Headers")
TAVILY = t.ClassType("tavily.TavilyClient")

_BY_PLACE = {
    **dict.fromkeys(("delete", "head", "options"), ("url",)),
    "get": ("url", "params"),
    "patch": ("url", "data"),
    "post": ("url", "data", "json"),
    "put": ("url", "data"),
    "request": ("method", "url", "params", "data"),
}
"""The functions of `requests`, and their arguments by place."""

_OPTIONS = frozenset({"params", "data", "json", "headers", "timeout", "auth", "allow_redirects"})
_SILENT = {"verify": True, "stream": False}
"""What may be said if it is the default."""

_RAISED = frozenset(
    {
        *("RequestException", "HTTPError", "ConnectionError", "ProxyError", "SSLError", "Timeout"),
        *("ConnectTimeout", "ReadTimeout", "URLRequired", "TooManyRedirects", "MissingSchema"),
        *("InvalidSchema", "InvalidURL", "InvalidHeader", "InvalidProxyURL", "InvalidJSONError"),
        *("ChunkedEncodingError", "ContentDecodingError", "StreamConsumedError", "RetryError"),
        *("UnrewindableBodyError", "JSONDecodeError"),
    }
)
"""The exceptions of `requests`."""

_RAISED_BY_TAVILY = frozenset(
    {
        *("UsageLimitExceededError", "TavilyKeylessLimitError", "BadRequestError"),
        *("ForbiddenError", "InvalidAPIKeyError", "TimeoutError", "MissingAPIKeyError"),
        "KeylessUnsupportedEndpointError",
    }
)

_WRAPPERS = frozenset(
    {
        "langchain_community.utilities.TavilySearchAPIWrapper",
        "langchain_community.utilities.tavily_search.TavilySearchAPIWrapper",
    }
)
"""What asks Tavily for a tool; of no arguments, it has its key from the environment."""

_ASKED = {"search": "query", "extract": "urls"}
"""The methods of Tavily's client, and their first argument."""

_PARTS: dict[str, t.Type] = {
    "status_code": INT,
    "ok": BOOL,
    "reason": STR,
    "url": STR,
    "headers": HEADERS,
    "text": STR,
}


def raised_by_client(name: str) -> str | None:
    """The whole name of an exception of a client, which has several; None for anything else."""
    library, _, bare = name.partition(".")
    bare = bare.removeprefix("exceptions.").removeprefix("errors.")
    if library == "requests" and bare in _RAISED:
        return f"requests.exceptions.{bare}"
    if library == "tavily" and bare in _RAISED_BY_TAVILY:
        return f"tavily.errors.{bare}"
    return None


class WebClients(Models):
    """Lowers what is asked of web servers."""

    def web_call(self, node: ast.Call, qualified: str) -> ir.Expr | None:
        """A call of a function of `requests`, or of a class of tools or clients; None for any other."""
        found = web_tools.BY_NAME.get(qualified)
        if found is not None:
            if node.args:
                raise self.refuse("LF303", f"this form of `{qualified}` is not native", node)
            given = [
                (item.arg or "", self.expect(item.value, ANY))
                for item in node.keywords
                if not (item.arg == "api_wrapper" and self._is_usual_wrapper(item.value))
            ]
            return self.web_object(found, given, node)
        return self._requested(node, qualified)

    def _is_usual_wrapper(self, node: ast.expr) -> bool:
        """Whether it is what Tavily's tool makes by itself to ask with where it is given none."""
        if isinstance(node, ast.Name) and not self.is_local(node.id):
            bound, scope = self.scope.bindings.get(node.id, []), self.scope
            made = [
                x.value for x in scope.tree.body if isinstance(x, ast.Assign) and x.targets == bound
            ]
            if len(made) != 1 or self.meaning.is_changed(node.id) or node.id in scope.global_names:
                return False
            (node,) = made
        match node:
            case ast.Call(func=called, args=[], keywords=[]):
                return (self.resolve(called) or "") in _WRAPPERS
        return False

    def _requested(self, node: ast.Call, qualified: str) -> ir.Expr | None:
        name = qualified.removeprefix("requests.").removeprefix("api.")
        if not qualified.startswith("requests.") or name not in _BY_PLACE:
            return None
        self.check_proxies(node)
        places = _BY_PLACE[name]
        given = [*zip(places, node.args, strict=False)]
        given += [(item.arg or "", item.value) for item in node.keywords]
        names = [key for key, _ in given]
        first = ["method", "url"] if name == "request" else ["url"]
        if (
            len(node.args) > len(places)
            or len(set(names)) < len(names)
            or names[: len(first)] != first
        ):
            raise self.refuse("LF303", f"this form of `{qualified}` is not native", node)
        span = self.span(node)
        asked = [self.expect(value, STR) for _, value in given[: len(first)]]
        if name != "request":
            asked.insert(0, ir.StrLit(name.upper(), STR, span))
        lowered: list[tuple[str, ir.Expr]] = []
        for key, value in given[len(first) :]:
            if key in _OPTIONS:
                lowered.append((key, self.expect(value, ANY)))
            elif not (isinstance(value, ast.Constant) and value.value is _SILENT.get(key)):
                raise self.refuse("LF303", f"`{qualified}({key}=)` is not native", node)
        return ir.Call("requests.request", tuple(asked), tuple(lowered), RESPONSE, span)

    def check_proxies(self, node: ast.expr | ast.stmt) -> None:
        """Refuse a request where it is not known what the variables hold that tell of proxies."""
        unsure = self.meaning.unsure
        if unsure is None or any(name.upper().endswith("_PROXY") for name in unsure):
            raise self.refuse("LF303", "the program changes its environment", node)

    def part_of_answer(self, value: ir.Expr, name: str, node: ast.expr) -> ir.Expr | None:
        """`response.status_code` and the like; None for what is not known."""
        kind = _PARTS.get(name) if value.type == RESPONSE else None
        if kind is None:
            return None
        return ir.MethodCall(value, name, (), (), kind, self.span(node))

    def _special_method(self, receiver: ir.Expr, name: str, node: ast.Call) -> ir.Expr | None:
        span = self.span(node)
        if receiver.type == TAVILY and name in _ASKED:
            return self._asked_of_tavily(receiver, name, node)
        if node.keywords:
            return super()._special_method(receiver, name, node)
        match receiver.type, name, node.args:
            case t.ClassType("requests.Response"), "json", []:
                return ir.MethodCall(receiver, name, (), (), ANY, span)
            case t.ClassType("requests.Response"), "raise_for_status", []:
                return ir.MethodCall(receiver, name, (), (), NONE, span)
            case t.ClassType("requests.Headers"), "get", [key]:
                kind = t.OptionalType(STR)
                return ir.MethodCall(receiver, name, (self.expect(key, STR),), (), kind, span)
            case t.ClassType("requests.Headers"), "get", [key, default]:
                given = (self.expect(key, STR), self.expect(default, STR))
                return ir.MethodCall(receiver, name, given, (), STR, span)
        return super()._special_method(receiver, name, node)

    def _asked_of_tavily(self, client: ir.Expr, name: str, node: ast.Call) -> ir.Expr:
        given = [(_ASKED[name], value) for value in node.args]
        given += [(item.arg or "", item.value) for item in node.keywords]
        names = [key for key, _ in given]
        if len(node.args) > 1 or len(set(names)) < len(names) or _ASKED[name] not in names:
            raise self.refuse("LF303", f"this form of `{name}` is not native", node)
        lowered = tuple((key, self.expect(value, ANY)) for key, value in given)
        return ir.MethodCall(client, name, (), lowered, ANY, self.span(node))
