"""Reads the source as text and says where it breaks the plan of docs/architecture.md.

Nothing is imported or run: the code is parsed, so imports inside functions count like any other.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

#: From the ground up; a floor may import itself and those before it.
FLOORS = ("layers", "investment", "geoportal")
#: Where SQL and PostGIS functions live.
SQL_ROOM = ("layers", "postgis")
#: Modules and rooms of these names hold the domain and never meet REST framework or HTTP.
DOMAIN = {"models", "querysets", "services"}
HTTP = (
    "django.http",
    "django.shortcuts",
    "django.views",
    "rest_framework",
    "rest_framework_gis",
)
LEAFLET_FOLDER = Path("static/js/map/leaflet")
MAX_LINES = 400
#: What people write and read; data, catalogues of messages and generated files are not counted.
COUNTED = {".py", ".js", ".css", ".html", ".sh"}
COUNTED_FOLDERS = (*FLOORS, "static", "templates", "tests", "script", "fixtures")


@dataclass(frozen=True)
class Finding:
    """One place that breaks one rule."""

    rule: str
    path: str
    line: int
    detail: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.detail}"


@dataclass(frozen=True)
class Import:
    """A dotted module, the names taken from it (none for `import x`), and where."""

    module: str
    names: tuple[str, ...]
    line: int


class Module:
    """A Python file of one of the floors."""

    def __init__(self, root: Path, path: Path):
        self.path = path.relative_to(root)
        parts = self.path.with_suffix("").parts
        self.is_package = parts[-1] == "__init__"
        self.parts = parts[:-1] if self.is_package else parts
        self.name = ".".join(self.parts)
        self.tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))

    @property
    def floor(self) -> str:
        return self.parts[0]

    @property
    def room(self) -> str:
        return ".".join(self.parts[:2])

    @cached_property
    def imports(self) -> list[Import]:
        return [found for node in ast.walk(self.tree) for found in self._imports_of(node)]

    def _imports_of(self, node: ast.AST) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, (), node.lineno)
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            yield Import(self._absolute(node), names, node.lineno)
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield Import(first.value, (), node.lineno)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.parts if self.is_package else self.parts[:-1]
        above = package[: len(package) - (node.level - 1)]
        return ".".join((*above, *((node.module,) if node.module else ())))

    @cached_property
    def strings(self) -> list[tuple[str, int]]:
        """Text constants with their lines; bare strings such as docstrings are prose."""
        prose = {
            id(node.value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        return [
            (node.value, node.lineno)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in prose
        ]


def _called(node: ast.Call) -> str:
    target = node.func
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


def findings(root: Path) -> list[Finding]:
    """Every place below `root` that breaks the plan."""
    modules = [
        Module(root, path)
        for floor in FLOORS
        for path in sorted((root / floor).rglob("*.py"))
        if "migrations" not in path.parts
    ]
    found: list[Finding] = []
    for module in modules:
        found += upward_imports(module)
        found += http_in_domain(module)
        found += sql_outside_its_room(module)
    return [*found, *room_cycles(modules), *leaflet_outside_its_folder(root), *long_files(root)]


# --- floors ---------------------------------------------------------------------------------


def upward_imports(module: Module) -> Iterator[Finding]:
    """Imports of a higher floor, and names of its models or modules in texts."""
    above = FLOORS[FLOORS.index(module.floor) + 1 :]
    if not above:
        return
    for found in module.imports:
        if found.module.split(".")[0] in above:
            yield Finding("upward import", str(module.path), found.line, found.module)
    named = re.compile(rf"(?:{'|'.join(above)})(?:\.\w+)+")
    for text, line in module.strings:
        if named.fullmatch(text):
            yield Finding("upward import", str(module.path), line, f"named in a text: {text}")


def http_in_domain(module: Module) -> Iterator[Finding]:
    """REST framework or HTTP in models, querysets or services."""
    if not DOMAIN & set(module.parts):
        return
    for found in module.imports:
        for banned in HTTP:
            taken = {found.module, *(f"{found.module}.{name}" for name in found.names)}
            if any(name == banned or name.startswith(f"{banned}.") for name in taken):
                yield Finding("http in the domain", str(module.path), found.line, found.module)
                break


# --- SQL ------------------------------------------------------------------------------------

_POSTGIS_FUNCTION = re.compile(r"\bST_[A-Za-z]\w*")
_SQL_CALLS = {"RawSQL", "cursor", "execute", "executemany", "copy_expert", "raw", "extra"}


def sql_outside_its_room(module: Module) -> Iterator[Finding]:
    """PostGIS functions by name, raw SQL and database cursors outside layers/postgis/."""
    if module.parts[:2] == SQL_ROOM:
        return
    for text, line in module.strings:
        if match := _POSTGIS_FUNCTION.search(text):
            yield Finding("SQL outside its room", str(module.path), line, match[0])
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _called(node) in _SQL_CALLS:
            yield Finding("SQL outside its room", str(module.path), node.lineno, _called(node))


# --- rooms ----------------------------------------------------------------------------------


def room_cycles(modules: list[Module]) -> Iterator[Finding]:
    """Rooms that import each other, directly or by way of others."""
    edges = _room_edges(modules)
    for cycle in _cycles(edges):
        for here, there in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
            path, line = edges[here][there]
            yield Finding("rooms in a circle", path, line, " → ".join((*cycle, cycle[0])))


def _room_edges(modules: list[Module]) -> dict[str, dict[str, tuple[str, int]]]:
    """For each room the rooms it imports, with the first place that does."""
    by_name = {module.name: module for module in modules}
    edges: dict[str, dict[str, tuple[str, int]]] = {}
    for module in modules:
        for found in module.imports:
            for target in _origins(found, by_name):
                if target.room != module.room and len(module.parts) > 1 and len(target.parts) > 1:
                    place = (str(module.path), found.line)
                    edges.setdefault(module.room, {}).setdefault(target.room, place)
    return edges


def _origins(found: Import, by_name: dict[str, Module]) -> Iterator[Module]:
    """The modules that define what is imported; names handed on are followed to their source.

    `from layers.models import District` is a tie to layers.records, where District is written.
    """
    if not found.names:
        if found.module in by_name:
            yield by_name[found.module]
        return
    for name in found.names:
        if submodule := by_name.get(f"{found.module}.{name}"):
            yield submodule
        elif module := by_name.get(found.module):
            handed_on = [i for i in module.imports if name in i.names and i.module in by_name]
            if handed_on and handed_on[0].module != found.module:
                yield from _origins(Import(handed_on[0].module, (name,), found.line), by_name)
            else:
                yield module


def _cycles(edges: dict[str, dict]) -> list[tuple[str, ...]]:
    """One shortest way round for each knot of rooms, told once."""
    found: dict[frozenset, tuple[str, ...]] = {}
    for start in sorted(edges):
        if way := _way_back(edges, start):
            found.setdefault(frozenset(way), way)
    return list(found.values())


def _way_back(edges: dict[str, dict], start: str) -> tuple[str, ...] | None:
    ways, seen = [(start,)], {start}
    while ways:
        way = ways.pop(0)
        for following in sorted(edges.get(way[-1], ())):
            if following == start:
                return way
            if following not in seen:
                seen.add(following)
                ways.append((*way, following))
    return None


# --- the front end, and length --------------------------------------------------------------

_SPECIFIER = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']""")
_GLOBAL_L = re.compile(r"\b(?:window|globalThis|self)\.L\b")
_SCRIPT_TAG = re.compile(r"<script[^>]*\bleaflet[^>]*\.js\b", re.IGNORECASE)


