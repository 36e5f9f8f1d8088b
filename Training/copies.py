"""No picture that is trained on may be one that is measured with.

Every training picture is held against every evaluation picture (rows with "split": "eval", frames of the evaluation
clips), turned and mirrored in all eight ways, by thumbnails of 16 x 16 grey values brought to mean 0 and length 1. Exports
of one source are often turned, cropped a little, brightened or made noisy, and those all keep such a thumbnail alike.
Whoever is nearer than the limit to an evaluation picture is left out, and so is its whole group.

usage: copies.py DATA OUT.json       DATA holds training/ and testdata/
"""
import json
import os
import sys

import cv2
import numpy as np

import sources

SIDE = 16
LIMIT = .95       # correlation: at .95 pairs are copies or neighbouring frames of one camera (looked at on a sheet)


def thumbnail(picture):
    """BGR -> float [SIDE * SIDE], mean 0, length 1"""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
    small -= small.mean()
    return small / (np.linalg.norm(small) + 1e-6)


def turned(thumb):
    """-> [8, SIDE * SIDE]"""
    square = thumb.reshape(SIDE, SIDE)
    return np.stack([np.rot90(side, k).ravel() for side in (square, square[:, ::-1]) for k in range(4)])


def rows(data):
    for name in ("labels.jsonl", "labels-teacher.jsonl"):
        with open(f"{data}/training/{name}") as file:
            yield from map(json.loads, file)


def clip_frames(path, step):
    clip = cv2.VideoCapture(path)
    index = 0
    while True:
        ok, frame = clip.read()
        if not ok:
            return
        if index % step == 0:
            yield frame
        index += 1


def evaluation_thumbnails(data):
    names, thumbs = [], []
    for row in rows(data):
        if row["split"] == "eval":
            picture = cv2.imread(f"{data}/training/{row['image']}")
            names.append(row["image"])
            thumbs.append(thumbnail(picture))
    for path in sources.EVALUATION_CLIPS:
        for i, frame in enumerate(clip_frames(f"{data}/{path}", 40)):
            names.append(f"{os.path.basename(path)}:{i * 40}")
            thumbs.append(thumbnail(frame))
    return names, np.stack(thumbs)


def main(data, out):
    cv2.setNumThreads(1)
    names, measured = evaluation_thumbnails(data)
    found, checked = [], 0
    wanted = {s.name for s in sources.PICTURES}

    def check(name, group, picture):
        likeness = (turned(thumbnail(picture)) @ measured.T).max(0)
        best = int(likeness.argmax())
        if likeness[best] > LIMIT - .1:
            found.append(dict(picture=name, group=group, copy_of=names[best], likeness=round(float(likeness[best]), 3)))

    for row in rows(data):
        if row["split"] == "train" and row["dataset"] in wanted and "adds_to" not in row:
            checked += 1
            check(row["image"], row.get("group"), cv2.imread(f"{data}/training/{row['image']}"))
    for clip in sources.CLIPS:
        for i, frame in enumerate(clip_frames(f"{data}/testdata/video/{clip.path}", 20)):
            checked += 1
            check(f"{clip.path}:{i * 20}", clip.path, frame)
    found.sort(key=lambda pair: -pair["likeness"])
    report = dict(training_pictures=checked, evaluation_pictures=len(names), limit=LIMIT,
                  copies=[f for f in found if f["likeness"] >= LIMIT], near=[f for f in found if f["likeness"] < LIMIT][:60])
    with open(out, "w") as file:
        json.dump(report, file, indent=1)
    print(f"{checked} training pictures against {len(names)} evaluation pictures: {len(report['copies'])} copies left out, "
          f"{len(report['near'])} near ones kept")


if __name__ == "__main__":
    main(*sys.argv[1:3])
