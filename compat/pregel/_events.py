"""Streams the events of a run: langchain's, or LangGraph's own by transformers."""

from collections.abc import Callable, Sequence
from typing import Any

from langferry.compat import later
from langferry.compat._internal._config import ensure_config, patch_configurable
from langferry.compat._internal._constants import (
    CONF,
    CONFIG_KEY_CHECKPOINT_NS,
    CONFIG_KEY_STREAM_MESSAGES_V2,
    NS_SEP,
)


class Events:
    """Streams the events of a graph's runs."""

    config: Any
    stream_transformers: Sequence[Any] = ()

    def stream_events(
        self,
        input: Any,
        config: Any = None,
        *,
        version: Any = "v2",
        transformers: Sequence[Callable[..., Any]] | None = None,
        **kwargs: Any,
    ) -> Any:
        """The events of a run; with `version="v3"` a run stream that its reader drives.

        Raises:
            TypeError: For options that `version="v3"` decides on itself.
        """
        if version != "v3":
            runnable: Any = later.Runnable
            return runnable.stream_events(self, input, config, version=version, **kwargs)
        mux = self._mux(config, transformers, kwargs, is_async=False)
        chunks = self.stream(  # type: ignore[attr-defined]
            input,
            patch_configurable(config, {CONFIG_KEY_STREAM_MESSAGES_V2: True}),
            stream_mode=required_modes(mux),
            subgraphs=True,
            version="v2",
            **kwargs,
        )
        return later.GraphRunStream(iter(chunks), mux)

    def astream_events(
        self,
        input: Any,
        config: Any = None,
        *,
        version: Any = "v2",
        transformers: Sequence[Callable[..., Any]] | None = None,
        **kwargs: Any,
    ) -> Any:
        """As `stream_events`, with asyncio; to be awaited with `version="v3"`."""
        if version != "v3":
            runnable: Any = later.Runnable
            return runnable.astream_events(self, input, config, version=version, **kwargs)
        return self._astream_v3(input, config, transformers, kwargs)

    async def _astream_v3(
        self, input: Any, config: Any, transformers: Any, kwargs: dict[str, Any]
    ) -> "later.AsyncGraphRunStream":
        mux = self._mux(config, transformers, kwargs, is_async=True)
        chunks = self.astream(  # type: ignore[attr-defined]
            input,
            patch_configurable(config, {CONFIG_KEY_STREAM_MESSAGES_V2: True}),
            stream_mode=required_modes(mux),
            subgraphs=True,
            version="v2",
            **kwargs,
        )
        return later.AsyncGraphRunStream(aiter(chunks), mux)

    def _mux(
        self, config: Any, transformers: Any, kwargs: dict[str, Any], *, is_async: bool
    ) -> "later.StreamMux":
        from langferry.compat.stream import transformers as native

        decided = [key for key in ("stream_mode", "subgraphs") if key in kwargs]
        if decided:
            raise TypeError(
                "stream_events(version='v3') / astream_events(version='v3') do not accept "
                f"{', '.join(decided)}; v3 owns these (stream_mode is built from the transformer "
                "mux, subgraphs is forced True so nested namespaces flow through scoped muxes)."
            )
        for option in ("interrupt_before", "interrupt_after", "control"):
            kwargs.setdefault(option, None)
        namespace = ensure_config(self.config, config)[CONF].get(CONFIG_KEY_CHECKPOINT_NS)
        return later.StreamMux(
            factories=[
                native.ValuesTransformer,
                native.MessagesTransformer,
                native.LifecycleTransformer,
                native.SubgraphTransformer,
                *checked_factories(self.stream_transformers),
                *checked_factories(transformers),
            ],
            scope=tuple(namespace.split(NS_SEP)) if namespace else (),
            is_async=is_async,
        )


def checked_factories(specs: Sequence[Any] | None) -> "list[later.TransformerFactory]":
    """What makes transformers.

    Raises:
        TypeError: For transformers that are made already.
    """
    wants = "stream_events(version='v3') transformers must be scope-aware callables, got"
    for spec in specs or ():
        if later.is_a(spec, "StreamTransformer"):
            raise TypeError(
                f"{wants} pre-built instance {type(spec).__name__}. Pass the transformer class "
                "or a factory like `lambda scope: MyTransformer(scope, ...)`."
            )
        if not callable(spec):
            raise TypeError(f"{wants} {type(spec).__name__}.")
    return list(specs or ())


def required_modes(mux: "later.StreamMux") -> list[str]:
    """The modes that a mux's transformers need."""
    modes = {mode for one in mux._transformers for mode in one.required_stream_modes}
    return sorted(modes)
