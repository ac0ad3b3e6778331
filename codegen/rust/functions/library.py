"""The calls of pystd that stand for Python's functions and methods.

In a template, `{0}` is borrowed (`&x`, or `&str` for text), `{0!v}` owned, `{0!n}` a number where
any of `Int`, `&Int` or a literal will do, `{0!p}` a receiver, `{0!b}` borrowed if it exists already. `?` marks what can raise.
"""

STR_METHODS: dict[tuple[str, int], str] = {
    **{
        (name, 0): f"str_::{name}({{self}})"
        for name in [
            "lower",
            "upper",
            "title",
            "capitalize",
            "casefold",
            "swapcase",
            "strip",
            "lstrip",
            "rstrip",
            "split",
            "isdigit",
            "isalpha",
            "isalnum",
            "isupper",
            "islower",
            "istitle",
            "isspace",
            "isnumeric",
            "isdecimal",
            "isidentifier",
            "isprintable",
            "isascii",
        ]
    },
    **{(name, 1): f"str_::{name}_chars({{self}}, {{0}})" for name in ("strip", "lstrip", "rstrip")},
    ("rsplit", 0): "str_::split({self})",
    ("split", 1): "str_::split_on({self}, {0})?",
    ("rsplit", 1): "str_::split_on({self}, {0})?",
    ("split", 2): "str_::split_on_max({self}, {0}, {1!n})?",
    ("rsplit", 2): "str_::rsplit_on_max({self}, {0}, {1!n})?",
    ("split_words", 1): "str_::split_max({self}, {0!n})",
    ("rsplit_words", 1): "str_::rsplit_max({self}, {0!n})",
    ("splitlines", 0): "str_::splitlines({self}, false)",
    ("replace", 2): "str_::replace({self}, {0}, {1})",
    ("replace", 3): "str_::replace_max({self}, {0}, {1}, {2!n})",
    **{(name, 1): f"str_::{name}({{self}}, {{0}})" for name in ("find", "rfind", "count")},
    **{(name, 1): f"str_::{name}({{self}}, {{0}})?" for name in ("index", "rindex")},
    **{
        (name, 1): f"str_::{name}({{self}}, {{0}})"
        for name in ("startswith", "endswith", "removeprefix", "removesuffix")
    },
    ("zfill", 1): "str_::zfill({self}, {0!n})",
    ("expandtabs", 1): "str_::expandtabs({self}, {0!n})",
    **{
        (name, 1): f'str_::{name}({{self}}, {{0!n}}, " ")?' for name in ("center", "ljust", "rjust")
    },
    **{
        (name, 2): f"str_::{name}({{self}}, {{0!n}}, {{1}})?"
        for name in ("center", "ljust", "rjust")
    },
    **{(name, 1): f"str_::{name}({{self}}, {{0}})?" for name in ("partition", "rpartition")},
}

LIST_METHODS: dict[tuple[str, int], str] = {
    ("append", 1): "{self!p}.push({0!v})",
    ("extend", 1): "{self!p}.extend({0!v})",
    ("insert", 2): "list::insert(&mut {self!p}, {0!n}, {1!v})?",
    ("pop", 0): "list::pop(&mut {self!p})?",
    ("pop", 1): "list::pop_at(&mut {self!p}, {0!n})?",
    ("remove", 1): "list::remove(&mut {self!p}, {0})?",
    ("clear", 0): "{self!p}.clear()",
    ("reverse", 0): "{self!p}.reverse()",
    ("index", 1): "list::index({self}, {0})?",
    ("count", 1): "list::count({self}, {0})",
    ("copy", 0): "{self!p}.clone()",
}

DICT_METHODS: dict[tuple[str, int], str] = {
    ("pop", 1): "{self!p}.pop({0!l})?",
    ("pop", 2): "{self!p}.pop_or({0!l}, {1!v})",
    ("popitem", 0): "{self!p}.pop_item()?",
    ("setdefault", 2): "{self!p}.set_default({0!k}, {1!v})",
    ("update", 1): "{self!p}.update({0!v})",
    ("clear", 0): "{self!p}.clear()",
    ("copy", 0): "{self!p}.clone()",
}

