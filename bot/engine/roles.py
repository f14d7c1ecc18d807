"""Who → whom, whose, where: party mentions with their cases, resolved to the roles agent and target.

The rule follows Turkish cases: the ablative is where from, the dative where to, the locative where; the
genitive owns; people act; a bare country does what its intent says (*Kazakistan vizesi*: target). Where
the asker says *we*, the party is the speaker's own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Party:
    """One mention of a party: its id (``x:…`` for a third country, ``other`` for *ora*/*onlar*) and case."""

    party: str
    role: str
    word: str = ""
    people: bool = False
    focus: bool = False


RoleRow = tuple[str, frozenset[str], str, bool]
_TARGET_CASES = frozenset({"dat", "loc", "acc"})


def resolve_roles(parties: tuple[Party, ...], bare: str, speaker: str) -> list[RoleRow]:
    """Rows ``(slot, values, word, focus)``: agent and target where the question fixes them, else ``about``."""
    named = _without_pairs(parties)
    agents = [p for p in named if _is_agent(p)]
    targets = [p for p in named if p.role in _TARGET_CASES and not (p.people and p.role == "dat")]
    if speaker:
        agents = [_spoken(p, speaker) for p in agents]
        targets = [p if p.role != "loc" or p.word else p for p in targets]
    for p in (p for p in named if p.people and p.role == "dat"):
        (targets if any(a.party != p.party for a in agents) or p.word in _HERE else agents).append(p)
    loose = [p for p in named if p.role == "nom" and not p.people]
    owners = [p for p in named if p.role == "gen" and not p.people]
    if owners and loose and named.index(loose[0]) < named.index(owners[0]) and not agents and loose[0].party != owners[0].party:
        agents.append(loose[0])
    for p in owners:
        owned_by_other = any(a.party != p.party for a in agents) and not any(t.party == p.party for t in targets)
        (targets if owned_by_other else agents).append(p)
    weak = [p for p in named if p.role == "we"]
    for p in loose:
        _place_bare(p, agents, targets, bare, alone=len(loose) == 1)
    if not agents and weak:
        agents = [Party(speaker or weak[0].party, "we")]
    return [*_rows("agent", agents), *_rows("target", targets), *_about(parties)]


_HERE = frozenset({"bize", "bizlere", "buraya", "bura", "oraya", "ora"})


def _is_agent(p: Party) -> bool:
    if p.role == "our" or p.role == "abl":
        return True
    return p.people and p.role in {"nom", "gen", "ins"} and p.word not in _HERE


def _spoken(p: Party, speaker: str) -> Party:
    return Party(speaker, p.role, p.word, p.people, p.focus) if p.role == "our" else p


def _place_bare(p: Party, agents: list[Party], targets: list[Party], bare: str, *, alone: bool) -> None:
    if any(a.party == p.party for a in agents) or any(t.party == p.party for t in targets):
        return
    if targets and not agents:
        agents.append(p)
    elif agents and not targets:
        targets.append(p)
    elif not agents and not targets and alone and bare:
        (targets if bare == "target" else agents).append(p)


def _without_pairs(parties: tuple[Party, ...]) -> list[Party]:
    """Parties without roles of their own (*X ile Y*, *X-Y*, *iki ülke*) dropped; an arrow gives both roles."""
    named: list[Party] = []
    for i, p in enumerate(parties):
        before = parties[i - 1].role if i else ""
        after = parties[i + 1].role if i + 1 < len(parties) else ""
        if not p.party:
            continue
        if before == "arrow":
            named.append(Party(p.party, "dat", p.word))
        elif p.role == "ins" and not p.people or ("with" in (before, after) and p.role in {"nom", "ins", "gen"}):
            continue
        else:
            named.append(p)
    return named


def _rows(slot: str, found: list[Party]) -> list[RoleRow]:
    return [(slot, frozenset({p.party}), p.word, p.focus) for p in found]


def _about(parties: tuple[Party, ...]) -> list[RoleRow]:
    return [("about", frozenset({p.party}), p.word, p.focus) for p in parties if p.party]
