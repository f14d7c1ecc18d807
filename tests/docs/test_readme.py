"""Every command of README.md and docs/operating.md works as it stands there."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from bot.engine.answer import Engine
from tests.docs.commands import Dry, Parsed, Run, blocks, commands
from tests.servers.telegram import TOKEN, BotServer

PAGES = ("README.md", "docs/operating.md")
NO_ENGINE = "no container engine can be counted on; tests/floors/test_deployment.py holds Dockerfile and compose.yaml"
BACKUP = (
    "python -c \"import sqlite3; sqlite3.connect('kopru.sqlite3').backup(sqlite3.connect('kopru-backup.sqlite3'))\""
)
COPY = "cp -r examples/kutuphane benim"
NEW = "python -m bot new haberim --article examples/kutuphane/facts/article.txt"

PLAN: Mapping[str, Run | Dry | Parsed] = {
    # README.md
    "make chat": Run(("90 gün", "Hoşça kalın!"), typed="Kazakistan'a vizesiz kaç gün kalabilirim?\n/cikis\n"),
    "make test": Dry("-m pytest", "it is what runs this"),
    ". .venv/bin/activate": Parsed("the environment is the one that runs this"),
    'python -m bot ask "Kazakistan\'a vizesiz kaç gün kalabilirim?"': Run(("90 gün", "— Cumhurbaşkanı Erdoğan")),
    'echo \'{"id": 1, "turns": ["Ticaret hacmi ne kadar?", "peki yatırım?"]}\' | python -m bot ask --jsonl': Run(
        ('"status": "answer"', "5,2 milyar dolar")
    ),
    "python -m bot doctor": Run(("✓ içerik", "✓ veritabanı", "hiç belirteç yok"), code=1, content="examples/kutuphane"),
    "make run": Parsed("a test of its own, below: it runs until it is stopped"),
    "python -m bot check": Parsed("`make check` runs it, first thing on every clone; here it would compile once more"),
    COPY: Run(()),
    "python -m bot check --content benim": Run((), after=COPY),
    'python -m bot ask --content benim "Kütüphanede kaç kitap var?"': Run(("kitap", "6 Ekim 2025"), after=COPY),
    "python -m bot report --content benim --out rapor.html": Run(("rapor.html",), after=COPY),
    f'{NEW} --title "Yeni kütüphane açıldı" --date 2025-10-06': Run(("haberim",)),
    "cp deploy.env.example .env": Run(()),
    "docker compose up --build --detach": Parsed(NO_ENGINE),
    "docker compose up --detach --scale kopru=4": Parsed(NO_ENGINE),
    "make bench": Dry("-m benchmarks", "it takes minutes"),
    "make check": Dry("lint-imports", "it is run beside this by .ci/run"),
    "make release": Dry("tools/release.py", "tests/cli/test_release.py does the same without a network"),
    "python -m tools.docs --check": Parsed("tests/docs/test_generated.py calls it"),
    # docs/operating.md
    "export KOPRU_TELEGRAM_TOKEN=123456789:the-token-from-BotFather": Run(()),
    "export KOPRU_ADMINS=telegram:42": Run(()),
    "python -m bot run": Run(("KOPRU_TELEGRAM_TOKEN",), code=2),
    "docker build -t kopru .": Parsed(NO_ENGINE),
    "docker run --env-file .env -v kopru:/data kopru": Parsed(NO_ENGINE),
    BACKUP: Run(()),
}
"""What becomes of each command; one that stands on no page, or on a page and not here, fails a test."""


def page(root: Path, name: str) -> str:
    return (root / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def place(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like the checkout and takes what the commands write."""
    folder = tmp_path_factory.mktemp("checkout")
    for entry in root.iterdir():
        if entry.name not in {".git", "benim", "haberim", ".env"} and not entry.name.endswith((".sqlite3", ".html")):
            (folder / entry.name).symlink_to(entry)
    return folder