SET_METHODS: dict[tuple[str, int], str] = {
    ("add", 1): "{self!p}.add({0!k})",
    ("discard", 1): "{self!p}.discard({0!l})",
    ("remove", 1): "{self!p}.remove({0!l})?",
    ("clear", 0): "{self!p}.clear()",
    ("copy", 0): "{self!p}.clone()",
    ("union", 1): "{self} | {0}",
    ("intersection", 1): "{self} & {0}",
    ("difference", 1): "{self} - {0}",
    ("symmetric_difference", 1): "{self} ^ {0}",
    ("issubset", 1): "{self!p}.is_subset({0})",
    ("issuperset", 1): "{self!p}.is_superset({0})",
    ("isdisjoint", 1): "!({self} & {0}).truthy()",
}

CLASS_METHODS: dict[tuple[str, str, int], str] = {
    **{
        ("re.Pattern", name, 1): f"{{self!p}}.{rust}({{0}})?"
        for name, rust in (
            ("search", "search"),
            ("match", "match_"),
            ("fullmatch", "fullmatch"),
            ("finditer", "finditer"),
            ("findall", "findall_str"),
            ("findall_any", "findall"),
        )
    },
    ("re.Pattern", "sub", 2): "{self!p}.sub({0}, {1}, 0)?",
    ("re.Pattern", "sub", 3): "{self!p}.sub({0}, {1}, {2!n})?",
    ("re.Pattern", "subn", 2): "{self!p}.subn({0}, {1}, 0)?",
    ("re.Pattern", "subn", 3): "{self!p}.subn({0}, {1}, {2!n})?",
    ("re.Pattern", "split", 1): "{self!p}.split({0}, 0)?",
    ("re.Pattern", "split", 2): "{self!p}.split({0}, {1!n})?",
    **{("re.Match", name, 0): f"{{self!p}}.{name}(0)?" for name in ("start", "end", "span")},
    **{("re.Match", name, 1): f"{{self!p}}.{name}({{0!n}})?" for name in ("start", "end", "span")},
    **{
        (name, method, 0): f"{{self!p}}.{method}()"
        for name in ("datetime.date", "datetime.datetime")
        for method in ("isoformat", "weekday", "isoweekday", "toordinal")
    },
    ("datetime.datetime", "date", 0): "{self!p}.date()",
    ("datetime.datetime", "time", 0): "{self!p}.time()",
    ("datetime.time", "isoformat", 0): "{self!p}.isoformat()",
    **{
        (name, "strftime", 1): "{self!p}.strftime({0})?"
        for name in ("datetime.date", "datetime.datetime", "datetime.time")
    },
    **{
        ("collections.Counter", name, 0): f"{{self!p}}.{name}()"
        for name in ("items", "keys", "values")
    },
    ("collections.Counter", "item", 1): "{self!p}.item({0})",
    ("collections.Counter", "most_common", 0): "{self!p}.ranked()",
    ("collections.Counter", "most_common", 1): "{self!p}.most_common({0!n})",
    ("builtins.range", "item", 1): "{self!p}.item({0!n})?",
    ("langgraph.configurable", "has", 1): "{self!p}.contains_key({0})",
    ("langgraph.configurable", "dict", 0): "{self!p}.clone()",
    ("langgraph.configurable", "item", 1): "{self!p}.item({0})?.clone()",
    ("langgraph.configurable", "get", 1): "{self!p}.get({0}).cloned().unwrap_or_default()",
    ("langgraph.configurable", "get", 2): "{self!p}.get({0}).cloned().unwrap_or({1!v})",
    ("langgraph.store.BaseStore", "get", 2): "{self!p}.get({0}, {1})?",
    ("langgraph.store.BaseStore", "put", 3): "{self!p}.put({0}, {1}, {2})?",
    ("langgraph.store.BaseStore", "delete", 2): "{self!p}.delete({0}, {1})?",
    ("langgraph.store.BaseStore", "search", 5): "{self!p}.search({0}, {1}, {2}, {3}, {4})?",
    ("langgraph.store.BaseStore", "list_namespaces", 5): (
        "{self!p}.list_namespaces({0}, {1}, {2}, {3}, {4})?"
    ),
    ("datetime.timedelta", "total_seconds", 0): "{self!p}.total_seconds()",
    **{
        ("files.Reader", name, 0): f"{{self!p}}.{name}()?"
        for name in ("read", "readline", "readlines")
    },
    ("pathlib.Path", "as_posix", 0): "{self!p}.to_string()",
    ("pathlib.Path", "is_absolute", 0): "{self!p}.is_absolute()",
    ("pathlib.Path", "joinpath", 1): "{self!p}.joinpath({0})",
    ("pathlib.Path", "join_path", 1): "{self!p}.join_path({0})",
    **{
        ("pathlib.Path", name, 1): f"{{self!p}}.{name}({{0}})?"
        for name in ("with_name", "with_suffix")
    },
    ("pathlib.Parents", "item", 1): "{self!p}.item({0!n})?",
    ("files.Reader", "close", 0): "{self!p}.close()",
    **{("files.Writer", name, 0): f"{{self!p}}.{name}()?" for name in ("flush", "close")},
    **{("files.Writer", name, 1): f"{{self!p}}.{name}({{0}})?" for name in ("write", "writelines")},
    **{
        ("requests.Response", name, 0): f"{{self!p}}.{name}()"
        for name in ("status_code", "ok", "reason", "url", "headers")
    },
    **{
        ("requests.Response", name, 0): f"{{self!p}}.{name}()?"
        for name in ("text", "json", "raise_for_status")
    },
    ("requests.Headers", "get", 1): "{self!p}.get({0})",
    ("requests.Headers", "get", 2): "{self!p}.get({0}).unwrap_or_else(|| {1!v})",
    ("requests.Headers", "item", 1): "{self!p}.item({0})?",
}

