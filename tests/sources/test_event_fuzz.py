"""Hundreds of damaged files of each kind: a `PartybuildError` or a sound draft, nothing else."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from partybuild._frames import is_canonical
from partybuild.errors import EventError, PartybuildError
from partybuild.sources.events import read_events, read_events_draft, write_events

KINDS = {".csv": 300, ".tsv": 150, ".jsonl": 300, ".xlsx": 150, ".parquet": 200}
MESS = [
    b'"', b"\n", b",", b";", b"\t", b"\x00", b"\xff", b"\xe6", b"{", b"}", b"[", b"\\u", b"\\ud800",
    b"null", b"NaN", b"-", b"9" * 30, b"1e999", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"'", b"=",
    "２０２１年２月３１日".encode(), "万".encode("gbk"), b"#REF!", b"<", b"&amp;", b"<f>", b"true",
]  # fmt: skip
PARTS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml",
         "[Content_Types].xml", "xl/_rels/workbook.xml.rels")  # fmt: skip


@pytest.fixture(scope="module")
def sound() -> pd.DataFrame:
    """A small frame with something in every column."""
    return read_events(
        pd.DataFrame(
            {
                "id": [str(i) for i in range(8)],
                "kind": ["党课", "调研"] * 4,
                "date": pd.date_range("2021-03-01", periods=8, freq="17D"),
                "end": pd.date_range("2021-03-02", periods=8, freq="17D"),
                "quantity": [1, 0.95, 3, 4.5, -1, 0, 7, 1e6],
                "unit": ["次", "%"] * 4,
                "subject": ["甲；乙", None] * 4,
                "organisation": "东山村",
                "evidence": "签到表",
                "note": ['a "b", c', "=1+1", "两\n行", None] * 2,
                "recorded_at": pd.date_range("2021-03-03 09:30", periods=8, freq="17D"),
                "void": [False] * 7 + [True],
                "级别": "县",
            }
        )
    )


def damaged(content: bytes, rng: random.Random) -> bytes:
    """Cut, flip, repeat, drop or insert bytes, a few times."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(data) + 1)
        match rng.randrange(6):
            case 0:
                data = data[:place]
            case 1 if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
            case 2:
                data[place:place] = rng.choice(MESS)
            case 3:
                del data[place : place + rng.randint(1, 40)]
            case 4:
                data[place:place] = data[place : place + rng.randint(1, 60)]
            case _:
                data[place : place + 8] = rng.randbytes(8)
    return bytes(data)


def damaged_package(path: Path, target: Path, rng: random.Random) -> None:
    """Damage one part of a workbook inside a sound archive, leave it out, or damage the archive."""
    chosen = rng.choice(PARTS)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as result:
        for part in source.infolist():
            if part.filename != chosen:
                result.writestr(part, source.read(part))
            elif rng.random() < 0.9:
                result.writestr(part, damaged(source.read(part), rng))
    if rng.random() < 0.25:
        target.write_bytes(damaged(path.read_bytes(), rng))


@pytest.mark.parametrize("suffix", KINDS)
def test_damaged_files_never_give_a_foreign_error(
    suffix: str, sound: pd.DataFrame, tmp_path: Path
) -> None:
    good, bad = tmp_path / f"good{suffix}", tmp_path / f"bad{suffix}"
    write_events(sound, good)
    outcomes: dict[str, int] = {}
    unnamed = 0
    for seed in range(KINDS[suffix]):
        rng = random.Random(f"{suffix}{seed}")
        if suffix == ".xlsx":
            damaged_package(good, bad, rng)
        else:
            bad.write_bytes(damaged(good.read_bytes(), rng))
        try:
            draft = read_events_draft(bad)
        except PartybuildError as error:
            unnamed += str(bad) not in str(error)
            outcomes["refused"] = outcomes.get("refused", 0) + 1
            continue
        except Exception as error:
            raise AssertionError(f"{suffix}, seed {seed}: {error!r}") from error
        assert is_canonical(draft.events)
        assert len(draft.rows) == len(draft.events) <= draft.rows_in
        assert all(problem.file == str(bad) for problem in draft.problems)
        named = {problem.row or problem.line for problem in draft.errors}
        if None not in named and 1 not in named:
            assert len(draft.rows) + len(named) == draft.rows_in, f"seed {seed} loses a row"
        outcomes["ok" if draft.ok else "named"] = outcomes.get("ok" if draft.ok else "named", 0) + 1
        if not draft.ok:
            with pytest.raises(EventError):
                read_events(bad)
    assert unnamed == 0
    assert sum(outcomes.values()) == KINDS[suffix]
    assert outcomes.get("refused", 0) + outcomes.get("named", 0) > KINDS[suffix] // 4, outcomes


@pytest.mark.parametrize("suffix", KINDS)
def test_noise_is_refused_or_named(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"noise{suffix}"
    for seed in range(60):
        rng = random.Random(seed)
        printable = rng.random() < 0.5
        size = rng.randrange(200)
        noise = bytes(rng.choice(b'abc,;"\n{}[]:\t 0123-') for _ in range(size))
        path.write_bytes(noise if printable else rng.randbytes(size))
        try:
            draft = read_events_draft(path)
        except PartybuildError:
            continue
        assert draft.events.empty
        assert draft.problems or draft.rows_in == 0
