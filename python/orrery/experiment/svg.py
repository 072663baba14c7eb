"""Plots as SVG, drawn by hand: a report needs no library and no network."""

from __future__ import annotations

from html import escape

COLOURS = {"R": "#4878a8", "S": "#c8762c", "S>R": "#3d8a4e", "S+R": "#8a5aa8"}
GREY = "#8a8f98"


def text(x, y, content, anchor="start", extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{escape(content)}</text>'


def line(x0, y0, x1, y1, colour, width=1.0):
    return (f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="{colour}" '
            f'stroke-width="{width}"/>')


def dot(x, y, radius, colour, opacity=1.0):
    return (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}" '
            f'fill-opacity="{opacity}"/>')


def intervals(rows, low, high, label, zero=None):
    """A row for each of `rows`: (name, value, (low, high) or None, points, colour) on one axis
    from `low` to `high`; `points` are small dots, such as the seeds. None as value: no figure."""
    left, right, top, step = 220, 620, 26, 26
    bottom = top + step * len(rows)

    def at(value):
        return left + (right - left) * (min(max(value, low), high) - low) / (high - low)

    out = [f'<svg viewBox="0 0 700 {bottom + 34}" role="img" aria-label="{escape(label)}">']
    for k in range(5):
        value = low + (high - low) * k / 4
        out.append(line(at(value), top - 8, at(value), bottom, "#e3e5e8"))
        out.append(text(at(value), bottom + 14, f"{value:g}", "middle"))
    if zero is not None:
        out.append(line(at(zero), top - 8, at(zero), bottom, "#444"))
    for k, (name, value, interval, points, colour) in enumerate(rows):
        y = top + step * (k + 0.4)
        out.append(text(left - 10, y + 4, name, "end"))
        if value is None:
            out.append(text(left + 6, y + 4, "no figure", extra=' fill="#b00"'))
            continue
        if interval is not None:
            out.append(line(at(interval[0]), y, at(interval[1]), y, colour, 4))
        out += [dot(at(point), y, 2.6, "#222", 0.55) for point in points]
        out.append(dot(at(value), y, 5, colour))
        out.append(text(right + 12, y + 4, f"{value:+.3f}" if zero is not None else f"{value:.3f}"))
    out.append(text((left + right) / 2, bottom + 30, label, "middle"))
    return "\n".join([*out, "</svg>"])


def curves(series, ticks, label):
    """Lines over the same ticks: `series` are (name, values, intervals, colour), a value for each
    tick or None; the axis of values is 0 to 1."""
    left, right, top, bottom = 50, 520, 14, 250

    def x(k, shift=0.0):
        return left + (right - left) * (k + 0.5) / len(ticks) + shift

    def y(value):
        return bottom - (bottom - top) * value

    out = [f'<svg viewBox="0 0 700 290" role="img" aria-label="{escape(label)}">']
    for k in range(6):
        out.append(line(left, y(k / 5), right, y(k / 5), "#e3e5e8"))
        out.append(text(left - 8, y(k / 5) + 4, f"{k / 5:.1f}", "end"))
    out += [text(x(k), bottom + 18, str(tick), "middle") for k, tick in enumerate(ticks)]
    out.append(text((left + right) / 2, bottom + 36, label, "middle"))
    for s, (name, values, ranges, colour) in enumerate(series):
        shift = 9.0 * (s - (len(series) - 1) / 2)
        known = [(k, value) for k, value in enumerate(values) if value is not None]
        for (k, a), (m, b) in zip(known, known[1:]):
            out.append(line(x(k, shift), y(a), x(m, shift), y(b), colour, 1.6))
        for k, value in known:
            if ranges[k] is not None:
                out.append(line(x(k, shift), y(ranges[k][0]), x(k, shift), y(ranges[k][1]),
                                colour, 3))
            out.append(dot(x(k, shift), y(value), 4.5, colour))
        out.append(dot(right + 24, top + 12 + 20 * s, 5, colour))
        out.append(text(right + 36, top + 16 + 20 * s, name))
    return "\n".join([*out, "</svg>"])
