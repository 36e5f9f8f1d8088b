"""Own pictures in COCO's format: one JSON file, pictures beside it or in images/ beside it.

Every category becomes a word. One that the table of words.py knows under the same name (or as a synonym of a single class)
is that class; the others are new classes, which `learn` adds before anything is built. What the file's categories name
counts as boxed wherever it is seen, as COCO files mean it; a box with a "score" (from label.py) counts by it. With a teacher
at hand its boxes are added, so that a model that learns raccoons does not forget people.
"""
import json
import os

import cv2

import pictures
import words


def learn(paths):
    """adds the categories of the files to the classes and words; to be called before anything is built from them"""
    for path in paths:
        with open(path) as file:
            for category in json.load(file)["categories"]:
                name = _class(category["name"])
                if name not in words.NUMBER:
                    words.NUMBER[name] = len(words.CLASSES)
                    words.CLASSES.append(name)
                    words.WORDS[name] = ([name], [])


def _class(label):
    label = label.strip().lower().replace("_", " ")
    label = words.RENAMED.get(label, label)
    meant = words.WORDS.get(label, ([label], []))[0]
    return meant[0] if len(meant) == 1 else label


def read(path, teacher=None, weight=1.):
    with open(path) as file:
        labels = json.load(file)
    folder = os.path.dirname(os.path.abspath(path))
    names = {c["id"]: _class(c["name"]) for c in labels["categories"]}
    by_hand = any("score" not in a for a in labels["annotations"])
    found = {}
    for a in labels["annotations"]:
        found.setdefault(a["image_id"], []).append(a)
    named = sorted(set(names.values()))
    known = ([] if by_hand else named) + (pictures.TAUGHT if teacher else []), named if by_hand else []
    for image in labels["images"]:
        file_name = next((f for f in (f"{folder}/{image['file_name']}", f"{folder}/images/{image['file_name']}") if os.path.exists(f)), None)
        if file_name is None:
            raise SystemExit(f"{path}: picture '{image['file_name']}' is neither in {folder} nor in {folder}/images")
        drawn, taught = [], []
        for a in found.get(image["id"], []):
            x, y, w, h = a["bbox"]
            number = words.NUMBER[names[a["category_id"]]]
            if "score" in a:
                taught.append((number, a["score"], x, y, x + w, y + h))
            elif not a.get("iscrowd"):
                drawn.append((number, x, y, x + w, y + h))
        pixels = cv2.imread(file_name)
        if teacher:
            taught += [(words.NUMBER[name], *rest) for name, *rest in teacher.boxes(pixels) if name not in named]
        yield pictures.picture(image["file_name"], os.path.basename(path), pixels, drawn, taught, known, weight=weight)
