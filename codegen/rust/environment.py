"""`src/environment.rs`: what the program does to its environment before it runs."""

from collections.abc import Sequence

from langferry.codegen.rust.literals import string
from langferry.codegen.rust.templating import render
from langferry.model.program import EnvironmentSetting


def environment_file(settings: Sequence[EnvironmentSetting]) -> str:
    """The text of the file."""
    return render("environment.rs", settings=[_setting(item) for item in settings])


def _setting(setting: EnvironmentSetting) -> str:
    name, value = string(setting.name), string(setting.value)
    overrides = str(setting.overrides).lower()
    match setting.kind:
        case "set":
            return f"Setting::Set({name}, {value})"
        case "default":
            return f"Setting::Default({name}, {value})"
        case "needed":
            return f"Setting::Needed({name})"
        case "find":
            return f"Setting::Found {{ folder: {name}, overrides: {overrides} }}"
        case "beside":
            return f"Setting::Beside {{ path: {name}, overrides: {overrides} }}"
        case "copy":
            return f"Setting::Copied {{ name: {name}, from: {value}, default: None }}"
        case "copy_or":
            default = string(setting.default)
            return f"Setting::Copied {{ name: {name}, from: {value}, default: Some({default}) }}"
    return f"Setting::Loaded {{ path: {name}, overrides: {overrides} }}"
