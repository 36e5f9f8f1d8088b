"""Objects with alpha, to be pasted into training windows: a box is cut free of its background by GrabCut, and kept when the
shape fills the box as such an object does. From train rows of the clean sets alone, and of the ready-made ones in
DATA/training/cutouts only those whose picture came from a clean set; and what is drawn (luggage.py).

usage: cutouts.py DATA COPIES.json OUT.pickle
"""
import glob
import json
import os
import pickle
import sys

import cv2
import numpy as np

import luggage
import pictures
import sources
from words import CLASSES, WORN

LARGEST = 150          # side of a stored cut-out, pixels
LOOKED_AT = 120        # side of the picture GrabCut works on: its time grows with the area
WANTED = {"person": (900, .3, .8), "car": (500, .55, .95), "bus": (200, .6, .97), "truck": (200, .5, .97),
          "motorcycle": (250, .35, .85), "ambulance": (60, .55, .95), "forklift": (40, .35, .9), "sheep": (40, .35, .9),
          "cow": (40, .35, .9)}       # how many; share of the box filled


def alone(index, p):
    """no other object covers a tenth of this one; what a person wears or carries is no other object"""
    box = p.boxes[index]
    for i, other in enumerate(p.boxes):
        if i != index and CLASSES[p.classes[i]] not in WORN:
            shared = np.clip(np.minimum(box[2:], other[2:]) - np.maximum(box[:2], other[:2]), 0, None).prod()
            if shared > .1 * (box[2:] - box[:2]).prod():
                return False
    return True


def cut(pixels, box, least, most):
    """-> uint8 BGRA or None"""
    size = box[2:] - box[:2]
    margin = .12 * size + 3
    x0, y0 = np.maximum(0, box[:2] - margin).astype(int)
    x1, y1 = np.minimum(pixels.shape[1::-1], box[2:] + margin).astype(int)
    part = pixels[y0:y1, x0:x1]
    factor = min(1., LOOKED_AT / max(part.shape[:2]))
    small = cv2.resize(part, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    corner = (box[:2] - [x0, y0]) * factor
    rectangle = (*corner.astype(int), *np.maximum(4, size * factor).astype(int))
    mask = np.zeros(small.shape[:2], np.uint8)
    try:
        cv2.grabCut(small, mask, tuple(int(v) for v in rectangle), np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_RECT)
    except cv2.error:
        return None
    mask = ((mask == 1) | (mask == 3)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return None
    x, y, w, h, area = stats[1 + stats[1:, 4].argmax()]
    inner = size * factor
    if not least < area / (w * h) < most or w < .8 * inner[0] or h < .85 * inner[1]:
        return None
    alpha = cv2.GaussianBlur((labels == 1 + stats[1:, 4].argmax()).astype(np.uint8) * 255, (3, 3), 0)
    whole = cv2.resize(alpha, part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    made = np.dstack([part, whole])
    made = made[int(y / factor):int((y + h) / factor), int(x / factor):int((x + w) / factor)]
    factor = min(1., LARGEST / max(made.shape[:2]))
    return cv2.resize(made, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else made


def ready(data):
    for path in sorted(glob.glob(f"{data}/training/cutouts/*.png")):
        name, source, _ = os.path.basename(path).rsplit("-", 2)
        if source in sources.CUTOUTS:
            yield name.replace("_", " "), cv2.imread(path, cv2.IMREAD_UNCHANGED)


def main(data, copies, out):
    cv2.setNumThreads(1)
    random = np.random.default_rng(5)
    made = list(ready(data))
    print(len(made), "ready-made", flush=True)
    with open(copies) as file:
        every = [p for p in pictures.from_labels(data, json.load(file)) if not p.set_aside]
    todo = {}
    for p in every:
        for i, (number, box, sure) in enumerate(zip(p.classes, p.boxes, p.sure)):
            width, height = box[2:] - box[:2]
            if CLASSES[number] in WANTED and sure and max(width, height) >= 60 and min(width, height) >= 24 \
                    and (box[:2] > 2).all() and (box[2:] < np.array(p.pixels.shape[1::-1]) - 2).all() and alone(i, p):
                todo.setdefault(CLASSES[number], []).append((p, box))
    for name, items in todo.items():
        count, least, most = WANTED[name]
        before = len(made)
        for k in random.permutation(len(items)):
            if len(made) - before >= count:
                break
            p, box = items[k]
            if p.source == "lowlight_person" or (cutout := cut(p.pixels, box, least, most)) is None:
                continue
            made.append((name, cutout))
        print(name, len(items), "boxes,", len(made) - before, "cut out", flush=True)
    made += luggage.cutouts(random)
    with open(out, "wb") as file:
        pickle.dump(made, file)


if __name__ == "__main__":
    main(*sys.argv[1:4])
