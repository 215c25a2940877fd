"""From the words of last year's report to a draft plan.

The reader proposes; a person corrects. What it could not turn into a number it
names, and phrases that promise without measuring are listed for the author.
"""

from __future__ import annotations

from pathlib import Path

import partybuild as pb

HERE = Path(__file__).parent


def main() -> None:
    """Read the report of 2020, show what it promises, and write the draft."""
    draft = pb.read_text(HERE / "data" / "report-2020.md")
    frame = draft.frame
    print(f"读出{len(draft.commitments)}条承诺、{len(frame)}个指标：")
    for row in frame.itertuples():
        value = "待填" if row.value is None else row.value
        if row.unit == "%" and isinstance(value, float):
            value = f"{value * 100:g}"  # percentages are fractions
        print(f"- {row.name}：{row.goal or ''} {value}{row.unit or ''}（把握{row.confidence:.0%}）")

    print("\n没有量化的提法：")
    for phrase in draft.vague[:5]:
        print(f"- {phrase.text}：{phrase.quote}")

    output = HERE / "output"
    output.mkdir(exist_ok=True)
    pb.write_draft(draft, output / "plan-draft.toml")
    lines = (output / "plan-draft.toml").read_text(encoding="utf-8").splitlines()
    print("\n草稿文件（逐条附原文，供人工核对）：")
    print("\n".join(lines[:24]))


if __name__ == "__main__":
    main()
