"""From a picture to windows and back: where the model looks, and how the answers of all windows become one list.

The same ideas as the product's regions (`--look tiles`, `--look motion`), short enough to measure a model by.
"""
import cv2
import numpy as np

from measure import overlap

SIDE = 160
EDGE = 2.5 / SIDE      # a box that ends so near to a border of its window is cut off by it


def tiles(width, height, side):
    """squares of `side` pixels, neighbours sharing half -> [(x, y, w, h)]"""
    return _grid(width, height, min(side, width), min(side, height))


def parts(width, height, count):
    """windows of 1 / count of the picture each way, neighbours sharing half"""
    return _grid(width, height, width / count, height / count)


def _grid(width, height, w, h):
    columns, rows = (int(np.ceil((whole - part) / (part / 2) - 1e-6)) + 1 for whole, part in ((width, w), (height, h)))
    return [(x, y, w, h) for y in np.linspace(0, height - h, rows) for x in np.linspace(0, width - w, columns)]


def on_motion(picture, background, side=SIDE):
    """squares around what differs from the empty scene (float [height, width, 3])"""
    height, width = picture.shape[:2]
    moving = (cv2.GaussianBlur(np.abs(picture - background).max(2), (0, 0), 1.5) > 22).astype(np.uint8)
    moving = cv2.dilate(moving, np.ones((9, 5), np.uint8))
    _, _, blobs, centres = cv2.connectedComponentsWithStats(moving)
    found = []
    for (x, y, w, h, area), (cx, cy) in sorted(zip(map(tuple, blobs[1:]), centres[1:]), key=lambda b: -b[0][4]):
        if area <= 120:
            continue
        for mx in [x + w / 2] if w < .75 * side else np.arange(x + side / 4, x + w, side / 2):
            for my in [y + h / 2] if h < .75 * side else np.arange(y + side / 4, y + h, side / 2):
                left, top = min(max(mx - side / 2, 0), width - side), min(max(my - side / 2, 0), height - side)
                if all(abs(left - q[0]) + abs(top - q[1]) > side / 4 for q in found):
                    found.append((left, top, side, side))
    return found


def cut(picture, windows):
    """BGR picture -> uint8 [n, SIDE, SIDE, 3] RGB"""
    found = []
    for x, y, w, h in windows:
        part = picture[int(y):int(y + h), int(x):int(x + w)]
        if part.shape[:2] != (SIDE, SIDE):
            part = cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA if max(w, h) > SIDE else cv2.INTER_CUBIC)
        found.append(part[..., ::-1])
    return np.stack(found)


def merged(windows, scores, boxes, width, height, least=.02):
    """scores [n, N] of one word, boxes [n, N, 4] in parts of each window -> detections [k, 5]: score, x0, y0, x1, y1

    A box cut off by an inner border counts a tenth: it stays only where no window saw more."""
    found = []
    for (x, y, w, h), score, box in zip(windows, scores, boxes):
        kept = score > least
        box, score = box[kept].clip(0, 1), score[kept]
        cut_off = ((box[:, 0] < EDGE) & (x > 1)) | ((box[:, 1] < EDGE) & (y > 1)) \
            | ((box[:, 2] > 1 - EDGE) & (x + w < width - 1)) | ((box[:, 3] > 1 - EDGE) & (y + h < height - 1))
        found.append(np.column_stack([np.where(cut_off, .1 * score, score), box * [w, h, w, h] + [x, y, x, y]]))
    found = np.concatenate(found) if found else np.zeros((0, 5))
    found, kept = found[np.argsort(-found[:, 0])][:400], []
    while len(found):
        kept.append(found[0])
        rest = found[1:]
        shared = np.clip(np.minimum(found[0, 3:], rest[:, 3:]) - np.maximum(found[0, 1:3], rest[:, 1:3]), 0, None).prod(1)
        sizes = (rest[:, 3:] - rest[:, 1:3]).prod(1)
        smaller = np.minimum(sizes, (found[0, 3:] - found[0, 1:3]).prod())
        found = rest[(overlap(found[:1, 1:], rest[:, 1:])[0] < .45) & (shared / (smaller + 1e-9) < .8)]
    return np.array(kept).reshape(-1, 5)
