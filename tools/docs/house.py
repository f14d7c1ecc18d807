"""The house for docs/architecture.md: the floors from import-linter's contract, each module by its own first sentence."""

from __future__ import annotations

import ast
import inspect
import tomllib
from pathlib import Path

from bot import errors

PRIVATE = {"__main__.py", "py.typed"}
_LANDS = {
    "facts": "the article and every statement of it, with its verbatim quote",
    "intents": "what people ask: utterances, gaps, other subjects, small talk, the lexicon",
    "examples": "a second content folder about another article",
    "tests": "mirrors `bot/`; `behaviour/` runs every scenario on every platform, `servers/` hold the loopback Telegram and Discord",
    "benchmarks": "speed, beside its peers in the same run; `latest.md` is the last run",
    "requirements": "every dependency pinned and hashed",
    "tools": "what `make` calls: environment, lock, release, image, documentation",
    "docs": "what you are reading",
}


def tree(root: Path) -> str:
    """Every module under ``bot/`` with what it says it is for, a folder a table; then the other folders."""
    parts = []
    for folder in (root / "bot", *sorted(p for p in (root / "bot").rglob("*") if p.is_dir())):
        modules = [p for p in sorted(folder.glob("*.py")) if p.name not in PRIVATE and p.stat().st_size]
        if not modules or folder.name.startswith("_"):
            continue
        init = folder / "__init__.py"
        named = [p for p in modules if p.name != "__init__.py"]
        name = folder.relative_to(root).as_posix()
        rows = [f"| [`{p.name}`](../{p.relative_to(root).as_posix()}) | {sentence_of(p)} |" for p in named]
        head = f"**`{name}/`** – {sentence_of(init)}" if init in modules else f"**`{name}/`**"
        parts.append("\n".join([head, "", "| module | what it is for |", "|---|---|", *rows]))
    others = [f"| `{name}/` | {text} |" for name, text in _LANDS.items() if (root / name).is_dir()]
    parts.append("\n".join(["**beside it**", "", "| folder | what it holds |", "|---|---|", *others]))
    return "\n\n".join(parts)


def sentence_of(path: Path) -> str:
    """The first paragraph's first line of a module's docstring, safe in a table."""
    doc = ast.get_docstring(ast.parse(path.read_bytes())) or ""
    return " ".join(doc.split("\n\n")[0].split()).replace("|", "\\|").replace("<", "&lt;")


def floors(root: Path) -> str:
    """The layers of import-linter's contract, highest first, and the other contracts in a line each."""
    table = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(c["layers"] for c in table["contracts"] if c["type"] == "layers")
    drawn = "\n".join(
        layer.replace(" : ", " · ").replace(" | ", " · ").replace("(", "").replace(")", "") for layer in layers
    )
    rules = [f"- {c['name']} (`{c['id']}`)." for c in table["contracts"]]
    return f"```text\n{drawn}\n```\n\n" + "\n".join(rules)


def error_tree() -> str:
    """The tree that ``bot/errors.py`` draws."""
    doc = inspect.getdoc(errors) or ""
    return "```text\n" + doc.split("\n\n", 1)[1].strip() + "\n```"
