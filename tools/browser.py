"""A headless Chromium driven over WebDriver, and the command that takes the report's pictures with it.

``python -m tools.browser PAGE.html FOLDER`` writes one picture each for phone and desktop, light and dark.
Needs ``chromium`` and ``chromedriver`` (Debian: packages chromium and chromium-driver); nothing from PyPI.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIZES = {"phone": (390, 844), "desktop": (1000, 760)}
_STARTED = re.compile(r"started successfully on port (\d+)")
_TIMEOUT_S = 60
_PAINTED = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)))"


def missing() -> str:
    """Which program is missing here; empty when a browser can be started."""
    return next((name for name in ("chromium", "chromedriver") if shutil.which(name) is None), "")


class Browser:
    """One browser session; elements are found by CSS selector."""

    def __init__(self, root: str) -> None:
        """Talk to the session at ``root``, a WebDriver session's address."""
        self._root = root

    def call(self, command: str, **body: Any) -> Any:
        """The ``value`` of a WebDriver POST; an error of the browser's is raised as urllib's HTTPError."""
        return _post(f"{self._root}/{command}", body)

    def open(self, path: Path) -> None:
        """Open a file of this machine."""
        self.call("url", url=path.resolve().as_uri())

    def click(self, selector: str, nth: int = 0) -> None:
        """Click the ``nth`` element that matches, scrolled into view, as a person would."""
        found = self.call("elements", using="css selector", value=selector)
        (element,) = found[nth].values()
        centre = "arguments[0].scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'})"
        self.call("execute/sync", script=centre, args=[found[nth]])
        self.call(f"element/{element}/click")

    def run(self, script: str) -> Any:
        """What ``return …`` in ``script`` gives."""
        return self.call("execute/sync", script=script, args=[])

    def log(self, kind: str) -> list[dict[str, Any]]:
        """New entries of the ``browser`` or ``performance`` log."""
        entries: list[dict[str, Any]] = self.call("se/log", type=kind)
        return entries

    def look(self, *, size: tuple[int, int], dark: bool) -> None:
        """Show the page ``size`` pixels wide and high, in the dark or light scheme."""
        wide, high = size
        device = {"width": wide, "height": high, "deviceScaleFactor": 1, "mobile": wide < 600}
        self._cdp("Emulation.setDeviceMetricsOverride", device)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._cdp("Emulation.setEmulatedMedia", {"features": [scheme]})

    def picture(self) -> bytes:
        """The page as shown, as PNG."""
        self.call("execute/async", script=_PAINTED, args=[])
        shot = self._cdp("Page.captureScreenshot", {"format": "png"})
        return base64.b64decode(shot["data"])

    def _cdp(self, command: str, params: dict[str, Any]) -> Any:
        return self.call("goog/cdp/execute", cmd=command, params=params)


@contextmanager
def browser() -> Iterator[Browser]:
    """A started browser with an empty profile; it is ended whatever happens."""
    arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
    arguments += ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, _driver() as root:
        options = {"args": [*arguments, f"--user-data-dir={profile}"]}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        session = _post(f"{root}/session", {"capabilities": {"alwaysMatch": wanted}})
        address = f"{root}/session/{session['sessionId']}"
        try:
            yield Browser(address)
        finally:
            _sent(urllib.request.Request(address, method="DELETE"))  # noqa: S310 - loopback


@contextmanager
def _driver() -> Iterator[str]:
    with subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = next((m for line in process.stdout if (m := _STARTED.search(line))), None)
            if found is None:
                raise RuntimeError("chromedriver did not start")
            yield f"http://127.0.0.1:{found[1]}"
        finally:
            process.terminate()


def _post(url: str, body: Any) -> Any:
    data = json.dumps(body).encode()
    return _sent(urllib.request.Request(url, data, {"Content-Type": "application/json"}))  # noqa: S310 - loopback


def _sent(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - loopback
        return json.load(answer)["value"]


def pictures(page: Path, folder: Path) -> list[Path]:
    """Write ``report-<size>-<scheme>.png`` of ``page`` into ``folder`` for each size and scheme."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with browser() as shown:
        shown.open(page)
        for name, size in SIZES.items():
            for dark in (False, True):
                shown.look(size=size, dark=dark)
                path = folder / f"report-{name}-{'dark' if dark else 'light'}.png"
                path.write_bytes(shown.picture())
                written.append(path)
    return written


if __name__ == "__main__":
    for made in pictures(Path(sys.argv[1]), Path(sys.argv[2])):
        print(made)
