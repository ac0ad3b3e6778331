"""Stands in for `langgraph.channels`."""

from langferry.compat.channels.any_value import AnyValue
from langferry.compat.channels.base import BaseChannel
from langferry.compat.channels.binop import BinaryOperatorAggregate
from langferry.compat.channels.delta import DeltaChannel
from langferry.compat.channels.ephemeral_value import EphemeralValue
from langferry.compat.channels.last_value import LastValue, LastValueAfterFinish
from langferry.compat.channels.named_barrier_value import (
    NamedBarrierValue,
    NamedBarrierValueAfterFinish,
)
from langferry.compat.channels.topic import Topic
from langferry.compat.channels.untracked_value import UntrackedValue

__all__ = (
    "AnyValue",
    "BaseChannel",
    "BinaryOperatorAggregate",
    "DeltaChannel",
    "EphemeralValue",
    "LastValue",
    "LastValueAfterFinish",
    "NamedBarrierValue",
    "NamedBarrierValueAfterFinish",
    "Topic",
    "UntrackedValue",
)
