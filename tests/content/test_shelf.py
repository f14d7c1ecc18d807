"""The shelf swaps in one assignment, keeps ten editions, and is the same from every thread."""

from __future__ import annotations

import weakref
from dataclasses import replace
from threading import Thread

import pytest

from bot.content import freeze
from bot.content.shelf import KEPT, Edition, Shelf, prepare, sharing
from bot.errors import ContentError, NothingEarlierError
from tests.content.small import FILES, edited


@pytest.fixture(scope="module")
def edition() -> Edition:
    return prepare(FILES)


def named(edition: Edition, version: str) -> Edition:
    return replace(edition, version=version)


def test_an_edition_is_ready_to_answer(edition: Edition) -> None:
    """``prepare`` checks, compiles and names the version after the files."""
    assert edition.version == edition.engine.catalog.version
    assert edition.files == FILES
    assert edition.loaded_at > 1_600_000_000


def test_broken_files_never_reach_the_shelf() -> None:
    """``prepare`` raises what the loader found."""
    with pytest.raises(ContentError, match=r"facts/library\.yaml"):
        prepare(edited("facts/library.yaml", "id: books", "id: Kitap"))


def test_back_undoes_swaps_one_by_one(edition: Edition) -> None:
    """Each step back brings the edition before; the last one stays when there is no earlier."""
    shelf = Shelf(named(edition, "a"))
    assert shelf.swap(named(edition, "b")).version == "a"
    shelf.swap(named(edition, "c"))
    assert [e.version for e in shelf.earlier] == ["b", "a"]
    assert [shelf.back().version, shelf.back().version] == ["b", "a"]
    with pytest.raises(NothingEarlierError, match="daha eski"):
        shelf.back()
    assert shelf.current.version == "a"


def test_the_last_ten_are_kept(edition: Edition) -> None:
    """Older editions are let go."""
    shelf = Shelf(named(edition, "0"))
    for number in range(1, KEPT + 5):
        shelf.swap(named(edition, str(number)))
    steps = [shelf.back().version for _ in range(KEPT)]
    assert steps == [str(n) for n in range(KEPT + 3, 3, -1)]
    with pytest.raises(NothingEarlierError):
        shelf.back()


def test_the_same_version_again_is_no_step(edition: Edition) -> None:
    """Reloading unchanged files must not push the earlier editions out."""
    shelf = Shelf(named(edition, "a"))
    again = named(edition, "a")
    shelf.swap(again)
    assert shelf.current is again
    assert shelf.earlier == ()


def test_threads_that_swap_at_once_lose_nothing(edition: Edition) -> None:
    """Of N concurrent swaps each replaced edition is handed to exactly one caller."""
    shelf = Shelf(named(edition, "start"))
    replaced: list[str] = []

    def swap(number: int) -> None:
        replaced.extend(shelf.swap(named(edition, f"{number}.{step}")).version for step in range(200))

    threads = [Thread(target=swap, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(replaced)) == len(replaced) == 800
    assert {*replaced, shelf.current.version} == {"start", *(f"{n}.{s}" for n in range(4) for s in range(200))}


def frozen(edition: Edition) -> Edition:
    """The edition as it comes from a file."""
    return replace(edition, frozen=[bytes(part) for part in freeze.pack(edition.engine)])


def test_only_the_newest_earlier_edition_is_frozen(edition: Edition) -> None:
    """It is thawed when it is wanted; the others are kept as files, which versions share, and prepared."""
    shelf = Shelf(named(frozen(edition), "a"))
    for version in ("b", "c", "d"):
        shelf.swap(replace(frozen(edition), version=version, files=sharing(dict(FILES), shelf.current.files)))
    assert [e.frozen is not None for e in shelf.earlier] == [True, False, False]
    assert all(body is shelf.current.files[name] for e in shelf.earlier for name, body in e.files.items())
    for version in ("c", "b"):
        again = shelf.back()
        assert (again.version, shelf.current) == (version, again)
        assert again.engine is not edition.engine
        assert again.engine.catalog == edition.engine.catalog


def test_back_to_an_edition_drops_what_came_after(edition: Edition) -> None:
    """A prepared edition is put in place of its version; one that is not kept is refused and changes nothing."""
    shelf = Shelf(named(edition, "a"))
    for version in ("b", "c", "d"):
        shelf.swap(named(edition, version))
    with pytest.raises(NothingEarlierError):
        shelf.back(named(edition, "x"))
    goal = named(edition, "b")
    assert shelf.back(goal) is goal
    assert shelf.current is goal
    assert [e.version for e in shelf.earlier] == ["a"]


def test_what_is_kept_of_an_earlier_edition_is_small() -> None:
    """Ten versions after an edit each cost the edited file, not the engine."""
    first = frozen(prepare(FILES))
    engine = weakref.ref(first.engine)
    shelf = Shelf(first)
    del first
    shelf.swap(replace(prepare(FILES), version="new"))
    assert engine() is None