def leaflet_outside_its_folder(root: Path) -> Iterator[Finding]:
    """Imports of Leaflet, or of the global it leaves, anywhere but in its own folder."""
    for path in sorted((root / "static").rglob("*.js")):
        relative = path.relative_to(root)
        if LEAFLET_FOLDER in relative.parents:
            continue
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            taken = [s for s in _SPECIFIER.findall(text) if _is_leaflet(relative, s)]
            if taken or _GLOBAL_L.search(text):
                yield Finding("Leaflet outside its folder", str(relative), line, text.strip())
    for path in sorted((root / "templates").rglob("*.html")):
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if _SCRIPT_TAG.search(text):
                place = str(path.relative_to(root))
                yield Finding("Leaflet outside its folder", place, line, text.strip())


def _is_leaflet(importer: Path, specifier: str) -> bool:
    """True for the package by name or below vendor/; our own adapter may be imported."""
    if specifier.startswith("."):
        return "vendor/leaflet" in specifier
    return specifier.split("/", maxsplit=1)[0] == "leaflet" or "vendor/leaflet" in specifier


def long_files(root: Path) -> Iterator[Finding]:
    """Files longer than MAX_LINES, migrations aside."""
    for folder in COUNTED_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in COUNTED or "migrations" in path.parts or not path.is_file():
                continue
            count = len(path.read_text(encoding="utf-8").splitlines())
            if count > MAX_LINES:
                relative = str(path.relative_to(root))
                yield Finding("long file", relative, MAX_LINES + 1, f"{count} lines")
