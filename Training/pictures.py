"""Training pictures, decoded once and kept in memory, with their boxes and with what is known about each.

The heart of it is `known`: nobody boxes everything, so a place without a box is a true negative only for classes that were
looked for in that picture: by its annotators (sources.py: boxed) or by the teacher (COCO's 80 classes). And a teacher's box
between UNSURE and SURE is neither a positive nor a negative.
"""
import hashlib
import json

import cv2
import numpy as np

import sources
from measure import overlap
from plan import Picture
from words import CLASSES, COCO, MOTOR, NUMBER, RARE, RENAMED, STREET

SURE = .45            # by eye about 95 % of the teacher's street boxes from here up are right
SURE_OF_ODD = .6      # a car seen from above is a suitcase to it, now and then, with up to this score
ODD = {"suitcase", "cell phone", "train", "boat"}
SET_ASIDE = 25        # one picture (or group of pictures of one origin) in so many is kept for validation and calibration
_MOTOR = {NUMBER[c] for c in MOTOR}
_STREET = {NUMBER[c] for c in STREET}


def picture(name, source, pixels, drawn, taught, known, largest=1100, group=None, weight=1.):
    """drawn: [(class number, x0, y0, x1, y1)] by annotators; taught: [(class number, score, x0, y0, x1, y1)] by a detector;
    known: class names. Annotators win: a detector's box of the same thing is dropped."""
    boxes = [(c, *box, True) for c, *box in drawn]
    by_hand = np.array([b[1:5] for b in boxes], np.float32).reshape(-1, 4)
    for number, score, *box in taught:
        overlaps = overlap(np.array([box], np.float32), by_hand)[0]
        same = [o for o, b in zip(overlaps, boxes) if b[0] == number or (b[0] in _MOTOR and number in _MOTOR)]
        if same and max(same) > .4:
            continue
        odd_name = number not in _STREET and len(overlaps) and overlaps.max() > .6 and score < .7
        if not odd_name:
            least = SURE_OF_ODD if CLASSES[number] in ODD else SURE
            boxes.append((number, *box, score >= least and CLASSES[number] not in known[1]))
    factor = min(1., largest / max(pixels.shape[:2]))
    if factor < 1:
        pixels = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    flags = np.zeros(len(CLASSES), bool)
    flags[[NUMBER[c] for c in (*known[0], *known[1])]] = True
    return Picture(name, source, pixels, np.array([b[1:5] for b in boxes], np.float32).reshape(-1, 4) * factor,
                   np.array([b[0] for b in boxes], np.int64), np.array([b[5] for b in boxes], bool), flags, weight,
                   is_set_aside(group or name))


def is_set_aside(key):
    return int(hashlib.md5(key.encode()).hexdigest(), 16) % SET_ASIDE == 0


TAUGHT = [*COCO, *RARE, "vehicle"]      # what a picture is known for once the teacher has seen it


def from_labels(data, copies):
    """Pictures of the label files (DATA/training/labels.jsonl and labels-teacher.jsonl), train rows of the clean sets.

    copies: the report of copies.py"""
    table = {s.name: s for s in sources.PICTURES}
    out_names = {c["picture"] for c in copies["copies"]}
    out_groups = {(c["picture"].split("/")[0], c["group"]) for c in copies["copies"] if c["group"]}
    rows = {}
    for name in ("labels.jsonl", "labels-teacher.jsonl"):
        with open(f"{data}/training/{name}") as file:
            for line in file:
                row = json.loads(line)
                if row["split"] != "train" or row["dataset"] not in table or row["image"] in out_names:
                    continue
                if (row["dataset"], row.get("group")) in out_groups:
                    continue
                if row["image"] in rows:
                    rows[row["image"]]["boxes"] += row["boxes"]
                    rows[row["image"]]["taught"] = True
                else:
                    rows[row["image"]] = dict(row, taught=name == "labels-teacher.jsonl")
    for name, row in rows.items():
        source = table[row["dataset"]]
        pixels = cv2.imread(f"{data}/training/{name}")
        size = np.array([pixels.shape[1], pixels.shape[0]] * 2)
        drawn, taught = [], []
        for box in row["boxes"]:
            label = RENAMED.get(box["label"], box["label"])
            if label not in NUMBER:
                continue
            corners = (np.array(box["box"]) * size).tolist()
            if "score" in box:
                taught.append((NUMBER[label], box["score"], *corners))
            else:
                drawn.append((NUMBER[label], *corners))
        by_hand = source.boxed.split(",") if source.boxed else []
        known = (TAUGHT if row["taught"] else RARE, by_hand)
        yield picture(name, source.name, pixels, drawn, taught, known, group=row.get("group"), weight=source.weight)


def from_clips(data, teacher):
    """Frames of the clean clips (DATA/testdata/video), boxed by the teacher."""
    for clip in sources.CLIPS:
        reader, frames = cv2.VideoCapture(f"{data}/testdata/video/{clip.path}"), []
        while (read := reader.read())[0]:
            frames.append(read[1])
        for i in np.unique(np.linspace(0, len(frames) - 1, clip.frames).astype(int)):
            taught = [(NUMBER[n], s, *b) for n, s, *b in teacher.boxes_in_tiles(frames[i], clip.tile)]
            made = picture(f"{clip.path}:{i}", "clips", frames[i], [], taught, (TAUGHT, []), weight=2.2)
            made.set_aside = clip.set_aside
            yield made


def gathered(data, copies, teacher):
    """-> all pictures of the bundled model; copies: path of copies.py's report"""
    with open(copies) as file:
        return [*from_labels(data, json.load(file)), *from_clips(data, teacher)]
