"""The form of `runtime/crates/llm/tests/wire/forms.py` that agents answer in."""

from pydantic import BaseModel


class Step(BaseModel):
    """One step."""

    text: str
    minutes: int = 5
