"""A picture that grows downward: shapes and text of the classes that a style sheet colours, written as one SVG."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from tools.replies.letters import Line, Placed, width_of

FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'DejaVu Sans', sans-serif"
Colours = Mapping[str, tuple[str, str]]
"""Class → its fill in a light and in a dark scheme."""


class Sheet:
    """Shapes below each other; ``y`` is where the next one begins."""

    def __init__(self, width: int, colours: Colours) -> None:
        """A sheet of ``width`` pixels; its background has the class ``paper``."""
        self.width = width
        self.y = 0.0
        self._colours = colours
        self._parts: list[str] = []

    def box(self, x: float, y: float, wide: float, high: float, kind: str, radius: float = 0) -> None:
        """A rectangle of the class ``kind``."""
        corner = f' rx="{radius:g}"' if radius else ""
        self._parts.append(f'<rect x="{x:g}" y="{y:g}" width="{wide:.1f}" height="{high:.1f}"{corner} class="{kind}"/>')

    def shape(self, path: str, kind: str, colour: str = "") -> None:
        """A filled path of the class ``kind``, or in a colour that both schemes share."""
        fill = f'fill="{colour}"' if colour else f'class="{kind}"'
        self._parts.append(f'<path d="{path}" {fill}/>')

    def disc(self, x: float, y: float, radius: float, kind: str) -> None:
        """A filled circle of the class ``kind``."""
        self._parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" class="{kind}"/>')

    def line(self, x: float, y: float, line: Line, size: float, kind: str) -> None:
        """A line of text whose letters stand on ``y``."""
        for part in line:
            self._text(x, y, part, size, kind)

    def word(self, x: float, y: float, text: str, size: float, kind: str, *, middle: bool = False) -> None:
        """A short text from ``x`` on, or with its middle there."""
        wide = width_of(text, size, kind)
        self._text(x - wide / 2 if middle else x, y, Placed(0, text, "", wide), size, kind)

    def _text(self, x: float, y: float, part: Placed, size: float, kind: str) -> None:
        text = part.text.strip()
        if not text:
            return
        lead = part.text[: len(part.text) - len(part.text.lstrip())]
        at = x + part.x + width_of(lead, size, part.style)
        wide = width_of(text, size, f"{part.style} {kind}" if "b" not in part.style.split() else part.style)
        names = " ".join(name for name in (kind, part.style) if name)
        size_ = f'font-size="{size:g}" textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs"'
        self._parts.append(f'<text x="{at:.1f}" y="{y:.1f}" {size_} class="{names}">{escape(text)}</text>')

    def take(self, other: Sheet) -> None:
        """Put what was drawn on another sheet over this one's shapes: its extent had to be known first."""
        self._parts += other._parts
        self.y = other.y

    def svg(self, label: str) -> str:
        """The whole picture; ``label`` is what is read out in its place."""
        high = round(self.y)
        frame = f'viewBox="0 0 {self.width} {high}" width="{self.width}" height="{high}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {frame} role="img" aria-label={quoteattr(label)}>'
        paper = f'<rect width="{self.width}" height="{high}" rx="8" class="paper"/>'
        return "\n".join(
            [head, _style(self._colours), paper, f'<g font-family="{FONT}">', *self._parts, "</g>", "</svg>", ""]
        )


def _style(colours: Colours) -> str:
    """Both schemes; a viewer that knows none shows the light one."""
    light = "".join(f".{name}{{fill:{pair[0]}}}" for name, pair in colours.items())
    dark = "".join(f".{name}{{fill:{pair[1]}}}" for name, pair in colours.items() if pair[0] != pair[1])
    weights = ".b{font-weight:600}.i{font-style:italic}"
    return f"<style>{light}{weights}@media(prefers-color-scheme:dark){{{dark}}}</style>"
