"""The experiment as one HTML file that needs nothing else."""

from __future__ import annotations

import json
from html import escape

from .errors import KINDS, LEAST, detections_by_sample, errors_of, picture
from .score import RESAMPLES, key_of, largest
from .svg import COLOURS, GREY, curves, intervals

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1c1e21; max-width: 1000px; margin: 2em auto;
  padding: 0 1em; }
h1 { font-size: 1.6em; } h2 { font-size: 1.2em; margin-top: 2em; }
table { border-collapse: collapse; font-size: 13px; } td, th { padding: .25em .7em;
  border-bottom: 1px solid #e3e5e8; text-align: right; } td:first-child, th:first-child {
  text-align: left; }
svg { width: 100%; max-width: 760px; font: 12px system-ui, sans-serif; }
.loud { background: #b00020; color: white; padding: .8em 1em; font-weight: 600; }
.failed { color: #b00020; } .note { color: #5b616b; font-size: 13px; }
figure { display: inline-block; margin: 0 10px 14px 0; vertical-align: top; font-size: 12px; }
figcaption { max-width: 260px; } pre { white-space: pre-wrap; font-size: 12px; }
"""


def three(value):
    return "–" if value is None else f"{value:.3f}"


def span(interval):
    return "–" if not interval else f"{interval['low']:.3f} to {interval['high']:.3f}"


def table(head, rows):
    """HTML; cells are escaped."""
    cells = "".join(f"<th>{escape(str(one))}</th>" for one in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(one))}</td>" for one in row) + "</tr>"
                   for row in rows)
    return f"<table><tr>{cells}</tr>{body}</table>"


def bounds(interval):
    return (interval["low"], interval["high"]) if interval else None


def arms_plot(experiment, summaries):
    ticks = [f"{n} photos" for n in experiment.photos]
    series = []
    for arm in experiment.arms:
        values, ranges = [], []
        for n in experiment.photos:
            one = summaries.get(key_of(arm, None if arm == "S" else n), {})
            stacked = one.get("stacked")
            values.append(stacked and stacked["ap50"])  # what the interval is of
            ranges.append(bounds(stacked["intervals"]["ap50"]) if stacked else None)
        series.append((arm, values, ranges, COLOURS[arm]))
    return curves(series, ticks, "AP50 on photos of capture groups that the net has not seen")


def arms_table(summaries):
    rows = []
    for key, one in summaries.items():
        stacked = one.get("stacked", {})
        rows.append([
            key, three(one.get("ap50")), three(one.get("ap50_sd")), len(one["seeds"]),
            three(stacked.get("ap50")), span(stacked.get("intervals", {}).get("ap50")),
            three(one.get("ap")), f"{sum(s['seconds'] for s in one['seeds']) / 60:.1f}"])
    return table(["arm", "AP50, mean of seeds", "sd of seeds", "seeds", "AP50, seeds stacked",
                  "95 % over groups", "AP50:95", "minutes of training"], rows)


def differences_plot(differences, label, name_of):
    rows = []
    for one in differences:
        name = name_of(one)
        arm = one["first"].split(",")[0]
        if "ap50" not in one:
            rows.append((name, None, None, [], GREY))
            continue
        measure = one["ap50"]
        rows.append((name, measure["stacked"], bounds(measure["interval"]), measure["seeds"],
                     COLOURS.get(arm, GREY)))
    if not rows:
        return ""
    ends = [abs(v) for _, value, ends, points, _ in rows if value is not None
            for v in (value, *(ends or ()), *points)]
    limit = next(one for one in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if one >= max([0.0, *ends]))
    return intervals(rows, -limit, limit, label, zero=0.0)


def differences_table(differences):
    rows = []
    for one in differences:
        if "ap50" not in one:
            rows.append([f"{one['first']} − {one['second']}", one["lacks"], "", "", ""])
            continue
        measure = one["ap50"]
        seeds = " ".join(f"{value:+.3f}" for value in measure["seeds"])
        rows.append([f"{one['first']} − {one['second']}", f"{measure['mean']:+.3f}", seeds,
                     span(measure["interval"]), f"{100 * measure['above_zero']:.1f} %"])
    return table(["difference of AP50", "mean of seeds", "by seed", "95 % over groups, paired",
                  "resamples above 0"], rows)


def detail_tables(summaries, classes, folds):
    def mean(one, part, name):
        values = [seed[part].get(name) for seed in one["seeds"]]
        values = [value for value in values if value is not None]
        return three(sum(values) / len(values)) if values else "–"

    by_class = table(["AP50 by class", *classes],
                     [[key, *(mean(one, "classes", name) for name in classes)]
                      for key, one in summaries.items()])
    names = [f"fold {fold}" for fold in folds]
    by_fold = table(["AP50 by fold", *names],
                    [[key, *(mean(one, "folds", name) for name in names)]
                     for key, one in summaries.items()])
    return f"<h2>Classes and folds</h2>{by_class}<br>{by_fold}"


def worst_errors(experiment, summaries, photos, folder, each=6):
    """Pictures of the worst errors of each arm: of its largest number of photos, first seed."""
    out = ["<h2>Worst errors</h2><p class=note>The first seed, the most photos. White: labels; "
           f"orange: the error. A detection counts from score {LEAST} on; a miss is worse the "
           "larger the object.</p>"]
    last = largest(experiment.photos)
    for arm in experiment.arms:
        one = summaries.get(key_of(arm, None if arm == "S" else last))
        if not one or not one["seeds"]:
            continue
        results = json.loads((folder / one["seeds"][0]["detections"]).read_text(encoding="utf-8"))
        wrong = errors_of(photos.samples, detections_by_sample(photos.samples, results))
        counts = ", ".join(f"{sum(w.kind == kind for w in wrong)} × {kind}" for kind in KINDS)
        out.append(f"<h3>{escape(arm)}: {counts}</h3>")
        for kind in KINDS:
            chosen = sorted((w for w in wrong if w.kind == kind), key=lambda w: -w.weight)[:each]
            out += [f'<figure><img src="{picture(photos.samples, w)}" alt=""><figcaption>'
                    f"{kind}: {escape(w.text)}</figcaption></figure>" for w in chosen]
    return "".join(out)


def runs_table(runs, outcomes):
    rows = []
    for run in runs:
        one = outcomes[run.hash]
        done = one["status"] == "done"
        rows.append([run.name, one["status"], run.steps,
                     three(one["figures"]["ap50"]) if "figures" in one else "",
                     f"{one['seconds']:.0f}" if done else "", one.get("precision", "")])
    return table(["run", "status", "steps", "AP50 on its test photos", "seconds", "precision"],
                 rows)


def failures(runs, outcomes):
    wrong = [run for run in runs if outcomes[run.hash]["status"] != "done"]
    if not wrong:
        return ""
    parts = "".join(f"<h3 class=failed>{escape(run.name)}</h3>"
                    f"<pre>{escape(outcomes[run.hash]['error'])}</pre>" for run in wrong)
    return f"<h2 class=failed>{len(wrong)} of {len(runs)} trainings failed</h2>{parts}"


def method(experiment, photos, runs):
    train = experiment.train
    groups = len(set(photos.groups))
    later = next((run.steps for run in runs if run.arm == "S>R"), 0)
    lines = [
        f"{len(photos.samples)} photos of {groups} capture groups in {experiment.folds} folds that "
        "share no group; whoever learns from photos is tested on the fold that it has not seen, "
        "and the detections of all folds are scored as one set. S learns from no photo and is "
        "tested on all.",
        f"Every arm takes {train.steps} optimiser steps of {train.batch} images of {train.side} "
        f"pixels with {train.detector}"
        + (f"; S>R takes {train.steps - later} of them on rendered images and {later} on photos, "
           f"at {experiment.finetune_rate} times the rate" if later else "")
        + (f"; {experiment.real_share:.0%} of each batch of S+R are photos"
           if "S+R" in experiment.arms else "") + ".",
        "The last checkpoint is tested; none is chosen by what it does on test photos.",
        f"Intervals: {RESAMPLES} resamples of the {groups} capture groups, of the seeds stacked: "
        "all photos once for each seed, with what that seed found. Differences are of the same "
        "resamples. They say how other photos would change the figure; how another seed would, "
        "the figures by seed say."
        + (" With so few groups they are rough." if groups < 20 else ""),
    ]
    if experiment.box_margin:
        lines.append("The photos' boxes are looser than the objects: synthetic boxes were widened "
                     f"by {experiment.box_margin[0]} and {experiment.box_margin[1]} (width and "
                     "height) before training, two numbers that were measured on photos.")
    return "<ul>" + "".join(f"<li>{escape(one)}</li>" for one in lines) + "</ul>"


def page(experiment, photos, runs, outcomes, results, folder):
    """The report as HTML."""
    summaries, differences = results["arms"], results["differences"]
    loud = ("<p class=loud>No real photos were given: other rendered images stand in for them. "
            "These figures test the machinery and say nothing of real photos.</p>"
            if photos.stand_in else "")
    without = [one for one in differences if one["first"].startswith("S without")]
    removed = "<h2>Without a feature of the generator</h2>" + differences_plot(
        without, "difference of AP50 to S, 95 %",
        lambda one: one["first"].removeprefix("S without ")) if without else ""
    others = differences_plot(
        [one for one in differences if one not in without], "difference of AP50, 95 %",
        lambda one: f"{one['first']} − {one['second']}".replace(" photos", ""))
    facts = escape(json.dumps(results["facts"], indent=1))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(experiment.name)}</title>
<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>
<h1>{escape(experiment.name)}: do rendered images help?</h1>{loud}
<p>R: photos alone. S: rendered images alone. S&gt;R: rendered images first, then photos.
S+R: both in every batch.</p>
{arms_plot(experiment, summaries)}{arms_table(summaries)}
<h2>Differences</h2>
{others}
{differences_table(differences)}{removed}{failures(runs, outcomes)}
<h2>How it was measured</h2>{method(experiment, photos, runs)}
{detail_tables(summaries, photos.samples.classes, sorted(set(photos.folds)))}
{worst_errors(experiment, summaries, photos, folder)}
<h2>Trainings</h2>{runs_table(runs, outcomes)}
<h2>What it was made from</h2><pre>{facts}</pre></body></html>
"""
