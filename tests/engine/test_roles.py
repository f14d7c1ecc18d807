"""Who → whom: cases, people, owners, pairs and arrows give agent and target; the rest stays open."""

from __future__ import annotations

import pytest

from bot.engine.model import Intent, Kind
from bot.engine.roles import Party, resolve_roles

PLAIN = Intent("plain", Kind.FACT, ("x",))
A, B = "mavi", "yesil"


def roles(*parties: Party, intent: Intent = PLAIN, speaker: str = "") -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {"agent": [], "target": []}
    for slot, values, _, _ in resolve_roles(parties, intent, speaker):
        if slot in rows:
            rows[slot] += sorted(values)
    return rows


@pytest.mark.parametrize(
    ("parties", "agent", "target"),
    [
        ((Party(A, "abl"), Party(B, "dat")), [A], [B]),
        ((Party(B, "dat"), Party(A, "abl")), [A], [B]),
        ((Party(B, "loc"),), [], [B]),
        ((Party(A, "nom", "mavililer", people=True),), [A], []),
        ((Party(A, "nom", "mavililer", people=True), Party(B, "acc", "yesillileri", people=True)), [A], [B]),
        ((Party(A, "nom", "a", people=True), Party(B, "gen", "b", people=True)), [A], [B]),
        ((Party(A, "abl"), Party(A, "nom", "a", people=True)), [A, A], []),
        ((Party(A, "gen"),), [A], []),
        ((Party(A, "gen"), Party(B, "nom")), [A], [B]),
        ((Party(B, "nom"), Party(A, "gen")), [B], [A]),
        ((Party(A, "nom"), Party("", "arrow"), Party(B, "nom")), [A], [B]),
        ((Party(A, "abl"), Party("", "arrow"), Party(B, "nom")), [A], [B]),
        ((Party(A, "nom"), Party("", "with"), Party(B, "nom")), [], []),
        ((Party(A, "ins"),), [], []),
        ((Party("", "both"),), [], []),
        ((Party(B, "dat", "yesillilere", people=True),), [B], []),
        ((Party(A, "dat", "bize", people=True),), [], [A]),
        ((Party(A, "our", "sirketimiz"),), [A], []),
        ((Party(B, "abl"), Party(A, "our", "bursumuz")), [B], [A]),
        ((Party(A, "gen", "bizim", people=True),), [A], []),
        ((Party(A, "we"),), [A], []),
        ((Party(B, "abl"), Party(A, "we")), [B], []),
        ((Party(A, "nom"), Party(B, "dat")), [A], [B]),
        ((Party(A, "nom"),), [], []),
        ((Party(A, "nom"), Party(A, "dat")), [], [A]),
        ((Party(A, "nom", "a", people=True, focus=True), Party(B, "nom", "b", people=True, focus=True)), [], []),
    ],
)  # fmt: skip
def test_roles(parties: tuple[Party, ...], agent: list[str], target: list[str]) -> None:
    """The ablative is where from, the dative where to, people act, pairs leave it open."""
    assert roles(*parties) == {"agent": agent, "target": target}


def test_the_intent_says_what_a_bare_or_owning_party_is() -> None:
    """*Kazakistan vizesi*: its target; *Kazakistan'ın tanınması*: target too; *Kazaklara burs*: as the intent says."""
    bare = Intent("v", Kind.FACT, ("x",), bare="target", owner="target", recipient="target")
    acting = Intent("v", Kind.FACT, ("x",), bare="agent", recipient="agent")
    assert roles(Party(B, "nom"), intent=bare) == {"agent": [], "target": [B]}
    assert roles(Party(B, "gen"), intent=bare) == {"agent": [], "target": [B]}
    assert roles(Party(B, "dat", "x", people=True), intent=bare) == {"agent": [], "target": [B]}
    assert roles(Party(B, "nom"), intent=acting) == {"agent": [B], "target": []}
    assert roles(Party(B, "dat", "x", people=True), intent=acting) == {"agent": [B], "target": []}


def test_who_does_it_gives_or_goes() -> None:
    """*Mavi Ada mı yatırdı*: it is from there; *Mavi Ada mı hak tanıdı*: there it holds; else as any bare name."""
    giving, receiving = (Intent("v", Kind.FACT, ("x",), recipient=r) for r in ("target", "agent"))
    asked = Party(A, "subject", "ada", focus=True)
    assert roles(asked, intent=giving) == {"agent": [A], "target": []}
    assert roles(asked, intent=receiving) == {"agent": [], "target": [A]}
    assert roles(asked) == {"agent": [], "target": []}


def test_who_receives_acts_where_receiving_is_acting() -> None:
    """*Maviler Yeşillilere vize verdi*: the Greens may go to the Blues."""
    visa = Intent("v", Kind.FACT, ("x",), recipient="agent")
    given = (Party(A, "nom", "mavililer", people=True), Party(B, "dat", "yesillilere", people=True))
    assert roles(*given, intent=visa) == {"agent": [B], "target": [A]}


def test_two_from_whom_or_to_whom_are_left_open() -> None:
    """*Mavi Ada'dan gelen ile Yeşil Ada'dan giden*: either is asked for."""
    for role, slot in (("abl", "agent"), ("dat", "target")):
        rows = resolve_roles((Party(A, role), Party(B, role)), PLAIN, "")
        assert [values for s, values, _, _ in rows if s == slot] == [frozenset({A, B})]


def test_what_happens_aside_is_nobodys_part() -> None:
    """*Mavi Ada çökünce*: named, and nothing else."""
    assert roles(Party(A, "aside"), Party(B, "dat")) == {"agent": [], "target": [B]}


def test_the_speaker_is_who_says_we() -> None:
    """A Kazakh's *biz* and *bizim* are the Kazakhs; everybody else's the home party."""
    assert roles(Party(A, "we"), speaker=B)["agent"] == [B]
    assert roles(Party(A, "gen", "bizim", people=True), speaker=B)["agent"] == [B]


def test_every_party_named_is_what_the_question_is_about() -> None:
    """Also where the roles stay open."""
    rows = resolve_roles((Party(A, "ins"), Party(B, "nom")), PLAIN, "")
    assert [values for slot, values, _, _ in rows if slot == "about"] == [frozenset({A}), frozenset({B})]
