"""For the tests of tools that embed the library: the promises of a ledger, tried one by one."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs

from partybuild.errors import LedgerError, PartybuildError, UnknownNameError, UsageError
from partybuild.ledger import Ledger

__all__ = ["check_ledger"]

_DAY = dt.date(2021, 3, 5)


def check_ledger(make_ledger: Callable[[], Ledger]) -> None:
    """Try every promise of the `Ledger` protocol on fresh ledgers that `make_ledger` returns.

    The ledgers must be empty and have no clock. Raises `AssertionError`, which
    names the promise, at the first that is not kept.

    >>> from partybuild.ledger import memory_ledger
    >>> check_ledger(memory_ledger)
    """
    for check in _CHECKS:
        with make_ledger() as ledger:
            _promise(isinstance(ledger, Ledger), "has every method of the Ledger protocol")
            _promise(len(ledger) == 0, "make_ledger returns an empty ledger")
            check(ledger)


def _promise(kept: bool, promise: str) -> None:
    if not kept:
        raise AssertionError(f"the ledger breaks a promise: {promise}")


def _refuses(
    error_class: type[PartybuildError], call: Callable[..., Any], /, *values: Any, **named: Any
) -> None:
    name = getattr(call, "__name__", str(call))
    try:
        call(*values, **named)
    except error_class:
        return
    except Exception as error:
        text = (
            f"{name}({values}, {named}) raises {error_class.__name__}, not {type(error).__name__}"
        )
        raise AssertionError(f"the ledger breaks a promise: {text}") from error
    _promise(False, f"{name}({values}, {named}) raises {error_class.__name__}")


def _records_one_event(ledger: Ledger) -> None:
    name = ledger.record(
        kind="调研",
        date="2021-03-05",
        end=dt.date(2021, 3, 6),
        quantity=0,
        unit="天",
        subject="东村；西村",
        organisation="一支部",
        evidence="照片",
        note="=1+1",
        recorded_at=dt.datetime(2021, 3, 8, 9, 30),
        attributes={"级别": 2, "已核": True, "地点": None, "日": _DAY, "比": 0.5},
        recorded_by="李",
        reason="补录",
        file="台账.xlsx",
        sheet="三月",
        row=7,
    )
    (entry,) = ledger.history(name)
    said = (entry.kind, entry.date, entry.end, entry.quantity, entry.unit, entry.subject)
    wanted = ("调研", _DAY, dt.date(2021, 3, 6), 0.0, "天", "东村；西村")
    _promise(said == wanted, "history gives back what was recorded, 0 as 0")
    where = (entry.recorded_by, entry.reason, entry.file, entry.sheet, entry.row)
    _promise(where == ("李", "补录", "台账.xlsx", "三月", 7), "who, why and from where stay")
    _promise(entry.recorded_at == dt.datetime(2021, 3, 8, 9, 30), "recorded_at stays")
    kept = {"级别": 2, "已核": True, "日": _DAY, "比": 0.5}
    _promise(dict(entry.attributes) == kept, "attributes keep their types, None is left out")
    _promise(type(entry.attributes["已核"]) is bool, "true stays true and becomes no number")


def _defaults_are_those_of_events(ledger: Ledger) -> None:
    (entry,) = ledger.history(ledger.record(kind="督查", date=_DAY))
    _promise(entry.end == _DAY and entry.quantity == 1.0, "end is the date, quantity is 1")
    midnight = dt.datetime(2021, 3, 5)
    _promise(entry.recorded_at == midnight, "without a clock recorded_at is the date")
    blank = (entry.unit, entry.subject, entry.organisation, entry.evidence, entry.note)
    _promise(blank == (None,) * 5, "what was not said is None")


def _twins_are_two(ledger: Ledger) -> None:
    first, second = (ledger.record(kind="督查", date=_DAY, subject="东村") for _ in range(2))
    _promise(first != second and len(ledger) == 2, "two equal events are two events")


def _refuses_nonsense(ledger: Ledger) -> None:
    ledger.record(kind="督查", date=_DAY, id="a")
    _refuses(UsageError, ledger.record, kind="督查", date=_DAY, id="a")
    _refuses(UsageError, ledger.record, kind="", date=_DAY)
    _refuses(UsageError, ledger.record, kind="督查", date="2021-02-31")
    _refuses(UsageError, ledger.record, kind="督查", date=_DAY, quantitty=3)
    _refuses(UsageError, ledger.record, kind="督查", date=_DAY, quantity=float("inf"))
    _refuses(UsageError, ledger.record, kind="督查", date=_DAY, end="2021-03-04")
    _refuses(UsageError, ledger.amend, "a", kindd="党课")
    _refuses(UsageError, ledger.void, "a", reason=" ")
    _refuses(UnknownNameError, ledger.amend, "b", quantity=2)
    _refuses(UnknownNameError, ledger.void, "b", reason="误")
    _refuses(UnknownNameError, ledger.history, "b")
    _promise(len(ledger) == 1, "a refused call records nothing")


def _amends_and_voids(ledger: Ledger) -> None:
    name = ledger.record(kind="督查", date=_DAY, quantity=2, recorded_at="2021-03-06")
    ledger.amend(name, quantity=3, reason="漏记", recorded_at="2021-04-01", recorded_by="王")
    ledger.void(name, reason="重复", recorded_at="2021-05-01")
    first, second, third = ledger.history(name)
    _promise((first.quantity, second.quantity) == (2.0, 3.0), "an amendment is a further entry")
    _promise(second.kind == "督查" and second.date == _DAY, "what is not amended stays")
    _promise((second.reason, second.recorded_by) == ("漏记", "王"), "an amendment says why, who")
    _promise(third.void and not second.void and third.reason == "重复", "a void is a further entry")
    _refuses(UsageError, ledger.void, name, reason="又")
    _refuses(UsageError, ledger.amend, name, quantity=4)
    back = ledger.amend(name, void=False, recorded_at="2021-06-01")
    _promise(not back.void and back.quantity == 3.0, "void=False brings a voided event back")
    _refuses(UsageError, ledger.amend, name, quantity=5, recorded_at="2021-01-01")


def _frames_are_canonical(ledger: Ledger) -> None:
    import pandas as pd

    from partybuild._frames import is_canonical

    def days(*texts: str) -> Any:
        moments = [dt.datetime.fromisoformat(text) for text in texts]
        return pd.Series(moments, dtype="datetime64[us]")

    _promise(is_canonical(ledger.to_frame()), "an empty ledger gives an empty events frame")
    frame = pd.DataFrame(
        {
            "id": pd.Series(["a", "b", "a"], dtype="str"),
            "kind": pd.Series(["调研", "读数", "调研"], dtype="str"),
            "date": days("2021-03-05", "2021-03-06", "2021-03-05"),
            "end": days("2021-03-05", "2021-03-09", "2021-03-05"),
            "quantity": [1.0, 0.1 + 0.2, 2.0],
            "unit": pd.Series(["天", None, "天"], dtype="str"),
            "subject": pd.Series(["东村", None, None], dtype="str"),
            "organisation": pd.Series([None] * 3, dtype="str"),
            "evidence": pd.Series([None] * 3, dtype="str"),
            "note": pd.Series([None, "“引号”\n第二行", None], dtype="str"),
            "recorded_at": days("2021-03-05", "2021-03-07T01:02:03.5", "2021-04-01"),
            "void": [False, False, True],
            "级别": [1, 2, 3],
            "比": [0.5, None, 1.0],
        }
    )
    _promise(ledger.record_many(frame) == 3 and len(ledger) == 3, "record_many counts its rows")
    back = ledger.to_frame()
    _promise(is_canonical(back), "to_frame is a canonical events frame")
    same = back.sort_index(axis=1).equals(frame.sort_index(axis=1))
    _promise(same, "a frame comes back the same: order, types, gaps, attributes")
    early = ledger.to_frame(known_at="2021-03-07")
    _promise(early["id"].tolist() == ["a", "b"], "known_at leaves out what was recorded later")


def _bulk_is_all_or_nothing(ledger: Ledger) -> None:
    import pandas as pd

    frame = pd.DataFrame({"kind": ["调研", "督查"], "date": ["2021-03-05", "2021-02-31"]})
    _refuses(PartybuildError, ledger.record_many, frame)
    _promise(len(ledger) == 0, "record_many records all rows or none")
    ledger.record_many(frame.head(1))
    _promise(bool(ledger.to_frame()["id"].notna().all()), "rows without an id get one")


def _imports_again_and_again(ledger: Ledger) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.csv"
        rows = ["督查,2021-03-05,1", "督查,2021-03-05,1", "调研,2021-03-06,2"]

        def imported(**options: Any) -> Any:
            path.write_text("\n".join(["kind,date,quantity", *rows, ""]), encoding="utf-8")
            return ledger.import_file(path, **options)

        _promise(imported().added == (2, 3, 4), "true twins in a file are two events")
        _promise(imported().unchanged == (2, 3, 4), "a file read twice adds nothing")
        rows.insert(0, "党课,2021-01-08,1")
        report = imported()
        _promise((report.added, report.unchanged) == ((2,), (3, 4, 5)), "new rows are added")
        rows[3] = "调研,2021-03-06,5"
        _promise(imported().conflicting == (5,), "a changed row is a conflict, unless asked")
        _promise(imported(on_change="amend").amended == (5,), "a changed row becomes an amendment")
        _promise(imported().unchanged == (2, 3, 4, 5), "an amended row is known")
        rows[0] = "党课,2021-02-31,1"
        _promise(imported().rejected == (2,), "a bad row is rejected by number")
    _promise(len(ledger) == 5, "nothing else was recorded")


def _verifies_and_copies(ledger: Ledger) -> None:
    start = ledger.digest()
    ledger.record(kind="督查", date=_DAY)
    _promise(ledger.digest() != start, "the digest changes with every entry")
    noted = ledger.digest()
    ledger.record(kind="调研", date=_DAY)
    _promise(ledger.verify().ok and ledger.verify(noted).ok, "an honest ledger verifies")
    forged = noted[:-1] + ("0" if noted[-1] != "0" else "1")
    _promise(not ledger.verify(forged).ok, "verify finds a digest that the ledger never had")
    numbers = [entry.seq for entry in ledger.entries()]
    _promise(numbers == [1, 2], "entries are numbered from 1 in their order")
    from partybuild.ledger import open_ledger

    with tempfile.TemporaryDirectory() as folder:
        ledger.backup(Path(folder) / "copy.db")
        with open_ledger(Path(folder) / "copy.db") as copy:
            held, kept = (
                [attrs.evolve(entry, digest="") for entry in one.entries()]
                for one in (copy, ledger)
            )
            _promise(held == kept, "a backup holds the same entries")
        _refuses(LedgerError, ledger.backup, Path(folder) / "copy.db")


def _is_closed_for_good(ledger: Ledger) -> None:
    ledger.record(kind="督查", date=_DAY)
    ledger.close()
    ledger.close()
    _refuses(LedgerError, ledger.record, kind="督查", date=_DAY)
    _refuses(LedgerError, ledger.to_frame)


_CHECKS: tuple[Callable[[Ledger], None], ...] = (
    _records_one_event,
    _defaults_are_those_of_events,
    _twins_are_two,
    _refuses_nonsense,
    _amends_and_voids,
    _frames_are_canonical,
    _bulk_is_all_or_nothing,
    _imports_again_and_again,
    _verifies_and_copies,
    _is_closed_for_good,
)
