"""Drawn scenes with boxes, in COCO's format, from nothing: for the smoke run, which needs no pictures.

    python scenes.py OUT [COUNT]

Streets seen from above and from the side, grey and green, with "cars" (rounded boxes with windows and wheels) and "persons"
(upright figures with a head). Good for seeing whether training learns anything at all; a camera's world it is not.
"""
import json
import os
import sys

import cv2
import numpy as np

SIDE = 256


def background(random):
    scene = np.empty((SIDE, SIDE, 3), np.float32)
    scene[:] = random.uniform(60, 190, 3)
    for _ in range(random.integers(3, 9)):
        x, y, w, h = random.integers(0, SIDE, 4)
        cv2.rectangle(scene, (int(x), int(y)), (int(x + w), int(y + h)), random.uniform(40, 210, 3).tolist(), -1)
    coarse = cv2.resize(random.normal(0, 14, (24, 24, 3)).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return scene + coarse + random.normal(0, 5, scene.shape)


def person(scene, x, y, height, random):
    """-> its box x, y, w, h; (x, y) is its lower middle"""
    width, colours = int(.38 * height), random.uniform(20, 235, (2, 3))
    head = max(2, int(.09 * height))
    cv2.ellipse(scene, (x, int(y - .55 * height)), (width // 2, int(.3 * height)), 0, 0, 360, colours[0].tolist(), -1)
    for leg in (-1, 1):
        cv2.line(scene, (x, int(y - .4 * height)), (x + leg * int(random.uniform(.05, .4) * width), y), colours[1].tolist(), max(2, width // 4))
    cv2.circle(scene, (x, y - height + head), head, (130, 160, 200), -1)
    return x - width // 2, y - height, width, height


def car(scene, x, y, width, random):
    height, colour = int(.42 * width), random.uniform(20, 235, 3)
    left, top = x - width // 2, y - height
    cv2.rectangle(scene, (left, top + height // 3), (left + width, y - height // 8), colour.tolist(), -1)
    cv2.rectangle(scene, (left + width // 5, top), (left + 4 * width // 5, top + height // 2), (colour * .8).tolist(), -1)
    cv2.rectangle(scene, (left + width // 4, top + height // 12), (left + 3 * width // 4, top + height // 3), (60, 50, 40), -1)
    for wheel in (.22, .78):
        cv2.circle(scene, (left + int(wheel * width), y - height // 8), height // 7, (25, 25, 25), -1)
    return left, top, width, height


def write(out, count=200, seed=1):
    os.makedirs(f"{out}/images", exist_ok=True)
    random, images, annotations = np.random.default_rng(seed), [], []
    for number in range(1, count + 1):
        scene = background(random)
        for _ in range(random.integers(1, 6)):
            kind, draw = ((1, person), (2, car))[random.integers(2)]
            size = int(random.uniform(40, 110))
            x, y = random.integers(size // 2, SIDE - size // 2), random.integers(size + 2, SIDE - 4)
            box = draw(scene, int(x), int(y), size, random)
            annotations.append(dict(id=len(annotations) + 1, image_id=number, category_id=kind, bbox=list(map(int, box)), iscrowd=0))
        cv2.imwrite(f"{out}/images/{number:04d}.jpg", scene.clip(0, 255).astype(np.uint8))
        images.append(dict(id=number, file_name=f"{number:04d}.jpg", width=SIDE, height=SIDE))
    with open(f"{out}/labels.json", "w") as file:
        json.dump(dict(images=images, annotations=annotations, categories=[dict(id=1, name="person"), dict(id=2, name="car")]), file)


if __name__ == "__main__":
    write(sys.argv[1], *map(int, sys.argv[2:3]))
