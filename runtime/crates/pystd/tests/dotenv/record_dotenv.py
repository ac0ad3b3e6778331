"""Records what python-dotenv reads of files, for the test of `src/os/dotenv.rs`.

Run it with a Python that has python-dotenv 1.2: `python record_dotenv.py`.
"""

import io
import json
import os
from pathlib import Path

from dotenv import dotenv_values

TEXTS = [
    "",
    "A=b",
    "A=b\nB=c\n",
    "A = b # no\nB=c#yes\nC= # no\nD=\nE",
    "export A=b\nexport\tB='c d'\nexported=1\nexport=2",
    "# A=b\n  # indented\n\nB=c",
    "A='it\\'s'\nB=\"a\\n\\t\\\"b\\\\\"\nC='a\\nb'\nD=\"\\x\"",
    "A='first\nsecond'\nB=\"first\n\nthird\" # c\nC=d",
    "A='open\nB=c",
    'A="open\nB=c',
    "A='b' c\nB=d",
    "'A b'=c\n''=d\n'B=e",
    "=b\nA=c",
    "A b=c\nB=d",
    "A=b\r\nB=c\rC=d\r\n",
    "A=  spaced out  \nB=a  #b  #c\nC=#d",
    "\ufeffA=b",
    "A=1\nB=${A}2\nC=${D:-x}${D}\nD=3\nE=${A:+y}\nF=$A\nG='${A}'\nH=${A",
    "A=1\nA=2\nB=${A}",
    "A\nB=${A}\nC=${A:-z}",
    "ü=é\nB=\u00a0x\u00a0",
    "A=b\x1c#c\nB=\x0bd",
    "A: b\nB==c\nC=d=e",
    "A=b\\\nB=c",
]


def main() -> None:
    """Writes the recording."""
    os.environ.clear()
    read = [[text, list(dotenv_values(stream=io.StringIO(text)).items())] for text in TEXTS]
    lines = ",\n".join(json.dumps(item) for item in read)
    Path(__file__).with_name("recording.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
