# ruff: noqa
# (written as users write)
"""`rich.print`, where it writes no colours."""

from typing import Any

from rich import print
from rich.console import Console

WIDE = "中文字符 and 👩‍👩‍👧 " * 9


def shown(text: str, n: int, x: float) -> int:
    print()
    print(text)
    print("[bold red]n:[/bold red]", n, x, None, n == 3, sep=" | ")
    print(f"[green]--- {text!r:>12}[/green] [{n}] :smile: {n:05d}", end="")
    print("", text, sep="\n")
    return len(text)


console = Console()


def by_console(text: str, n: int) -> None:
    console.print(f"[bold]{text}[/bold]", n, style="bold red", highlight=False)
    console.print()
    mine = Console()
    mine.print("a", text * n, "b" * 90, sep="-", style="dim")
    mine.print(text, end="", style="white on blue")


def unknown_style(text: str) -> None:
    console.print(text, style="nothing.like.this")


def of_a_console_of_its_own(text: str) -> None:
    narrow = Console(width=20)
    narrow.print(text)


def refused_tags(text: str) -> str:
    try:
        print(f"a {text} b")
    except Exception as error:
        return str(error)
    return "fine"


def wide() -> None:
    print(WIDE)
    print("⚠️ " * 50)


def of_anything(anything: Any) -> None:
    print(anything)


def of_items(items: list[str]) -> None:
    print(items)


LONG = "the quick brown fox jumps over the lazy dog " * 5

CASES = {
    "by_console": [("x", 1), ("some words [1] and more :smile:", 9)],
    "shown": [
        (text, n, 0.5)
        for n, text in enumerate(
            [
                "",
                "plain",
                LONG,
                "x" * 200,
                "  lead " + "y" * 90 + "   trail   ",
                "tab\tto\tthe\tnext\n\n" + "\t" * 12 + "end\n",
                "[b]x[/b] [1] [not a tag] \\[b] \\\\[b]y[/] [link=http://a.b]z[/link]",
                ":smile: :smile-text: :SMILE: :nothing: a:b 10:30:45 ::: :a b:",
                "bell\x07 and return\r\n",
                LONG.replace(" ", "\u3000"),
                "日本語" * 40,
                "e\u0301" * 100,
                "🇩🇪 🏳️‍🌈 " * 20,
            ]
        )
    ],
    "refused_tags": [("[/b]",), ("[/]",), ("[b]x",), ("[b]x[/B ]",), ("[/x=1]",)],
    "wide": [()],
}
REFUSED = {
    "of_anything": "LF303",
    "of_items": "LF303",
    "unknown_style": "LF303",
    "of_a_console_of_its_own": "LF303",
}
