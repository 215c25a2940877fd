"""The figures and short words of tables, as reports share them with notebooks."""

from __future__ import annotations

from partybuild.assessment.telling import NONE as NONE
from partybuild.assessment.telling import Telling as Telling
from partybuild.assessment.telling_en import MONTHS as MONTHS
from partybuild.assessment.telling_en import EnglishTelling as EnglishTelling
from partybuild.assessment.telling_en import plural as plural
from partybuild.assessment.telling_en import window_noun as window_noun
from partybuild.assessment.telling_zh import CHINESE_PER as CHINESE_PER
from partybuild.assessment.telling_zh import ChineseTelling as ChineseTelling