ATTRIBUTES: dict[tuple[str, str], str] = {
    ("langchain.Tool", "name"): "name().to_owned",
    ("langchain.Tool", "description"): "description().to_owned",
    ("datetime.timedelta", "days"): "days_part",
    ("datetime.timedelta", "seconds"): "seconds_part",
    ("datetime.timedelta", "microseconds"): "microseconds_part",
}
"""Where an accessor is not called as in Python."""

FAILING_ATTRIBUTES = frozenset({("pathlib.Path", "stem"), ("pathlib.Path", "suffix")})
"""Where reading may raise what Python does not."""

FUNCTIONS: dict[tuple[str, int], str] = {
    ("builtins.len", 1): "len({0})",
    ("builtins.int", 1): "int({0})?",
    ("builtins.int_base", 2): "int_base({0}, {1!n})?",
    ("builtins.float", 1): "float({0})?",
    ("builtins.is_bool", 2): "{0!p}.is_bool({1!v})",
    ("builtins.abs", 1): "abs({0})",
    ("builtins.round", 1): "round({0})?",
    ("builtins.round", 2): "round_to({0}, {1!n})?",
    ("bytes.join", 2): "{0!p}.join({1})",
    ("builtins.chr", 1): "chr({0})?",
    ("builtins.ord", 1): "ord({0})?",
    ("builtins.bin", 1): "bin({0})",
    ("builtins.oct", 1): "oct({0})",
    ("builtins.hex", 1): "hex({0})",
    ("builtins.input", 0): 'input_line("")?',
    ("builtins.input", 1): "input_line({0})?",
    ("builtins.kept_range", 1): "range({0!n})",
    ("builtins.kept_range", 2): "range_from({0!n}, {1!n})",
    ("builtins.kept_range", 3): "range_step({0!n}, {1!n}, {2!n})?",
    ("builtins.hash", 1): "hash({0})",
    ("builtins.divmod", 2): "divmod({0}, {1})?",
    ("builtins.divmod_floats", 2): "divmod_floats({0}, {1})?",
    ("os.system", 1): "os::system({0})?",
    ("time.strftime", 1): "time::strftime({0})?",
    ("module_state.get", 2): "module_state::get({0}, {1!v})",
    ("module_state.set", 2): "module_state::set({0}, {1!v})",
    ("builtins.print", 1): "print({0})?",
    ("builtins.print_error", 1): "print_error({0})?",
    **{
        (f"re.{name}", 2): f"re::{rust}({{0}}, {{1}}, re::NONE)?"
        for name, rust in (
            ("search", "search"),
            ("match", "match_"),
            ("fullmatch", "fullmatch"),
            ("finditer", "finditer"),
            ("findall", "findall_str"),
            ("findall_any", "findall"),
        )
    },
    **{
        (f"re.{name}", 3): f"re::{rust}({{0}}, {{1}}, {{2!v}})?"
        for name, rust in (
            ("search", "search"),
            ("match", "match_"),
            ("fullmatch", "fullmatch"),
            ("finditer", "finditer"),
            ("findall", "findall_str"),
            ("findall_any", "findall"),
        )
    },
    ("re.sub", 3): "re::sub({0}, {1}, {2}, 0, re::NONE)?",
    ("re.sub", 4): "re::sub({0}, {1}, {2}, 0, {3!v})?",
    ("re.split", 2): "re::split({0}, {1}, 0, re::NONE)?",
    ("re.split", 3): "re::split({0}, {1}, 0, {2!v})?",
    ("re.escape", 1): "re::escape({0})",
    ("re.compile", 1): "re::compile({0}, re::NONE)?",
    ("re.compile", 2): "re::compile({0}, {1!v})?",
    **{
        (f"math.{name}", 1): f"math::{name}({{0}})?"
        for name in [
            "sqrt",
            "exp",
            "log2",
            "log10",
            "sin",
            "cos",
            "tan",
            "log",
            "floor",
            "ceil",
            "trunc",
        ]
    },
    ("math.gcd", 2): "math::gcd({0}, {1})",
    ("math.pi", 0): "Float::from(math::PI)",
    ("math.e", 0): "Float::from(math::E)",
    ("math.inf", 0): "Float::from(f64::INFINITY)",
    ("json.dumps", 1): "json::dumps({0!b})?",
    ("json.loads", 1): "json::loads({0})?",
    ("json.failure", 3): "json::failure({0}, {1}, {2})",
    ("exceptions.class_name", 1): "{0!p}.class().to_owned()",
    ("objects.unchanging", 1): "{0!p}.unchanging()?",
    ("objects.made", 5): "langferry::objects::made({0}, {1}, {2}, {3!v}, {4!v})?",
    ("copy.copy", 1): "{0!v}",
    ("objects.dumped", 3): "langferry::objects::dumped({0}, {1}, {2})?",
    ("objects.compact_json", 1): "langferry::objects::compact_json({0})?",
    ("objects.owner", 3): "langferry::objects::owner({0}, {1}, {2})?",
    ("objects.missing", 2): "langferry::objects::missing_method({0}, {1})?",
    ("objects.not_callable", 2): "langferry::objects::not_callable({0}, {1})?",
    ("objects.without_items", 1): "langferry::objects::without_items({0})?",
    ("objects.class_name", 1): "{0!p}.class_name()",
    ("objects.class_text", 1): "{0!p}.class_text()?",
    ("enums.define_plain", 3): "enums::define({0}, enums::Kind::Plain, {1}, {2})",
    ("enums.define_text", 3): "enums::define({0}, enums::Kind::Text, {1}, {2})",
    ("enums.define_shown", 3): "enums::define({0}, enums::Kind::Shown, {1}, {2})",
    ("enums.member", 2): "enums::member({0}, {1})",
    ("enums.by_value", 3): "enums::by_value({0}, {1}, {2})?",
    ("enums.by_name", 2): "enums::by_name({0}, {1})?",
    ("enums.is_member", 2): "enums::is_member({0}, {1})",
    ("objects.with_field", 3): "langferry::objects::with_field({0!v}, {1}, {2!v})?",
    ("objects.with_own_field", 3): "langferry::objects::with_own_field({0!v}, {1}, {2!v})?",
    ("logging.asctime", 0): "logging::asctime()?",
    ("logging.traceback", 1): "logging::traceback(&{0!p})",
    ("logging.with_exception", 2): "logging::with_exception({0}, &{1!p})",
    **{
        ("logging.write", 1 + 3 * count): "logging::write({0}, &["
        + ", ".join(f"({{{n}}}, {{{n + 1}}}, {{{n + 2}}})" for n in range(1, 1 + 3 * count, 3))
        + "])?"
        for count in range(1, 5)
    },
    ("time.time", 0): "time::time()",
    ("time.perf_counter", 0): "time::perf_counter()",
    ("time.monotonic", 0): "time::perf_counter()",
    ("tenacity.raise_for", 1): "tenacity::raise_for(&{0!p})?",
    ("termcolor.colored", 2): "termcolor::colored({0}, {1})",
    ("time.sleep", 1): "time::sleep({0})?",
    ("os.getenv", 1): "os::getenv({0})?",
    ("os.getenv", 2): "os::getenv({0})?.unwrap_or_else(|| {1!v})",
    ("os.getenv_or", 2): "os::getenv({0})?.map(Value::from).unwrap_or({1!v})",
    ("os.environ", 1): "os::environ({0})?",
    **{
        (f"os.path.{name}", 1): f"os::path::{name}({{0}})"
        for name in ("exists", "isfile", "isdir", "isabs")
    },
    **{
        (f"os.path.{name}", 1): f"os::path::{name}({{0}})"
        for name in ("basename", "dirname", "normpath", "splitext")
    },
    **{(f"os.path.{name}", 1): f"os::path::{name}({{0}})?" for name in ("abspath", "getsize")},
    ("os.getcwd", 0): "os::getcwd()?",
    ("os.listdir", 0): 'os::listdir(".")?',
    ("os.listdir", 1): "os::listdir({0})?",
    ("os.makedirs", 2): "os::makedirs({0}, {1!v})?",
    ("os.remove", 1): "os::remove({0})?",
    ("os.program_file", 1): "os::program_file({0})?",
    ("pathlib.Path", 1): "pathlib::Path::new({0})",
    **{
        (f"os.path.path_{name}", 1): f"{{0!p}}.{name}()?"
        for name in ("exists", "is_file", "is_dir", "resolve", "absolute")
    },
    ("os.makedirs_of_path", 3): "{0!p}.mkdir({1!v}, {2!v})?",
    ("os.remove_path", 2): "{0!p}.unlink({1!v})?",
    ("files.write_path", 2): "{0!p}.write_text({1})?",
    ("files.write", 2): "files::open_write({0}, {1})?",
    ("messages.buffer_string", 3): "langferry::messages::buffer_string({0}, {1}, {2})?",
    ("messages.copied", 2): "langferry::messages::copied({0}, {1})?",
    ("messages.convert", 1): "langferry::messages::convert({0})?",
    ("messages.merge_runs", 2): "langferry::messages::merge_runs({0}, {1})?",
    ("messages.approximate_tokens", 1): "langferry::messages::approximate_tokens({0})?",
    ("messages.trim_first", 4): "langferry::messages::trim_first({0}, {1}, {2}, {3})?",
    ("messages.trim_last", 6): "langferry::messages::trim_last({0}, {1}, {2}, {3!v}, {4}, {5})?",
    ("settings.made", 1): "langferry::settings::Settings::made({0})?",
    **{(f"hashlib.{x}", 1): f"hashlib::{x}({{0}})" for x in ("md5", "sha1", "sha256", "sha512")},
    ("urllib.parse.quote", 1): 'urllib::quote({0}, "/")',
    ("urllib.parse.quote", 2): "urllib::quote({0}, {1})",
    ("urllib.parse.quote_plus", 1): 'urllib::quote_plus({0}, "")',
    ("urllib.parse.quote_plus", 2): "urllib::quote_plus({0}, {1})",
    ("urllib.parse.unquote", 1): "urllib::unquote({0})",
    ("urllib.parse.unquote_plus", 1): "urllib::unquote_plus({0})",
    ("uuid.uuid4", 0): "uuid::uuid4()",
    ("uuid.uuid4_hex", 0): "uuid::uuid4_hex()",
    ("datetime.datetime.now", 0): "DateTime::now()?",
    ("datetime.datetime.today", 0): "DateTime::now()?",
    ("datetime.datetime.now_utc", 0): "DateTime::now_utc()?",
    ("datetime.datetime.utcnow", 0): "DateTime::utcnow()?",
    ("datetime.date.today", 0): "Date::today()?",
    ("random.random", 0): "random::random()",
    ("random.randint", 2): "random::randint({0!n}, {1!n})?",
    ("random.uniform", 2): "random::uniform({0!n}, {1!n})?",
    ("datetime.date", 3): "Date::new({0!n}, {1!n}, {2!n})?",
    ("datetime.datetime.fromisoformat", 1): "DateTime::from_isoformat({0})?",
    ("datetime.date.fromisoformat", 1): "Date::from_isoformat({0})?",
    ("datetime.datetime.strptime", 2): "DateTime::strptime({0}, {1})?",
}

