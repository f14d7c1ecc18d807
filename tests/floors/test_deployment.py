"""Dockerfile, compose.yaml and their kin: parsed, since no container engine can be counted on where tests run."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings
from tools.image import Stage, stages_of


@pytest.fixture
def stages(root: Path) -> list[Stage]:
    """The Dockerfile's stages."""
    return stages_of((root / "Dockerfile").read_text(encoding="utf-8"))


@pytest.fixture
def compose(root: Path) -> dict[str, Any]:
    """compose.yaml as a value; repeated keys would be an error of the loader's."""
    loaded: dict[str, Any] = yaml.safe_load((root / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def test_image_has_stages_on_one_pinned_slim_base(stages: list[Stage]) -> None:
    """What builds is not what ships, and both stand on one exact Python."""
    assert len(stages) == 2
    (base,) = {stage.base for stage in stages}
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base)


def test_image_installs_only_hashed_pins(stages: list[Stage]) -> None:
    """Every pip install in the image checks hashes."""
    installs = [step.rest for stage in stages for step in stage.all("RUN") if "pip install" in step.rest]
    assert installs
    assert all("--require-hashes" in run and "requirements/runtime.txt" in run for run in installs)


def test_image_checks_its_content(stages: list[Stage]) -> None:
    """A broken catalog fails the build."""
    assert any("python -m bot check" in step.rest for step in stages[0].all("RUN"))


def test_image_runs_as_nobody_special_and_reports_its_health(stages: list[Stage]) -> None:
    """Not root, one writable folder, a health check on the address that it listens on."""
    last = stages[-1]
    (user,) = last.all("USER")
    assert int(user.rest.split(":")[0]) >= 1000
    assert [v.rest for v in last.all("VOLUME")] == ["/data"]
    assert last.all("RUN") == []
    (health,) = last.all("HEALTHCHECK")
    program = json.loads(health.rest.removeprefix("CMD"))
    ast.parse(program[2])
    assert "/healthz" in program[2]
    assert json.loads(last.all("ENTRYPOINT")[0].rest) == ["python", "-m", "bot"]


def test_image_copies_what_is_there_and_nothing_else(root: Path, stages: list[Stage]) -> None:
    """Every source of a COPY exists and is let through by .dockerignore, which lets nothing else through."""
    sources = [step.rest.split()[0] for step in stages[0].all("COPY")]
    ignore = (root / ".dockerignore").read_text(encoding="utf-8").split()
    assert ignore[0] == "*"
    assert sorted(sources) == sorted(line[1:] for line in ignore if line.startswith("!"))
    assert all((root / source).exists() for source in sources)


def test_dockerfile_passes_hadolint(root: Path) -> None:
    """The linter of Dockerfiles has nothing to say, where it is installed."""
    linter = shutil.which("hadolint") or shutil.which("hadolint", path=str(root / ".venv" / "bin"))
    if linter is None:
        pytest.skip("hadolint is packaged for x86-64 Linux only")
    done = subprocess.run([linter, "Dockerfile"], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""


def test_compose_has_database_two_replicas_and_balancer(compose: dict[str, Any]) -> None:
    """Two replicas wait for a healthy PostgreSQL and stand behind the only open ports."""
    services = compose["services"]
    assert set(services) == {"database", "kopru", "balancer"}
    assert services["kopru"]["deploy"]["replicas"] == 2
    assert services["kopru"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert [name for name, service in services.items() if "ports" in service] == ["balancer"]
    assert all(":" in services[name]["image"] for name in ("database", "balancer"))


def test_compose_refers_only_to_what_it_declares(compose: dict[str, Any]) -> None:
    """Volumes, configs and services that are named are there."""
    for service in compose["services"].values():
        named = [v.split(":")[0] for v in service.get("volumes", [])]
        assert set(named) <= set(compose["volumes"])
        assert {c["source"] for c in service.get("configs", [])} <= set(compose["configs"])
        assert set(service.get("depends_on", [])) <= set(compose["services"])


def test_compose_variables_are_in_the_example(root: Path) -> None:
    """Whoever copies deploy.env.example to .env is asked for everything that compose.yaml wants."""
    text = (root / "compose.yaml").read_text(encoding="utf-8").replace("$$", "")
    example = (root / "deploy.env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+)", text)) == set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_compose_settings_are_read(compose: dict[str, Any]) -> None:
    """The bot understands every variable that compose.yaml sets: a misspelt one would change nothing, silently."""
    env = compose["services"]["kopru"]["environment"]
    filled = {"KOPRU_ADMINS": "telegram:1", "KOPRU_TELEGRAM_WEBHOOK_URL": "https://bot.example.org/telegram"}
    values = {k: filled.get(k, v if "${" not in v else re.sub(r"\$\{[^}]*\}", "x1", v)) for k, v in env.items()}
    changed = [name for name in values if Settings.read(values) == Settings.read({**values, name: ""})]
    assert changed == []
    assert Settings.read(values).shared


def test_editor_settings_point_to_real_files(root: Path) -> None:
    """VS Code finds the schema of the content files, which fits every one of them by its path."""
    settings = json.loads((root / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    for schema, patterns in settings["yaml.schemas"].items():
        json.loads((root / schema).read_text(encoding="utf-8"))
        assert all(list(root.glob(pattern)) for pattern in patterns)


def test_commit_hooks_run_what_the_checks_run(root: Path) -> None:
    """Every step of `make check` is a hook of pre-commit's, with the same tool."""
    hooks = yaml.safe_load((root / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    asked = {h["entry"].replace(".venv/bin/python", "$(PY)").replace(".venv/bin", "$(VENV)/bin") for h in hooks}
    recipe = (root / "Makefile").read_text(encoding="utf-8").split("\ncheck:")[1].split("\n\n")[0]
    steps = {line.strip().removesuffix(" .") for line in recipe.splitlines()[1:]}
    assert asked >= steps - {"$(PY) -m bot check"}
    assert steps == asked


def test_python_versions_agree(root: Path, stages: list[Stage]) -> None:
    """pyproject, the set-up script, ruff and mypy name one oldest Python, and the image's is not older."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    oldest = project["project"]["requires-python"].removeprefix(">=")
    assert project["tool"]["mypy"]["python_version"] == oldest
    assert project["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    assert f"OLDEST = ({oldest.replace('.', ', ')})" in (root / "tools" / "venv.py").read_text(encoding="utf-8")
    image = tuple(map(int, stages[0].base.split(":")[1].split("-")[0].split(".")))
    assert image >= tuple(map(int, oldest.split(".")))
