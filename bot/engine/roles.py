"""Who → whom, whose, where: party mentions with their cases, resolved to the roles agent and target.

The rule follows Turkish cases: the ablative is where from, the dative where to, the locative where; the
genitive owns; people act; a bare country does what its intent says (*Kazakistan vizesi*: target). Where
the asker says *we*, the party is the speaker's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.engine.model import Intent


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


def resolve_roles(parties: tuple[Party, ...], intent: Intent, speaker: str) -> list[RoleRow]:
    """Rows ``(slot, values, word, focus)``: agent and target where the question fixes them, else ``about``.

    The intent says what a party without a case, in the genitive, or people in the dative are to it.
    """
    named = [_subject(p, intent.recipient) for p in _without_pairs(parties)]
    agents, targets = _people(named)
    for p in (p for p in named if p.role in _TARGET_CASES and not (p.people and p.role == "dat")):
        (agents if p.role == "acc" and intent.object == "agent" else targets).append(p)
    _place_ours(named, agents, targets, speaker)
    for p in (p for p in named if p.people and p.role == "dat"):
        _place_recipient(p, agents, targets, intent.recipient)
    loose = [p for p in named if p.role == "nom" and not p.people]
    _place_owners(named, loose, agents, targets, intent.owner)
    for p in loose:
        _place_bare(p, agents, targets, intent.bare, alone=len(loose) == 1)
    weak = [p for p in named if p.role == "we"]
    if not agents and weak:
        agents.append(Party(speaker or weak[0].party, "we"))
    return [*_rows("agent", agents), *_rows("target", targets), *_about(parties)]


def _subject(party: Party, recipient: str) -> Party:
    """*Mavi Ada mı yatırdı*: who does it goes where what is given comes from; where nothing is given, as any bare party."""
    if party.role != "subject":
        return party
    return replace(party, role={"target": "abl", "agent": "loc"}.get(recipient, "nom"))


def _place_recipient(p: Party, agents: list[Party], targets: list[Party], recipient: str) -> None:
    """*Yeşillilere*: they act where receiving is acting (a visa, a grant), and who gives it is where they go."""
    givers = [a for a in agents if a.party != p.party]
    if givers and recipient == "agent" and not targets and all(g.role == "nom" for g in givers):
        agents[:] = [p]
        targets.extend(givers)
    elif not givers and (recipient == "agent" or (recipient != "target" and p.word not in _HERE)):
        agents.append(p)
    else:
        targets.append(p)


_HERE = frozenset({"bize", "bizlere", "buraya", "bura", "oraya", "ora"})
_OURS = frozenset({"bizim", "our", "наш", "наши", "біздің"})


def _people(named: list[Party]) -> tuple[list[Party], list[Party]]:
    """Who comes from where or acts: the ablative, else the first people named; other people are the target."""
    away = [p for p in named if p.role == "abl"]
    acting = [p for p in named if p.people and p.role in {"nom", "gen", "ins"} and p.word not in _HERE | _OURS]
    alternatives = sum(p.focus for p in acting) > 1
    if alternatives:
        return away, []
    if away:
        return [*away, *(p for p in acting if p.party == away[0].party)], []
    first = acting[0].party if acting else ""
    return [p for p in acting if p.party == first], [p for p in acting if p.party != first]


def _place_ours(named: list[Party], agents: list[Party], targets: list[Party], speaker: str) -> None:
    """*şirketimiz, bizim öğrenciler*: ours acts, unless others do already (*Kazaklara bursumuz*)."""
    for p in named:
        if p.role == "our" or (p.role == "gen" and p.word in _OURS):
            spoken = Party(speaker, p.role, p.word, p.people, p.focus) if speaker else p
            (targets if any(a.party != spoken.party for a in agents) else agents).append(spoken)


def _place_owners(
    named: list[Party], loose: list[Party], agents: list[Party], targets: list[Party], owner: str
) -> None:
    owners = [p for p in named if p.role == "gen" and not p.people and p.word not in _OURS]
    if (
        owners
        and loose
        and named.index(loose[0]) < named.index(owners[0])
        and not agents
        and loose[0].party != owners[0].party
    ):
        agents.append(loose[0])
    for p in owners:
        owned_by_other = any(a.party != p.party for a in agents) and not any(t.party == p.party for t in targets)
        owned = owner == "target" and not any(t.party != p.party for t in targets)
        (targets if owned_by_other or owned else agents).append(p)


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
        if not p.party or p.role == "aside":
            continue
        if before == "arrow":
            named.append(Party(p.party, "dat", p.word))
        elif (p.role == "ins" and not p.people) or ("with" in (before, after) and p.role in {"nom", "ins", "gen"}):
            continue
        else:
            named.append(p)
    return named


def _rows(slot: str, found: list[Party]) -> list[RoleRow]:
    """One row a party; *Mavi Ada'dan gelen ile Yeşil Ada'dan giden* leaves both open, since nobody leaves from two."""
    alike = {p.role for p in found} in ({"abl"}, {"dat"})
    if len({p.party for p in found}) > 1 and alike and not any(p.people or p.focus for p in found):
        return [(slot, frozenset(p.party for p in found), found[0].word, False)]
    return [(slot, frozenset({p.party}), p.word, p.focus) for p in found]


def _about(parties: tuple[Party, ...]) -> list[RoleRow]:
    return [("about", frozenset({p.party}), p.word, p.focus) for p in parties if p.party]
