"""The main job: last year's promises against this year's events, as the lines of the next report.

Prints the report in Markdown and writes it to examples/output/.
"""

from __future__ import annotations

from pathlib import Path

import partybuild as pb

HERE = Path(__file__).parent


def main() -> None:
    """Read the plan and the ledger, judge the year at its end, write the report."""
    plan = pb.read_plan(HERE / "data" / "plan.toml")
    events = pb.read_events(HERE / "data" / "events.csv")
    assessment = pb.assess(plan, events, as_of="2021-12-31")

    report = pb.render_markdown(assessment, lang="zh")
    print(report)

    output = HERE / "output"
    output.mkdir(exist_ok=True)
    (output / "2021年承诺完成情况.md").write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
