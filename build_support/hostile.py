"""Runs the converter over files that were not made for it, and over files made to break out of it.

    python build_support/hostile.py [--sample N] [--only REGEX] [--jobs N]

The files are those of CPython's own test suite and those of `hostile_sources`. Each must give a model
or a coded error, within limits of time and memory. Whatever Python does meanwhile is watched by an
audit hook: no code of the file's may run, nothing may be started or written but what the converter
itself keeps. Of a program that converts, the crate's code must hold none of the words that the file
tried to bring into it.
"""

import argparse
import os
import re
import resource
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from hostile_sources import ACTING, sources

ROOT = Path(__file__).parents[1]
SECONDS = 60
"""Of CPU, what one file may take."""
BYTES = 6 * 1024**3
"""Of address space, what the converter may take."""

_STARTS = ("os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.")
_CHANGES = ("os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "shutil.")
_REACHES = ("ctypes.", "ftplib.", "http.", "smtplib.", "socket.", "urllib.", "webbrowser.")


class Watch:
    """An audit hook that notes what analysis must never do."""

    def __init__(self) -> None:
        self.file = ""
        """The file under analysis; nothing is noted without one."""
        self.folder = ""
        """Where writing is allowed."""
        self.seen: list[str] = []
        # asking for it takes a lock, which whoever is watched may hold
        self._temporary = f"{tempfile.gettempdir()}/langferry-"
        sys.addaudithook(self._note)

    def _note(self, event: str, args: tuple[object, ...]) -> None:
        if not self.file:
            return
        if event == "exec":
            if _is_foreign(args[0]):
                self.seen.append(f"exec of {args[0]!r}")
        elif event == "open":
            path, mode, flags = args
            writes = isinstance(mode, str) and re.search("[wax+]", mode)
            writes = writes or (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR))
            if writes and not self._allowed(path):
                self.seen.append(f"open of {path!r} to write")
        elif event.startswith(_CHANGES):
            # what `shutil.rmtree` removes it names by open folders, and itself by its path
            if isinstance(args[-1], int) and args[-1] >= 0 and event != "os.mkdir":
                return
            if not any(self._allowed(item) for item in args):
                self.seen.append(f"{event} of {args[0]!r}")
        elif event == "subprocess.Popen":
            if Path(str(args[0])).name != "rustfmt":
                self.seen.append(f"start of {args[0]!r}")
        elif event.startswith((*_STARTS, *_REACHES)):
            self.seen.append(event)

    def _allowed(self, path: object) -> bool:
        text = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else str(path)
        return text == os.devnull or text.startswith((self.folder, self._temporary))


def _is_foreign(code: object) -> bool:
    """Whether code is neither the converter's nor that of the packages it uses."""
    name = getattr(code, "co_filename", "")
    if name == "<string>":
        # dataclasses and named tuples make their methods of text
        return bool({"open", "run", "system", "import_module"} & set(getattr(code, "co_names", ())))
    own = (sys.prefix, sys.base_prefix, str(ROOT), "<frozen ")
    return "/test/" in name or not name.startswith(own)


def main() -> int:
    """Convert every file; 1 when one of them broke a rule."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", type=int, help="every how manyth file that does not act")
    parser.add_argument("--only", type=re.compile, help="files whose path this regex finds")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        made, others = _files(Path(folder))
        jobs = [*made, *others[:: options.sample or 1]]
        if options.only is not None:
            jobs = [path for path in jobs if options.only.search(str(path))]
        with ProcessPoolExecutor(options.jobs, initializer=_begin, initargs=(folder,)) as pool:
            results = []
            for result in pool.map(_examine, jobs, chunksize=4):
                results.append(result)
                if len(results) % 100 == 0:
                    print(f"{len(results)} of {len(jobs)} files", file=sys.stderr, flush=True)
    outcomes = Counter(outcome for _, outcome, _, _ in results)
    print(f"{len(results)} files: " + ", ".join(f"{n} {x}" for x, n in outcomes.most_common()))
    slowest = max(results, key=lambda item: item[3])
    print(f"slowest: {slowest[0]} ({slowest[3]:.1f} s of CPU)")
    broken = [item for item in results if item[2]]
    for name, _, why, _ in broken:
        print(f"{name}: {why}")
    return 1 if broken else 0


def _files(folder: Path) -> tuple[list[Path], list[Path]]:
    """The built files that would do something, then all others and those of CPython's test suite."""
    import test

    found: tuple[list[Path], list[Path]] = [], []
    for group, files in enumerate((ACTING, sources())):
        for name, text in files.items():
            place = folder / "made" / name
            place.mkdir(parents=True)
            (place / "program.py").write_bytes(text)
            found[group].append(place / "program.py")
    found[1].extend(sorted(Path(test.__file__).parent.rglob("*.py")))
    return found


