"""What of a module runs only where it is a script."""

import ast

import pytest

from langferry.converter.module_scope import only_in_scripts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("if __name__ == '__main__':\n    run()", 1),
        ("def main(): pass\nif __name__ == '__main__':\n    main()", 2),
        ("def main(): pass\nmain()", 0),
        ("if __name__ != '__main__':\n    run()", 0),
        ("if __name__ == '__main__':\n    run()\nelse:\n    serve()", 0),
        ("if __name__ in NAMES:\n    run()", 0),
    ],
)
def test_only_in_scripts(text: str, count: int) -> None:
    assert len(only_in_scripts(ast.parse(text))) == count
