"""Average precision at an overlap of one half (AP50), all-point interpolation, every score counted."""
import numpy as np


def overlap(a, b):
    """float [n, 4], [m, 4] -> intersection over union [n, m]"""
    top_left, bottom_right = np.maximum(a[:, None, :2], b[None, :, :2]), np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.clip(bottom_right - top_left, 0, None).prod(2)
    area = lambda z: (z[:, 2] - z[:, 0]) * (z[:, 3] - z[:, 1])
    return shared / (area(a)[:, None] + area(b)[None] - shared + 1e-6)


def suppress(boxes, scores, most=.5):
    """greedy non-maximum suppression -> indices, best first"""
    kept = []
    for i in np.argsort(-scores):
        if not kept or overlap(boxes[i][None], boxes[kept])[0].max() < most:
            kept.append(i)
    return kept


def inside_of(box, others):
    """share of the box that each of the others covers -> [n]"""
    shared = np.clip(np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2]), 0, None).prod(1)
    return shared / max(1e-9, (box[2:] - box[:2]).prod())


def match(boxes, scores, truth, ignored):
    """-> [(score, 1 right or 0 wrong)]; every true box is found once; what lies in an ignored box counts for nothing"""
    rows, taken = [], np.zeros(len(truth), bool)
    for i in np.argsort(-np.asarray(scores)):
        overlaps = overlap(boxes[i][None], truth)[0] * ~taken if len(truth) else np.zeros(0)
        if len(overlaps) and overlaps.max() >= .5:
            taken[overlaps.argmax()] = True
            rows.append((float(scores[i]), 1))
        elif not (len(ignored) and inside_of(boxes[i], ignored).max() > .5):
            rows.append((float(scores[i]), 0))
    return rows


def curve(rows):
    """rows of match, any order -> scores, right so far, seen so far; best first"""
    rows = sorted(rows, key=lambda r: -r[0])
    return np.array([r[0] for r in rows]), np.cumsum([r[1] for r in rows]), np.arange(1, len(rows) + 1)


def average_precision(rows, count):
    """count: true boxes -> AP50, recall"""
    if not rows or not count:
        return 0., 0.
    _, right, seen = curve(rows)
    recall, precision = right / count, right / seen
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(recall, prepend=0.) * precision)), float(recall[-1])


def best_f1(rows, count):
    """-> threshold, F1, precision, recall at the score where F1 is highest"""
    if not rows or not count:
        return 0., 0., 0., 0.
    scores, right, seen = curve(rows)
    f1 = 2 * right / (seen + count)
    i = int(f1.argmax())
    return float(scores[i]), float(f1[i]), float(right[i] / seen[i]), float(right[i] / count)
