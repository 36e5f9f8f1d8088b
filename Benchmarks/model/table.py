"""Measures the bundled model on every row of its table and writes Reports/model.md.

    python Benchmarks/model/table.py --data DATA [--model DIR] [--binary FILE] [--start DIR] [--teacher] [--camvid FOLDER]

The model runs twice: through the built binary (product.py) as people use it, and through transformers (Training/evaluate.py says
how each row is looked at there). What is not measured in this run stands in reference.json, with where it comes from, and is
marked in the table.
"""
import json
import os
import subprocess

import cv2
import torch

import product
import colours
import evaluate
import events
import queries
from measure import average_precision, match

HERE = os.path.dirname(os.path.abspath(__file__))


def measured_teacher(data, tiled):
    """the teacher on the same pictures: whole, or with overlapping squares of half the picture (PETS: 240 pixels)"""
    teacher = evaluate.Teacher(f"{data}/training/teacher")
    table = {}
    rows, count = [], 0
    for frame, truth in evaluate.pets(data)[0]:
        found = teacher.detections(frame, "person", 240 if tiled else 0)
        rows += match(found[:, 1:], found[:, 0], truth, evaluate.NOTHING)
        count += len(truth)
    table["PETS09-S2L1 tiles"] = {"person": dict(ap50=average_precision(rows, count)[0])}
    for name in evaluate.STILLS:
        items = evaluate.stills(data, name)
        table[name] = {}
        for word in items[0][1]:
            rows, count = [], 0
            for path, truth, ignored in items:
                picture = cv2.imread(path)
                found = teacher.detections(picture, word, max(picture.shape[:2]) * 6 // 10 if tiled else 0)
                rows += match(found[:, 1:], found[:, 0], truth[word], ignored[word])
                count += len(truth[word])
            table[name][word] = dict(ap50=average_precision(rows, count)[0])
    return table


def model_column(folder, data, camvid):
    model = evaluate.Model(folder, len(os.sched_getaffinity(0)))
    return evaluate.measure(model, data, camvid_folder=camvid), model


def value(table, name, word):
    found = table.get(name, {}).get(word)
    if found is None:
        return None
    return found["share"] if "share" in found else found["ap50"]


def main():
    parser = product.arguments(__doc__)
    add = parser.add_argument
    add("--start", help="a model to compare with (else the figures of reference.json)")
    add("--teacher", action="store_true", help="measure the teacher too (else the figures of reference.json)")
    add("--camvid", help="folder of CamVid, which is not part of DATA")
    add("--no-words", action="store_true", help="leave the table of queries out")
    add("--out", default=f"{product.ROOT}/Reports/model.md")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    with open(f"{HERE}/reference.json") as file:
        reference = json.load(file)
    binary = product.Product(options.binary, options.model)
    built = binary.measure(options.data, options.camvid)
    with torch.no_grad():
        ours, model = model_column(options.model, options.data, options.camvid)
        asked = queries.measure(model, options.data) if not options.no_words else []
        coloured = colours.report(model, options.data)
        threshold = model.threshold
        start = model_column(options.start, options.data, options.camvid)[0] if options.start else None
        whole, tiles = [measured_teacher(options.data, tiled) for tiled in (False, True)] if options.teacher else (None, None)

    def cell(table, key, name, word):
        found = value(table, name, word) if table is not None else None
        if found is not None:
            return f"{found:.2f}"
        given = reference["rows"].get(f"{name}: {word}", {}).get(key)
        return "–" if given is None else f"{given:.2f}*"

    lines = ["# How good the bundled model is", "",
             f"Written by `Benchmarks/model/table.py`, commit {commit()}. AP50, all-point, every score counted; overlap one half.",
             "owlwatch-nano: through the built binary, `--look auto` (`Benchmarks/model/product.py`); beside it the same weights through",
             "transformers, where `Training/evaluate.py` says how each set is looked at. No picture of these sets was trained on or chose",
             "anything. A figure with * was not measured in this run: " + reference["note"], "",
             "| set: word | teacher, whole | teacher, tiles | start model | **owlwatch-nano** | through transformers | goal |", "|---|---|---|---|---|---|---|"]
    for row, given in reference["rows"].items():
        name, word = row.split(": ")
        own, apart = value(built, name, word), value(ours, name, word)
        goal = given.get("goal")
        lines.append(f"| {row} | {cell(whole, 'teacher_whole', name, word)} | {cell(tiles, 'teacher_tiles', name, word)} | "
                     f"{cell(start, 'start', name, word)} | {'not measured' if own is None else f'**{own:.2f}**'} | "
                     f"{'–' if apart is None else f'{apart:.2f}'} | "
                     f"{'–' if goal is None else f'{goal:.2f}'} |")
    lines += ["", "avss2007 is no AP: the share of keyframes, two a second, in which the suitcase that stands alone is found above the threshold.", ""]
    for how in ("tiles", "motion"):
        found = built[f"PETS09-S2L1 {how}"]["person"]
        at = found["at_threshold"]
        lines.append(f"- PETS09-S2L1, {how}: {found['pictures']} frames, {found['boxes']} boxes, {found['windows_a_picture']:.1f} windows a frame; best recall "
                     f"{found['recall']:.2f}. At the default threshold {threshold}: recall {at['recall']:.2f}, precision {at['precision']:.2f}.")
    lines += ["", "## From pictures to events", ""] + events.report(events.Events(binary, "200ms"), options.data)
    if asked:
        with open(f"{options.model}/owlwatch.json") as file:
            known = json.load(file)["words"]
        lines += ["", "## Words", "", "What a query reaches where that which it means has been boxed; trained: it is one of the model's own words.", "",
                  "| set | meaning | query | trained | AP50 |", "|---|---|---|---|---|"]
        lines += [f"| {name} | {meaning} | {query} | {'yes' if query in known else 'no'} | {ap:.2f} |" for name, meaning, query, ap in asked]
    lines += ["", "## Colours", "", "No word of a colour was trained. " + coloured]
    text = "\n".join(lines) + "\n"
    with open(options.out, "w") as file:
        file.write(text)
    with open(f"{HERE}/last.json", "w") as file:
        json.dump(dict(built=built, transformers=ours, threshold=threshold), file, indent=1)
    print(text)


def commit():
    return subprocess.run(["git", "-C", product.ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