MODELS: dict[str, str] = {
    "langchain.AzureChatOpenAI": "azure_chat_openai",
    "langchain.ChatAnthropic": "chat_anthropic",
    "langchain.ChatGoogleGenerativeAI": "chat_google_generative_ai",
    "langchain.ChatGroq": "chat_groq",
    "langchain.ChatOllama": "chat_ollama",
    "langchain.ChatOpenAI": "chat_openai",
    "langchain.Ollama": "community_ollama",
    "langchain.community.ChatOllama": "community_chat_ollama",
    "langchain.OllamaLLM": "ollama_llm",
    "langchain.OpenAI": "openai_llm",
}
"""The functions of `langferry_llm` that make models."""

TOOL_NODE: dict[str, str] = {"langchain.answers": "invoke", "langchain.answer": "answer"}
"""The methods of `langferry_llm::ToolNode` that answer calls."""

WEB_OBJECTS: dict[str, str] = {
    "tavily.TavilyClient": "tavily_client",
    "tavily.TavilySearch": "tavily_search",
    "tavily.TavilySearchResults": "tavily_search_results",
}
"""The functions of `langferry_llm` that make tools and clients of web services."""

LINKS: dict[str, str] = {
    "langchain.chat_prompt": "langferry_llm::ChatPromptTemplate::from_messages({0!v})?",
    "langchain.chat_template": "langferry_llm::ChatPromptTemplate::from_template({0})?",
    "langchain.message_template": "langferry_llm::message_template({0}, {1})?",
    "langchain.text_template": "langferry_llm::PromptTemplate::from_template({0})?",
    "langchain.text_prompt": "langferry_llm::PromptTemplate::of_fields({0})?",
    "langchain.text_output": "langferry_llm::Chain::text_output()",
    "langchain.json_output": "langferry_llm::Chain::json_output()",
    "langchain.pydantic_output": "langferry_llm::Chain::pydantic_output({0!v})",
}
"""What makes prompts and parsers; templates as those of functions."""
