"""The style and the script of the HTML page."""

from __future__ import annotations

#: Class names are short because large tables repeat them.
CLASS_OF = {"red": "r", "yellow": "y", "green": "g", "grey": "n"}

STYLE = """
:root{--ink:#1d2429;--soft:#5b666e;--line:#d9dee2;--paper:#fff;--head:#f4f6f7;
--r:#b3261e;--y:#8a5a00;--g:#12694f;--n:#5f6a72;--rb:#fbe4e1;--yb:#fdf1d3;--gb:#dff3ea;--nb:#eef0f2}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.7 "PingFang SC",
"Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",sans-serif}
main{max-width:76rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.7rem;line-height:1.35;margin:.2em 0 .5em}
h2{font-size:1.2rem;margin:2.2em 0 .6em;padding-left:.6rem;border-left:.3rem solid var(--r)}
h3{font-size:1.05rem;margin:1.6em 0 .4em}
p,li,h1,h2,h3,td,th{overflow-wrap:anywhere;unicode-bidi:plaintext}
p{margin:.7em 0}
.note{color:var(--soft);font-size:.9rem}
.tiles{list-style:none;display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0 .6rem;padding:0}
.tiles li{min-width:7.5rem;padding:.5rem .9rem;border-radius:.5rem}
.tiles b{font-size:1.6rem;line-height:1.2;display:block}
.whole{display:flex;height:.6rem;border-radius:.3rem;overflow:hidden;gap:2px}
.whole .r{background:var(--r)}.whole .y{background:#d99a1c}
.whole .g{background:#1f8a70}.whole .n{background:#9aa4ab}
.scroll{overflow-x:auto}
figure{margin:1rem 0}figure img{max-width:100%;height:auto}
figcaption{color:var(--soft);font-size:.9rem}
table{border-collapse:collapse;width:100%;font-size:.94rem;line-height:1.5}
@media (min-width:56rem){.fixed{table-layout:fixed}}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{padding:.45rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
tbody th{font-weight:600;min-width:8em}
thead th{background:var(--head);border-bottom:2px solid #b9c1c7;white-space:nowrap;
position:sticky;top:0}
thead button{all:unset;cursor:pointer;font-weight:600}
thead button:focus-visible{outline:2px solid #0b5cad;outline-offset:2px}
thead button::after{content:" \\21C5";color:#9aa4ab;font-weight:400}
[aria-sort=ascending] button::after{content:" \\2191";color:inherit}
[aria-sort=descending] button::after{content:" \\2193";color:inherit}
.f{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.r{background:var(--rb);color:var(--r)}.y{background:var(--yb);color:var(--y)}
.g{background:var(--gb);color:var(--g)}.n{background:var(--nb);color:var(--n)}
td.r,td.y,td.g,td.n,td[data-s]{white-space:nowrap}
.fixed .f{white-space:normal}
.cards .f span{display:inline-block;min-width:3.6em}
.fixed .bar{width:2.6rem;margin-right:.3rem}
.bar{display:inline-block;width:4.5rem;height:.5rem;margin-right:.5rem;border-radius:.25rem;
background:#e3e7ea;overflow:hidden;vertical-align:middle}
.bar i{display:block;height:100%;background:#4c7fa8}
.wide{font-size:.8rem}.wide th,.wide td{padding:.2rem .4rem}
.wide thead th{white-space:normal;min-width:5em;vertical-align:bottom}
.wide tbody th{position:sticky;left:0;background:var(--paper);min-width:8em;max-width:15em}
@media (max-width:40rem){
main{padding:1rem .9rem 3rem}h1{font-size:1.35rem}
.cards,.cards tbody,.cards tr,.cards td,.cards tbody th{display:block;width:auto}
.cards thead{display:none}
.cards tr{border:1px solid var(--line);border-radius:.5rem;margin:.7rem 0;padding:.3rem .2rem}
.cards td,.cards tbody th{border:0;padding:.2rem .7rem}
.cards td{display:flex;gap:.8rem;text-align:left;white-space:normal;align-items:baseline}
.cards td::before{content:attr(data-l);flex:0 0 4.5em;color:var(--soft)}
.cards td.r,.cards td.y,.cards td.g,.cards td.n{border-radius:.3rem;white-space:normal}
.bar{align-self:center;flex:none}
.wide tbody th{min-width:6em;max-width:8em}}
@media (min-width:40.01rem) and (max-width:76rem){
.fixed .bar{display:block;width:100%;margin:.35rem 0 .1rem}}
@media print{@page{size:A4;margin:16mm 14mm}
body{font-size:10.5pt}main{max-width:none;padding:0}
thead{display:table-header-group}thead th{position:static}
/* a button is not painted in a heading that is repeated on the next page */
thead button{display:contents}thead button::after{content:""}
tr,.tiles{break-inside:avoid}h2,h3,thead{break-after:avoid}
tbody tr:first-child{break-before:avoid}
.fixed,.wide{table-layout:fixed}
.fixed .bar{display:block;width:100%;margin:.35rem 0 .1rem}.scroll{overflow:visible}
.wide{font-size:6pt}.wide th,.wide td{padding:.1rem;white-space:normal}
.wide thead th{min-width:0;writing-mode:vertical-rl;max-height:36em;text-align:right}
.wide thead th:first-child{writing-mode:horizontal-tb;width:14em;text-align:left}
.wide tbody th{position:static;min-width:0;max-width:none}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""

SCRIPT = """
document.querySelectorAll("thead th").forEach(function(head){
head.querySelector("button").addEventListener("click",function(){
var table=head.closest("table"),body=table.tBodies[0],at=head.cellIndex;
var up=head.getAttribute("aria-sort")!=="ascending";
table.querySelectorAll("thead th").forEach(function(one){one.removeAttribute("aria-sort")});
head.setAttribute("aria-sort",up?"ascending":"descending");
var rows=Array.prototype.map.call(body.rows,function(row){var cell=row.cells[at];
return{row:row,number:parseFloat(cell.getAttribute("data-s")),text:cell.textContent}});
rows.sort(function(a,b){var an=isNaN(a.number),bn=isNaN(b.number);
var order=!an&&!bn?a.number-b.number:an!==bn?(an?1:-1)*(up?1:-1):
a.text.localeCompare(b.text,document.documentElement.lang);return up?order:-order});
rows.forEach(function(one){body.appendChild(one.row)})})});
"""
