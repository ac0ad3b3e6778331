"""What a parser of JSON tells models of the form that they are to answer in, as LangChain words it."""

import json

ANYTHING = "Return a JSON object."
"""What one says that knows no form."""

_HEAD = """STRICT OUTPUT FORMAT:
- Return only the JSON value that conforms to the schema. Do not include any additional text, explanations, headings, or separators.
- Do not wrap the JSON in Markdown or code fences (no ``` or ```json).
- Do not prepend or append any text (e.g., do not write "Here is the JSON:").
- The response must be a single top-level JSON value exactly as required by the schema (object/array/etc.), with no trailing commas or comments.

The output should be formatted as a JSON instance that conforms to the JSON schema below.

As an example, for the schema {"properties": {"foo": {"title": "Foo", "description": "a list of strings", "type": "array", "items": {"type": "string"}}}, "required": ["foo"]} the object {"foo": ["bar", "baz"]} is a well-formatted instance of the schema. The object {"properties": {"foo": ["bar", "baz"]}} is not well-formatted.

Here is the output schema (shown in a code block for readability only — do not include any backticks or Markdown in your output):
```
"""


def format_instructions(schema: str) -> str:
    """The instructions of `JsonOutputParser` for a form with this JSON schema."""
    told = json.loads(schema)
    # which name the whole form, not what is in it
    for extra in ("title", "type"):
        told.pop(extra, None)
    return f"{_HEAD}{json.dumps(told, ensure_ascii=False)}\n```"
