"""One peer in one process of the peers' environment: learns utterances, answers questions, says how well, how fast, how big.

usage: python benchmarks/peers.py NAME < job.json > figures.json     (job: utterances, labels, questions, wanted, rounds)

Needs nothing of the bot but ``clock``; text arrives folded, so that no peer loses by its own folding of Turkish.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import clock

Guess = Callable[[str], Any]


def by_scorer(name: str) -> Callable[[Sequence[str], Sequence[str]], Guess]:
    """The nearest utterance by one of rapidfuzz's scorers."""

    def learn(utterances: Sequence[str], labels: Sequence[str]) -> Guess:
        from rapidfuzz import fuzz, process

        scorer = getattr(fuzz, name)
        return lambda question: labels[process.extractOne(question, utterances, scorer=scorer)[2]]

    return learn


def linear_svc(utterances: Sequence[str], labels: Sequence[str]) -> Guess:
    """scikit-learn: TF-IDF over characters 2–5, LinearSVC."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-not-found]
    from sklearn.pipeline import make_pipeline  # type: ignore[import-not-found]
    from sklearn.svm import LinearSVC  # type: ignore[import-not-found]

    model = make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True), LinearSVC())
    model.fit(utterances, labels)
    return lambda question: model.predict([question])[0]


def bm25(utterances: Sequence[str], labels: Sequence[str]) -> Guess:
    """bm25s: the utterance with the best BM25 score over words."""
    import bm25s  # type: ignore[import-not-found]

    index = bm25s.BM25()
    index.index([u.split() for u in utterances], show_progress=False)

    def guess(question: str) -> str:
        found, _ = index.retrieve([question.split()], k=1, show_progress=False)
        return labels[int(found[0][0])]

    return guess


def fast_text(utterances: Sequence[str], labels: Sequence[str]) -> Guess:
    """fastText, supervised, with character n-grams; left out where the package is not there."""
    import fasttext  # type: ignore[import-not-found]

    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.writelines(f"__label__{label} {u}\n" for u, label in zip(utterances, labels, strict=True))
        file.flush()
        model = fasttext.train_supervised(
            file.name,
            epoch=max(25, 60_000 // len(labels)),
            lr=0.5,
            wordNgrams=2,
            minn=2,
            maxn=5,
            bucket=200_000,
            thread=1,
            verbose=0,
        )
    predict = model.f.predict  # the wrapper asks numpy for copy=False, which numpy 2 refuses
    return lambda question: predict(question + "\n", 1, 0.0, "strict")[0][1].removeprefix("__label__")


PEERS: dict[str, Callable[[Sequence[str], Sequence[str]], Guess]] = {
    "rapidfuzz WRatio": by_scorer("WRatio"),
    "rapidfuzz token_set_ratio": by_scorer("token_set_ratio"),
    "rapidfuzz ratio": by_scorer("ratio"),
    "TF-IDF + LinearSVC": linear_svc,
    "bm25s": bm25,
    "fastText": fast_text,
}


def main(name: str) -> int:
    """Measure the peer ``name``; 3 when its package is not there."""
    job = json.load(sys.stdin)
    before = clock.resident_mb()
    learned: list[Guess] = []
    try:
        training = clock.seconds(lambda: learned.append(PEERS[name](job["utterances"], job["labels"])))
    except ImportError as missing:
        print(f"{name}: {missing}", file=sys.stderr)
        return 3
    guess = learned[0]
    taken = clock.times(guess, job["questions"][: job["timed"]], rounds=job["rounds"])
    right = [str(guess(q)) == str(w) for q, w in zip(job["questions"], job["wanted"], strict=True)] or [False]
    figures = {
        "p50": taken.p50,
        "p99": taken.p99,
        "training": training,
        "memory": clock.resident_mb() - before,
        "accuracy": sum(right) / len(right),
    }
    json.dump(figures, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
