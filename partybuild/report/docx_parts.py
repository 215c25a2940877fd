"""Sizes, fonts and colours of official documents (GB/T 9704-2012)."""

from __future__ import annotations

import attrs

PAGE_MM = (210, 297)
MARGINS_MM = {"top": 37, "bottom": 35, "left": 28, "right": 26}
#: Width of the type area: 156 mm x 225 mm.
TEXT_MM = 156
#: The tallest picture: with a heading above and its caption below it fills a page.
MOST_PICTURE_MM = 195


@attrs.frozen(kw_only=True)
class Face:
    """A font for Chinese, one for other letters, the size in points."""

    east_asian: str
    latin: str
    size: float
    is_bold: bool = False


#: 三号 is 16 pt, 二号 22 pt.
BODY = Face(east_asian="仿宋_GB2312", latin="Times New Roman", size=16)
HEADINGS = {
    1: Face(east_asian="方正小标宋简体", latin="Times New Roman", size=22),
    2: Face(east_asian="黑体", latin="Times New Roman", size=16),
    3: Face(east_asian="楷体_GB2312", latin="Times New Roman", size=16),
    4: Face(east_asian="仿宋_GB2312", latin="Times New Roman", size=16, is_bold=True),
}
#: Light enough to read black text on, and apart in lightness for those who see no hue.
SHADES = {"red": "F6C7C2", "yellow": "FCE8B2", "green": "CFEBDD", "grey": "E8EAED"}

#: Each font of official documents, what stands in for it, and its family and classification.
_STAND_INS = (
    (
        "方正小标宋简体",
        "方正小标宋_GBK;小标宋;宋体;SimSun;Noto Serif CJK SC;Source Han Serif SC",
        "roman",
    ),
    ("仿宋_GB2312", "仿宋;FangSong;STFangsong;Noto Serif CJK SC;宋体;SimSun", "modern"),
    ("楷体_GB2312", "楷体;KaiTi;STKaiti;Noto Serif CJK SC;宋体;SimSun", "modern"),
    ("黑体", "SimHei;STHeiti;微软雅黑;Microsoft YaHei;Noto Sans CJK SC", "swiss"),
    ("宋体", "SimSun;STSong;Noto Serif CJK SC", "roman"),
    ("Times New Roman", "Liberation Serif", "roman"),
)


def _font(name: str, stand_ins: str, family: str) -> str:
    charset = "00" if name.isascii() else "86"
    return (
        f'<w:font w:name="{name}"><w:altName w:val="{stand_ins}"/><w:charset w:val="{charset}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
    )


#: The part of a Word file that says which font stands in for a missing one.
FONT_TABLE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    + "".join(_font(*one) for one in _STAND_INS)
    + "</w:fonts>"
)