_watch: Watch


def _begin(folder: str) -> None:
    global _watch
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    signal.signal(signal.SIGXCPU, _too_long)
    signal.signal(signal.SIGPROF, _too_long)
    place = Path(folder) / f"worker-{os.getpid()}"
    place.mkdir()
    os.chdir(place)
    _watch = Watch()
    _watch.folder = folder
    # once without the watch, for what the converter imports when it is first used
    example = ROOT / "examples" / "ticket_triage" / "ticket_triage.py"
    _convert(example, place / "types")


def _too_long(signum: int, frame: object) -> None:
    raise TimeoutError


def _examine(path: Path) -> tuple[str, str, str, float]:
    """The file, what became of it, which rule it broke, and the CPU seconds it took."""
    started = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    _watch.seen.clear()
    _watch.file = str(path)
    broken = ""
    try:
        outcome, broken = _convert(path, Path.cwd() / "types")
    except TimeoutError:
        outcome, broken = "timeout", f"took more than {SECONDS} s"
    except BaseException:
        outcome, broken = "crash", traceback.format_exc()[-2000:]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        _watch.file = ""
    seen = [*_watch.seen, *(str(mark) for mark in Path.cwd().rglob("INJECTED*"))]
    seen += [str(mark) for mark in path.parent.glob("INJECTED*")]
    if seen and not broken:
        broken = f"did {seen[:5]}"
    name = f"{path.parent.name}/{path.name}"
    return name, outcome, broken, time.process_time() - started


def _convert(path: Path, types: Path) -> tuple[str, str]:
    from langferry import codegen
    from langferry.converter import analyse, read_source
    from langferry.diagnostics import Failure

    try:
        program = analyse(path, cache_dir=types)
        errors = [item for item in program.diagnostics if item.severity == "error"]
        if errors:
            return errors[0].code, ""
        # a program may be read with the modules beside it
        top = next(x for x in path.parents if all((x / y.path).is_file() for y in program.files))
        texts = {item.path: read_source(top / item.path).decode() for item in program.files}
        options = codegen.CrateOptions(ROOT / "runtime", path.parent / "crate")
        files = codegen.generate_crate(program, texts, options)
    except Failure as failure:
        return failure.diagnostic.code, ""
    return "converts", _escaped(files)


def _escaped(files: dict[str, str]) -> str:
    """Where a text of the program stands as code of the crate; empty if nowhere."""
    for name, text in files.items():
        if Path(name).is_absolute() or ".." in Path(name).parts:
            return f"the path {name!r}"
        if name.endswith(".rs") and _INJECTED.search(_code_only(text)):
            return f"INJECTED is code in {name}"
        if name == "Cargo.toml":
            manifest = tomllib.loads(text)
            if set(manifest.get("dependencies", {})) - {"langferry"} or "INJECTED" in str(
                manifest.keys()
            ):
                return f"{name} says {manifest!r}"
    return ""


_INJECTED = re.compile(r"\bINJECTED\b")
"""The word by itself: a name that was made of the letters of a string is a name still."""

_RUST = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | r(?P<hashes>\#*)".*?"(?P=hashes) | b?"(?:\\.|[^"\\])*"
    | '(?:\\(?:u\{[0-9a-f]+\}|x..|.)|[^'\\])'""",
    re.VERBOSE | re.DOTALL,
)


def _code_only(text: str) -> str:
    """Rust without its comments, strings and characters."""
    return _RUST.sub(" ", text)


if __name__ == "__main__":
    sys.exit(main())
