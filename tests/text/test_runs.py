"""Long runs of numbers: read like any others, and without looking at each of them anew."""

from __future__ import annotations

import random

import pytest

from partybuild.quantities import Amount
from partybuild.quantities.scan import find_numbers
from partybuild.sources.text import sentences
from partybuild.sources.text.clauses import SentenceReader
from partybuild.sources.text.counting import Field
from partybuild.sources.text.reader import read_text

PIECES = (
    "3次 5% X次 12个 2天 1人 7.5% 60万元 1,200亩 X 年 、 ， 以上 每月 确保 完成 共 由 的".split()
)


def runs() -> list[str]:
    """Long runs of few pieces, with something else now and then."""
    chance = random.Random(3)
    texts = []
    for _ in range(120):
        pieces = [chance.choice(PIECES) for _ in range(chance.choice((1, 1, 2, 3)))]
        run = "".join(
            chance.choice(pieces) if len(pieces) > 2 else "".join(pieces) for _ in range(90)
        )
        place = chance.randrange(len(run))
        between = chance.choice(("", "", "召开", "不少于", "其中", "力争", "今年共", "分别"))
        texts.append(run[:place] + between + run[place:])
    return texts


@pytest.mark.parametrize("head", ["", "每季度召开", "确保完成培训", "在村集体收入由", "今年共走访"])
def test_a_run_is_read_as_if_each_number_stood_alone(
    head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"{head}{run}。" for run in runs()]
    quick = [read_text(text, year=2021, scope="all").commitments for text in texts]
    monkeypatch.setattr(SentenceReader, "_is_in_run", lambda *_: False)
    sentences._kept.cache_clear()
    slow = [read_text(text, year=2021, scope="all").commitments for text in texts]
    assert quick == slow


@pytest.mark.parametrize("piece", ["3次", "5%", "X次", "3次5次", "2天7户1人"])
def test_a_number_in_a_run_is_weighed_once(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    weighed = 0
    read = SentenceReader._amount

    def counted(self: SentenceReader, amount: Amount, field: Field) -> int:
        nonlocal weighed
        weighed += 1
        return read(self, amount, field)

    monkeypatch.setattr(SentenceReader, "_amount", counted)
    text = piece * (1_900 // len(piece))
    assert not read_text(text, year=2021, scope="all").targets
    assert len(list(find_numbers(text))) > 600
    assert weighed < 200


@pytest.mark.parametrize("figure", ["0", "7", "12", "0.5", "12.75", "100"])
@pytest.mark.parametrize("mark", ["%", "‰"])
@pytest.mark.parametrize(
    "tail", ["", "，", "以上", "到9%", "-9%", " - 9%", "余", "k", "kg", "e5", "e-5"]
)
def test_figures_with_a_mark_are_read_the_same_in_one_step(
    figure: str, mark: str, tail: str
) -> None:
    # a blank before the mark takes the long way round
    short = list(find_numbers(f"达{figure}{mark}{tail}"))
    long = list(find_numbers(f"达{figure} {mark}{tail}"))
    assert [(one.nature, one.low, one.high, one.unit) for one in short] == [
        (one.nature, one.low, one.high, one.unit) for one in long
    ]
