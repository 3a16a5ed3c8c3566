"""A report as one HTML file: no script, no outside resource, readable in black and white."""

from collections.abc import Sequence
from html import escape

from evals.blocks import Block, Chart, Heading, Matrix, Point, Table, Text

SHADES = 6
WIDTH, HEIGHT, LEFT, BOTTOM = 460, 300, 52, 44
DASHES = ("none", "6 5")
FIGURE = ' class="figure"'
LONGEST_FIGURE = 30

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #111; background: #fff; margin: 0 auto;
  max-width: 72rem; padding: 1.5rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2.5rem; border-bottom: 1px solid #777; }
.warning { border: 3px solid #111; padding: .75rem 1rem; font-weight: 700; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; } caption { text-align: left; padding-bottom: .4rem; }
th, td { border: 1px solid #777; padding: .25rem .6rem; text-align: left; }
th { background: #eee; font-weight: 600; } td.figure { text-align: right; white-space: nowrap; }
.s1 { background: #e6e6e6; } .s2 { background: #cfcfcf; } .s3 { background: #b5b5b5; }
.s4 { background: #5f5f5f; color: #fff; } .s5 { background: #262626; color: #fff; }
td.right { outline: 3px solid #111; outline-offset: -3px; font-weight: 700; }
td.right.s4, td.right.s5 { outline-color: #fff; box-shadow: 0 0 0 2px #111; }
svg { max-width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: #111; }
@media print { body { max-width: none; padding: 0; } table, svg { break-inside: avoid; } }
"""


def html(title: str, blocks: Sequence[Block]) -> str:
    """Render as a whole HTML document. Every text is escaped."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n"
        + "\n".join(map(_block, blocks))
        + "\n</main>\n</body>\n</html>\n"
    )


def _block(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Text(text, warning):
            mark = ' class="warning"' if warning else ""
            return f"<p{mark}>{escape(text)}</p>"
        case Table(caption, head, rows):
            cells = [[_cell(cell) for cell in row[1:]] for row in rows]
            return _table(caption, head, [row[0] for row in rows], cells)
        case Matrix():
            return _matrix(block)
        case Chart():
            return _chart(block)


def _cell(text: str) -> str:
    figure = text[:1].isdigit() and len(text) < LONGEST_FIGURE
    return f"<td{FIGURE if figure else ''}>{escape(text)}</td>"


def _table(
    caption: str, head: Sequence[str], names: Sequence[str], cells: Sequence[Sequence[str]]
) -> str:
    columns = "".join(f'<th scope="col">{escape(one)}</th>' for one in head)
    lines = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(line)}</tr>'
        for name, line in zip(names, cells, strict=True)
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption>\n"
        f"<thead><tr>{columns}</tr></thead>\n<tbody>\n{lines}\n</tbody></table></div>"
    )


def _matrix(matrix: Matrix) -> str:
    cells = []
    for name, line in zip(matrix.rows, matrix.counts, strict=True):
        total = sum(line) or 1
        cells.append(
            [
                f'<td class="figure s{min(int(count / total * SHADES), SHADES - 1)}'
                f'{" right" if name == column else ""}">{count}</td>'
                for column, count in zip(matrix.columns, line, strict=True)
            ]
        )
    return _table(matrix.caption, ["expected", *matrix.columns], matrix.rows, cells)


def _chart(chart: Chart) -> str:
    ticks = [0, 0.25, 0.5, 0.75, 1]
    grid = "".join(
        f'<path d="M{LEFT} {_y(t)}H{WIDTH - 10}" stroke="#bbb"/>'
        f'<text x="{LEFT - 6}" y="{_y(t) + 4}" text-anchor="end">{t:.0%}</text>'
        f'<text x="{_x(t)}" y="{_y(0) + 18}" text-anchor="middle">{t * chart.end:g}</text>'
        for t in ticks
    )
    line = f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#777" fill="none"/>'
    drawn = "".join(
        _series(name, points, chart.end, place) for place, (name, points) in enumerate(chart.series)
    )
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f"<title>{escape(chart.title)}</title>{grid}{line if chart.diagonal else ''}{drawn}"
        f'<text x="{_x(0.5)}" y="{HEIGHT - 6}" text-anchor="middle">{escape(chart.x_label)}</text>'
        f'<text x="{LEFT}" y="12">{escape(chart.y_label)}</text></svg>'
    )


def _series(name: str, points: Sequence[Point], end: float, place: int) -> str:
    """One line with whiskers; lines differ by dashes and are named in a legend."""
    path = "L".join(f"{_x(p.x / end)} {_y(p.y)}" for p in points)
    whiskers = "".join(
        f'<path d="M{_x(p.x / end)} {_y(p.low)}V{_y(p.high)}" stroke="#111"/>'
        f'<circle cx="{_x(p.x / end)}" cy="{_y(p.y)}" r="4"/>'
        for p in points
    )
    line = f'stroke="#111" fill="none" stroke-width="2" stroke-dasharray="{DASHES[place]}"'
    drawn = f'<path d="M{path}" {line}/>{whiskers}'
    if not name:
        return drawn
    level = _y(0.1) - 18 * place
    legend = f'<path d="M{_x(0.45)} {level - 4}h34" {line}/>'
    return f'{drawn}{legend}<text x="{_x(0.45) + 42}" y="{level}">{escape(name)}</text>'


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - 20), 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - 24), 1)
