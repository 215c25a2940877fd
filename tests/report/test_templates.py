"""Templates of the user's own: text and Word."""

from __future__ import annotations

import io
import sys

import pytest

import partybuild as pb
from partybuild.report.prose import fill_docx_template, render_report

pytest.importorskip("jinja2")


def test_figures_by_name(december: pb.Assessment) -> None:
    template = (
        '调研{{ figure("field-days") }}（{{ required("field-days") }}），'
        '{{ figure("1.1/problems-solved") }}；电商{{ status("online-sales") }}，'
        '差{{ shortfall("online-sales") }}；收入完成{{ completion("collective-income") }}。'
    )
    assert render_report(december, template=template) == (
        "调研62天（不少于60天），43件；电商未完成，差2.13个百分点；收入完成100%。"
    )


def test_whole_parts_and_the_title(december: pb.Assessment) -> None:
    template = "{{ title }}\n{{ as_of }}\n{{ problems }}\n{{ sentence('study') }}\n"
    told = render_report(december, template=template)
    assert told.startswith("澄岭镇2021年抓基层党建工作承诺\n2021年12月31日\n一是全镇性会议22次")
    assert told.endswith("未达到每月不少于1次的要求\n")
    whole = render_report(december, sections=["problems"]).replace("\n\n", "\n")
    assert render_report(december, template="{{ problems }}") in whole


def test_figures_of_one_organisation(villages: pb.Assessment) -> None:
    told = render_report(villages, template='{{ figure("mediation", "柳坞村") }}')
    assert told == "2件"
    with pytest.raises(pb.UsageError, match="name the organisation"):
        render_report(villages, template='{{ figure("mediation") }}')
    with pytest.raises(pb.UnknownNameError, match="无此村"):
        render_report(villages, template='{{ figure("mediation", "无此村") }}')


@pytest.mark.parametrize("template", ["{{ figure( }}", "{{ nothing }}", "{% for %}"])
def test_a_template_that_cannot_be_followed(december: pb.Assessment, template: str) -> None:
    with pytest.raises(pb.UsageError, match="template: "):
        render_report(december, template=template)


def test_an_unknown_target_is_named_with_the_nearest(december: pb.Assessment) -> None:
    with pytest.raises(pb.UnknownNameError, match="did you mean 'field-days'"):
        render_report(december, template='{{ figure("feild-days") }}')


@pytest.mark.parametrize(
    "template",
    [
        "{{ figure.__globals__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ view.__class__.__init__.__globals__ }}",
    ],
)
def test_templates_cannot_reach_python(december: pb.Assessment, template: str) -> None:
    with pytest.raises(pb.UsageError):
        render_report(december, template=template)


def test_unknown_sections_are_refused(december: pb.Assessment) -> None:
    with pytest.raises(pb.UsageError, match="expected some of duties, problems, next"):
        render_report(december, sections=["others"])


def test_the_next_plan_is_a_plan(december: pb.Assessment, plan: pb.Plan) -> None:
    with pytest.raises(pb.UsageError, match="next_plan: got str"):
        render_report(december, next_plan="2022")  # type: ignore[arg-type]
    told = render_report(december, sections=["next"], next_plan=plan)
    assert "全年到村（社区）蹲点调研不少于60天" in told
    assert "村集体经营性收入全年累计达到200万元以上" in told


def test_sections_choose_and_order_the_parts(december: pb.Assessment) -> None:
    told = render_report(december, sections=["problems", "duties"])
    heads = [line for line in told.splitlines() if line.startswith("## ")]
    assert heads == ["## 一、存在的问题", "## 二、履行职责情况"]


def template_file(*lines: str) -> io.BytesIO:
    import docx

    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    output = io.BytesIO()
    document.save(output)
    output.seek(0)
    return output


def test_a_word_template_is_filled(december: pb.Assessment) -> None:
    pytest.importorskip("docxtpl")
    import docx

    file = template_file('全年蹲点调研{{ figure("field-days") }}。', "{{ title }}")
    content = fill_docx_template(december, file)
    texts = [one.text for one in docx.Document(io.BytesIO(content)).paragraphs]
    assert texts == ["全年蹲点调研62天。", "澄岭镇2021年抓基层党建工作承诺"]


def test_a_word_template_takes_names_as_text(december: pb.Assessment) -> None:
    pytest.importorskip("docxtpl")
    import attrs
    import docx

    plan = attrs.evolve(december.plan, title="<w:b/> & {{ 7*7 }}")
    assessment = pb.assess(plan, december.events, as_of="2021-12-31")
    content = fill_docx_template(assessment, template_file("{{ title }}"))
    assert docx.Document(io.BytesIO(content)).paragraphs[0].text == "<w:b/> & {{ 7*7 }}"


def test_a_word_template_that_cannot_be_followed(december: pb.Assessment) -> None:
    pytest.importorskip("docxtpl")
    with pytest.raises(pb.UsageError, match="template: "):
        fill_docx_template(december, template_file("{{ figure( }}"))


def test_without_the_extra_the_pip_line_is_named(
    december: pb.Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(pb.MissingExtraError, match=r"partybuild\[report\]"):
        render_report(december, template="x")
