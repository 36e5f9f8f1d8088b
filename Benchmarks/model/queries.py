"""Words that people type, on the pictures where what they mean has been boxed. Used by table.py."""
import collections
import json

import cv2
import numpy as np

import evaluate
from measure import average_precision, match

# set -> what the query means there (labels of the set) -> queries
QUERIES = {
    "PETS09-S2L1": {("person",): [
        "person", "pedestrian", "people", "human", "someone", "man", "woman", "a man walking", "someone walking", "walker", "passer-by",
        "a person", "a photo of a person", "persons", "guy", "child", "worker", "figure", "a pedestrian crossing the road"]},
    "ccp": {("person",): ["person", "woman", "lady", "girl", "model", "human being"]},
    "vehicle_utebm": {
        ("car",): ["car", "automobile", "sedan", "motorcar", "passenger car", "taxi", "a parked car", "hatchback"],
        ("bus",): ["bus", "coach", "city bus", "minibus", "double-decker bus", "autobus"],
        ("motorcycle",): ["motorcycle", "motorbike", "scooter", "moped", "bike", "two-wheeler"],
        ("car", "bus", "truck", "motorcycle"): ["vehicle", "motor vehicle", "road vehicle", "traffic"]},
    "vehicles_openimages": {
        ("truck",): ["truck", "lorry", "cargo truck", "pickup truck", "a big truck", "garbage truck"],
        ("ambulance",): ["ambulance", "emergency vehicle", "rescue car"]},
    "montreal_cctv": {("vehicle", "bus"): ["vehicle", "automobile"]},
}


def rows_of_set(data, name):
    """-> [(picture, {labels: true boxes in pixels})]"""
    if name == "PETS09-S2L1":
        for frame, truth in evaluate.pets(data)[0]:
            yield frame, lambda labels, truth=truth: truth
        return
    with open(f"{data}/training/labels.jsonl") as file:
        for row in map(json.loads, file):
            if row["dataset"] == name and row["split"] == "eval":
                size = np.array([row["width"], row["height"]] * 2)
                boxes = [(b["label"], np.array(b["box"]) * size) for b in row["boxes"]]
                yield cv2.imread(f"{data}/training/{row['image']}"), \
                    lambda labels, boxes=boxes: np.array([b for label, b in boxes if label in labels]).reshape(-1, 4)


def measure(model, data):
    """-> [(set, meaning, query, AP50, known: is it one of the words in owlwatch.json?)]"""
    table = []
    for name, meanings in QUERIES.items():
        asked = [(labels, query) for labels, queries in meanings.items() for query in queries]
        rows, counts = collections.defaultdict(list), collections.Counter()
        for picture, truth_of in rows_of_set(data, name):
            height, width = picture.shape[:2]
            if name == "PETS09-S2L1":
                where = evaluate.windows.tiles(width, height, 160)
            else:
                where = [w for n in range(1, 4 if name == "montreal_cctv" else 3) for w in evaluate.windows.parts(width, height, n)]
            found = evaluate.look(model, picture, where, [query for _, query in asked])
            for labels, query in asked:
                truth = truth_of(labels)
                rows[query] += match(found[query][:, 1:], found[query][:, 0], truth, evaluate.NOTHING)
                counts[query] += len(truth)
        table += [(name, " or ".join(labels), query, average_precision(rows[query], counts[query])[0]) for labels, query in asked]
    return table
