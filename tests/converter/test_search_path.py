"""Modules are looked for where Python would find them when the program runs."""

from pathlib import Path

from langferry.converter.project import Project


def _write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_imports_from_the_projects_top_folder(tmp_path: Path) -> None:
    _write(
        tmp_path,
        agents__writer__graph="from shared.state import State\nfrom local import x\n",
        agents__writer__local="x = 1\n",
        shared__state="State = dict\n",
    )
    (tmp_path / "pyproject.toml").write_text("")
    project = Project(tmp_path / "agents" / "writer" / "graph.py")
    found = [project.find(name) for name in ("shared.state", "local")]
    assert [module and module.file for module in found] == [
        "shared/state.py",
        "agents/writer/local.py",
    ]
    assert project.root == tmp_path
    assert project.entry.name == "graph"


def test_a_program_that_needs_nothing_above_stays_where_it_is(tmp_path: Path) -> None:
    _write(tmp_path, agents__graph="import local\n", agents__local="x = 1\n")
    (tmp_path / "pyproject.toml").write_text("")
    assert Project(tmp_path / "agents" / "graph.py").root == tmp_path / "agents"


def test_packages_without_an_init(tmp_path: Path) -> None:
    _write(tmp_path, app__sub__main="from ..state import x\n", app__state="x = 1\n")
    project = Project(tmp_path / "app" / "sub" / "main.py")
    assert project.entry.name == "app.sub.main"
    assert project.find("app.state") is not None


def test_what_lies_in_src_is_found(tmp_path: Path) -> None:
    _write(tmp_path, graph="from tool import x\n", src__tool="x = 1\n")
    assert Project(tmp_path / "graph.py").find("tool") is not None


def test_a_module_that_cannot_be_read_is_none_of_the_program(tmp_path: Path) -> None:
    _write(tmp_path, graph="import broken\n", broken="def (\n")
    project = Project(tmp_path / "graph.py")
    assert project.find("broken") is None
    assert project.unreadable["broken"].why.code == "LF102"
