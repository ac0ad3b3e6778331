"""TypedDicts as the dicts they are: spread, copied, gone through, asked for keys that only a run tells."""

import ast

from langferry.converter.lower.run_parts import RunParts
from langferry.converter.lower.signatures import ANY, STR
from langferry.converter.lower.state_writes import order_of_keys
from langferry.model import ir
from langferry.model import types as t


class WholeStates(RunParts):
    """Lowers what is done with a TypedDict as a whole."""

    def as_dict(self, value: ir.Expr, node: ast.expr | ast.stmt) -> ir.Expr | None:
        """A TypedDict as a new dict of whatever it holds; None for anything else."""
        kind = value.type
        if not isinstance(kind, t.RecordType) or self.records[kind.record].kind != "typed_dict":
            return None
        if self.added_keys(value):
            raise self.refuse("LF305", "the order of the keys of a state that was added to", node)
        whole = ir.Convert(value, ANY, value.span)
        return ir.Narrow(whole, t.DictType(STR, ANY), value.span)

    def written_order(self, name: str) -> tuple[str, ...] | None:
        """The keys put into the state, in their order; None where that is not certain."""
        assert self.function is not None
        return order_of_keys(self.function, name)

    def added_keys(self, base: ir.Expr) -> tuple[str, ...]:
        """The keys that may be new in `base`, unless they come in the order of its fields anyway."""
        if not isinstance(base, ir.Name) or not isinstance(base.type, t.RecordType):
            return ()
        if self.records[base.type.record].kind != "typed_dict":
            # LangGraph asks an object for one channel after the other
            return ()
        fields = [field.name for field in self.records[base.type.record].fields]
        order = self.written_order(base.name) or ()
        places = [fields.index(name) for name in order if name in fields]
        # a key that is no field is refused where it is set
        return () if len(places) == len(order) and places == sorted(places) else order
