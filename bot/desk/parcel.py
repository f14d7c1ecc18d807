"""Content files as one blob, so that a version's body lies in the journal and travels to other replicas."""

from __future__ import annotations

import base64
import json
import zlib

from bot.content.files import Files
from bot.errors import ContentError, Problem


def packed(files: Files) -> bytes:
    """``files`` as compressed JSON; the same files give the same bytes."""
    body = {name: base64.b85encode(files[name]).decode("ascii") for name in sorted(files)}
    return zlib.compress(json.dumps(body, ensure_ascii=True, sort_keys=True).encode("ascii"), 6)


def unpacked(blob: bytes) -> Files:
    """The files that ``packed`` took; raises ContentError for a damaged blob."""
    try:
        body = json.loads(zlib.decompress(blob))
        return {str(name): base64.b85decode(text) for name, text in body.items()}
    except (zlib.error, ValueError, AttributeError, TypeError) as problem:
        raise ContentError((Problem("(veritabanı)", 0, "", f"kayıtlı içerik okunamadı: {problem}"),)) from problem
