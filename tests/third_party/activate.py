"""A pytest plugin that puts the shim in LangGraph's place before anything imports it."""

import langferry.compat

langferry.compat.install()
