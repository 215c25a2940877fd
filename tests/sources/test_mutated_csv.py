"""Thousands of CSV files as haste and software leave them: each row is read, or named.

The default run takes a share of them; ``PARTYBUILD_MUTATIONS=10000`` takes ten thousand.
"""

from __future__ import annotations

import csv
import io
import os
import random
from pathlib import Path

from partybuild._frames import is_canonical
from partybuild.errors import PartybuildError
from partybuild.ledger import ImportReport, memory_ledger
from partybuild.sources.events import read_events_draft

COUNT = int(os.environ.get("PARTYBUILD_MUTATIONS", "400"))

HEADINGS = ["编号", "事项", "日期", "数量", "单位", "村", "备注", "级别"]
KINDS = ["党课", "调研", "督查", "推进会"]
CELLS = [
    "", " ", "　", "x", "0", "-1", "1e5", "1,000", "１２", "三", "两次", "约10", "10以上",
    "95%", "3.5万", "NaN", "nan", "None", "null", "inf", "-", "—", "/", "无", "同上", "〃",
    "#REF!", "#N/A", "=1+1", "+8", "'=1", "@x", "2021-02-31", "2021年2月29日", "2021.3.5",
    "2021/13/1", "3月5日",
    "20210305", "44260", "2021-03-05T08:00:00Z", "2021-03-05 25:00", "0000-01-01", "9999-12-31",
    "１２月３日", "昨天", "a\nb", "a\r\nb", 'a"b', '"', ",", ";", "\t", "甲、乙", "甲；乙;丙",
    "\u200b", "\ufeff", "\x00", "\x1f", "\x1e", "\u2028", "😀", "长" * 400, "9" * 40, "true",
    "FALSE", "是", "合计",
]  # fmt: skip
ENCODINGS = ["utf-8", "utf-8", "utf-8-sig", "gb18030"]


def a_row(number: int, chance: random.Random) -> list[str]:
    day = f"2021-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return [
        f"r{number}",
        chance.choice(KINDS),
        day,
        str(chance.randint(0, 9)),
        "次",
        "东村",
        "",
        "县",
    ]


def mutated_rows(rows: list[list[str]], chance: random.Random) -> list[list[str]]:
    """Change cells, rows and columns a few times; the first row holds the headings."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(rows))
        row = rows[at]
        match chance.randrange(9):
            case 0 | 1 | 2 | 3 if row:
                row[chance.randrange(len(row))] = chance.choice(CELLS)
            case 4:
                rows[at] = row[: chance.randrange(len(row) + 1)]
            case 5:
                row.append(chance.choice(CELLS))
            case 6:
                rows.insert(chance.randint(1, len(rows)), [chance.choice(["", " "])] * len(row))
            case 7 if len(rows) > 1:
                rows.insert(
                    chance.randint(1, len(rows)), list(rows[chance.randrange(1, len(rows))])
                )
            case _ if row:
                del row[chance.randrange(len(row))]
    return rows


def written(rows: list[list[str]], chance: random.Random) -> bytes:
    """Write the rows as one of the programs out there does."""
    text = io.StringIO()
    end = chance.choice(["\n", "\r\n"])
    quoting = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    csv.writer(
        text, delimiter=chance.choice(",,,;\t"), lineterminator=end, quoting=quoting
    ).writerows(rows)
    return text.getvalue().encode(chance.choice(ENCODINGS))


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Cut, flip, drop, repeat or insert bytes."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0 if chance.random() < 0.3:
                data = data[:place]
            case 1 if data:
                data[place % len(data)] = chance.randrange(256)
            case 2:
                data[place:place] = chance.choice(
                    [b'"', b"\n", b",", b"\r", b"\x00", b"\xff", b"\t"]
                )
            case 3:
                data[place:place] = data[place : place + chance.randint(1, 60)]
            case _:
                del data[place : place + chance.randint(1, 40)]
    return bytes(data)


def fates(report: ImportReport) -> list[int]:
    """The row numbers of a report, each as often as it stands there."""
    return sorted(
        [
            *report.added, *report.unchanged, *report.amended, *report.conflicting,
            *report.rejected, *report.skipped,
        ]
    )  # fmt: skip


def check(path: Path, label: str) -> tuple[int, int]:
    """Read a file, have a ledger take it in, and return how many rows were read and rejected."""
    draft = read_events_draft(path)
    assert is_canonical(draft.events), label
    named = {one.row if one.row is not None else one.line for one in draft.errors}
    heading_fault = any(one.row in (None, 1) for one in draft.errors)
    unread = draft.rows_in - len(draft.events)
    assert unread >= 0, label
    assert len(named - set(draft.rows.tolist())) == unread or heading_fault, label
    report = memory_ledger().import_file(path)
    rows = fates(report)
    assert len(rows) == len(set(rows)) == draft.rows_in, label
    assert heading_fault or set(report.rejected) <= {one.row for one in report.problems}, label
    return len(rows) - len(report.rejected), len(report.rejected)


def try_them(folder: Path, count: int) -> None:
    """Half of the files are changed cell by cell, so that their rows can be counted beforehand."""
    chance = random.Random(20210305)
    path = folder / "台账.csv"
    taken = rejected = refused = 0
    for number in range(count):
        rows = [list(HEADINGS), *(a_row(n, chance) for n in range(chance.randint(1, 8)))]
        content = written(mutated_rows(rows, chance), chance)
        if number % 2:
            content = damaged(content, chance)
        path.write_bytes(content)
        label = f"file {number}: {content!r}"
        try:
            read, bad = check(path, label)
        except PartybuildError:
            refused += 1
            continue
        except Exception as error:
            raise AssertionError(label) from error
        shows_delimiter = sum(bool(cell.strip()) for cell in rows[0]) > 1
        if not number % 2 and shows_delimiter:
            wanted = sum(any(cell.strip() for cell in row) for row in rows[1:])
            assert read + bad == wanted, label
        taken, rejected = taken + read, rejected + bad
    assert taken > count
    assert rejected > count / 4
    assert refused < count / 4


def test_each_row_of_a_mutated_file_is_read_or_named(tmp_path: Path) -> None:
    try_them(tmp_path, COUNT)
