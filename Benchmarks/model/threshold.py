"""The default threshold as people meet it: from which score on is what the built binary finds most often right and most complete?

    python Benchmarks/model/threshold.py --data DATA [--copies Training/.work/copies.json] [--model DIR] [--binary FILE]

On training pictures that were set aside, looked at through regions (`owlwatch detect`). Training/calibrate.py gives single windows scores that mean
something; a picture has many windows, and each adds false alarms, so that the threshold for pictures is higher.
"""
import json
import tempfile

import cv2
import numpy as np

import product
import pictures
import validate
from measure import average_precision, curve, match
from words import NUMBER

ASKED = ["person", "car", "vehicle"]
GRID = np.arange(.2, .96, .05)


def main():
    parser = product.arguments(__doc__)
    parser.add_argument("--copies", default=f"{product.ROOT}/Training/.work/copies.json")
    options = parser.parse_args()
    with open(options.copies) as file:
        aside = [p for p in pictures.from_labels(options.data, json.load(file)) if p.set_aside]
    built = product.Product(options.binary, options.model)
    rows, count = {word: [] for word in ASKED}, {word: 0 for word in ASKED}
    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{folder}/{i}.png" for i in range(len(aside))]
        for path, picture in zip(paths, aside):
            cv2.imwrite(path, picture.pixels)
        for i in range(0, len(paths), product.AT_ONCE):
            lines = built.run("detect", ASKED, "--threshold", str(product.LEAST), *paths[i:i + product.AT_ONCE]).stdout.splitlines()
            for line, picture in zip(map(json.loads, lines), aside[i:i + product.AT_ONCE], strict=True):
                for word in ASKED:
                    if picture.known[NUMBER[word]]:
                        truth, ignored = validate.truth_of(word, picture.boxes, picture.classes, picture.sure)
                        found = product.corners(line["detections"], word, line["size"])
                        rows[word] += match(found[:, 1:], found[:, 0], truth, ignored)
                        count[word] += len(truth)
    print(f"{len(aside)} pictures; F1 at a threshold, and precision")
    print("threshold    " + " ".join(f"{least:.2f}" for least in GRID))
    total = np.zeros(len(GRID))
    for word in ASKED:
        scores, right, _ = curve(rows[word])
        above = [int((scores >= least).sum()) for least in GRID]
        hits = np.array([right[k - 1] if k else 0 for k in above])
        f1 = 2 * hits / (np.array(above) + count[word])
        total += f1 / len(ASKED)
        print(f"{word:12} " + " ".join(f"{f:.2f}" for f in f1) + f"   AP50 {average_precision(rows[word], count[word])[0]:.3f}")
        print(" " * 13 + " ".join(f"{h / max(1, k):.2f}" for h, k in zip(hits, above)))
    print("mean F1      " + " ".join(f"{f:.2f}" for f in total))


if __name__ == "__main__":
    main()
