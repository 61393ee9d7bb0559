"""Small faults: which can be put into a module, and where.

`<` becomes `<=`, `and` becomes `or`, a number grows by one, a condition is turned round, a call is left out.
"""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import ROOT

SOURCE = ROOT / "src"
PACKAGES = ("answering", "index", "text", "session", "render", "chat")
_SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the node of this number in a walk over the module, and what it becomes."""

    path: Path
    node: int
    line: int
    before: str
    after: str

    @property
    def module(self) -> str:
        """The name it is imported by."""
        return ".".join(self.path.relative_to(SOURCE).with_suffix("").parts)

    @property
    def package(self) -> str:
        """The one of PACKAGES that its module is in."""
        return self.path.relative_to(SOURCE / "assemblybot").parts[0]

    def tree(self) -> ast.Module:
        """The changed module."""
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        node = list(ast.walk(tree))[self.node]
        _become(node, _changed(node))
        return ast.fix_missing_locations(tree)

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}  {self.before}  ->  {self.after}"


def _changed(node: ast.AST) -> ast.AST | None:
    """The node with a fault in it; None where this kind of node gets none."""
    new = copy.copy(node)
    match new:
        case ast.Compare(ops=[one]):
            new.ops = [_SWAPPED[type(one)]()]
        case ast.BoolOp():
            new.op = ast.Or() if isinstance(new.op, ast.And) else ast.And()
        case ast.UnaryOp(op=ast.Not()):
            return new.operand
        case ast.BinOp() if type(new.op) in _OPERATORS:
            new.op = _OPERATORS[type(new.op)]()
        case ast.Constant(value=bool()):
            new.value = not new.value
        case ast.Constant(value=int() | float() as value):
            new.value = value + 1
        case (
            ast.If(test=ast.Name() | ast.Attribute() | ast.Call())
            | ast.IfExp(test=ast.Name() | ast.Attribute())
        ):
            new.test = ast.UnaryOp(ast.Not(), new.test)
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            new.func = ast.Name(_CALLS[name], ast.Load())
        case ast.Expr(value=ast.Call() | ast.Await()):
            new.value = ast.Constant(None)
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            new.value = ast.Constant(None)
        case _:
            return None
    return new


def _become(node: ast.AST, new: ast.AST | None) -> None:
    """Make `node` the other one, in the tree where it stands."""
    assert new is not None
    node.__class__ = new.__class__
    node.__dict__.clear()
    node.__dict__.update(new.__dict__)


def _left_out(tree: ast.AST) -> set[int]:
    """Nodes in annotations, decorators, logging calls and error messages: a test would repeat the code."""
    out: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        match node:
            case ast.AnnAssign() | ast.arg():
                parts = [node.annotation]
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                parts = [node.returns, *node.decorator_list]
            case ast.ClassDef():
                parts = [*node.decorator_list]
            case ast.Raise():
                parts = [node.exc]
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="_LOG")))):
                parts = [node]
            case ast.Assign(targets=[ast.Name(id=name)]) if name.endswith("VERSION"):
                parts = [node]
        out |= {id(inner) for part in parts if part for inner in ast.walk(part)}
    return out


def mutants(path: Path) -> Iterator[Mutant]:
    """Every place of a module where a fault can be put."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = _left_out(tree)
    for number, node in enumerate(ast.walk(tree)):
        if id(node) not in left_out and (new := _changed(node)):
            line = getattr(node, "lineno", 0)
            yield Mutant(path, number, line, _first_line(node), _first_line(new))


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0][:90]


def drawn(places: int, seed: int, only: str) -> list[Mutant]:
    """So many mutants of all packages, or of those below `only`, in an order that the seed decides."""
    modules = [
        path for package in PACKAGES for path in sorted((SOURCE / "assemblybot" / package).rglob("*.py"))
    ]
    every = [mutant for path in modules if path.name != "__init__.py" for mutant in mutants(path)]
    chosen = random.Random(seed).sample(every, min(places, len(every)))
    return [mutant for mutant in chosen if only in str(mutant.path.relative_to(SOURCE))]