def environment() -> dict[str, str]:
    """The developer's, with `python` being the one that runs this."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return {**env, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}", "COLUMNS": "200"}


def of_make(command: str, *options: str) -> str:
    """`make` with this environment in place of one that it would set up."""
    return command.replace("make", f"make {' '.join(options)} VENV='{sys.prefix}'", 1)


def test_every_command_has_a_plan(root: Path) -> None:
    """No command is on a page without being tried here, and none is tried that nobody reads."""
    written = {command for name in PAGES for command in commands(page(root, name))}
    assert written == PLAN.keys()


@pytest.mark.parametrize("command", [c for c, plan in PLAN.items() if isinstance(plan, Run)])
@pytest.mark.usefixtures("engine")
@pytest.mark.timeout(120)
def test_command_does_what_the_page_says(command: str, place: Path) -> None:
    """It exits as it should and says what it should, in the order of the page."""
    plan = PLAN[command]
    assert isinstance(plan, Run)
    line = of_make(command, "-o setup-runtime") if command.startswith("make ") else command
    if plan.after and not (place / plan.after.split()[-1]).exists():
        subprocess.run(["bash", "-c", plan.after], cwd=place, check=True)
    env = environment() | ({"KOPRU_CONTENT_DIR": plan.content} if plan.content else {})
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=place,
        env=env,
        input=plan.typed,
        capture_output=True,
        text=True,
        check=False,
    )
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == plan.code, said[-2000:]
    assert [text for text in plan.says if text not in said] == [], said[-2000:]
    assert "Traceback" not in said


@pytest.mark.parametrize("command", [c for c, plan in PLAN.items() if isinstance(plan, Dry)])
def test_dry_command_would_run(command: str, place: Path) -> None:
    """The target is known, and what it would call is what the page means."""
    plan = PLAN[command]
    assert isinstance(plan, Dry)
    done = subprocess.run(
        ["bash", "-c", of_make(command, "-n")], cwd=place, env=environment(), capture_output=True, text=True, check=True
    )
    assert plan.says in done.stdout


@pytest.mark.parametrize("command", [c for c, plan in PLAN.items() if isinstance(plan, Parsed)])
def test_parsed_command_is_a_command(command: str, place: Path) -> None:
    """The shell can read it, what it starts is there (where that can be told), and there is a reason why it is not run."""
    plan = PLAN[command]
    assert isinstance(plan, Parsed)
    assert len(plan.why) > 20
    subprocess.run(["bash", "-n", "-c", command], check=True)
    if command.startswith("make "):
        subprocess.run(["bash", "-c", of_make(command, "-n")], cwd=place, env=environment(), check=True)


@pytest.mark.usefixtures("engine")
async def test_make_run_serves_until_stopped(place: Path, tmp_path: Path) -> None:
    """`make run` with a token connects; Ctrl-C, which reaches make and the bot alike, ends it with exit code 0."""
    log = tmp_path / "log"
    async with BotServer() as server:
        env = {
            **environment(),
            "KOPRU_TELEGRAM_TOKEN": TOKEN,
            "KOPRU_TELEGRAM_API_URL": server.url,
            "KOPRU_DATABASE_URL": f"sqlite:///{tmp_path / 'run.sqlite3'}",
        }
        with log.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                "bash",
                "-c",
                of_make("make run", "-o setup-runtime"),
                cwd=place,
                env=env,
                stderr=file,
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(45):
                while "connected" not in log.read_text(encoding="utf-8"):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            os.killpg(process.pid, signal.SIGINT)
            await asyncio.wait_for(process.wait(), 30)
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
    assert "stopped exit=0" in log.read_text(encoding="utf-8")


def test_yaml_on_the_page_is_the_content_s_own(root: Path, engine: Engine) -> None:
    """The README's example of a fact and its intent is a piece of the content: same words, same values."""
    facts, intents = (yaml.safe_load(body) for body in blocks(page(root, "README.md"), "yaml"))
    for row in facts["facts"]:
        fact = engine.catalog.facts[row["id"]]
        assert (row["statement"], (row["quote"],), row["as_of"]) == (fact.statement, fact.quotes, fact.as_of)
        assert frozenset({row["says"]["number"]}) == fact.says["number"]
    by_id = {intent.id: intent for intent in engine.catalog.intents}
    for row in intents["intents"]:
        intent = by_id[row["id"]]
        assert (row["title"], tuple(row["facts"])) == (intent.title, intent.facts)
        assert set(row["utterances"].splitlines()) <= set(intent.utterances)
