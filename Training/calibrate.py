"""Scores that mean something, and the threshold that serves as the default: both from set-aside training pictures.

    python calibrate.py MODEL --data DATA --copies COPIES.json       (or --coco FILE)

Over the detections on windows of set-aside pictures, a temperature and a shift are fitted so that a score is the share of
such detections that are right (Platt, 1999); they are folded into the model's own logit scale and logit shift, so every
program that loads the model has them. Then owlwatch.json gets the threshold with the best F1, averaged over the words.
"""
import argparse
import json
import os

import cv2
import numpy as np
import torch
from safetensors.torch import load_file, save_file

import coco
import network
import pictures
import text
import validate
from measure import best_f1, curve
from render import Renderer
from words import CLASSES

SCALE, SHIFT = "class_head.logit_scale", "class_head.logit_shift"


def load(folder):
    with open(f"{folder}/config.json") as file:
        shape = network.shape_of(json.load(file), len(CLASSES))
    net = network.Network(shape)
    net.load_state_dict(network.from_hugging_face(load_file(f"{folder}/model.safetensors"), shape), strict=False)
    return net.eval()


def rows_of(net, tokenizer, held, words):
    scores, boxes = validate.answers(net, tokenizer, held, words)
    return {word: validate.rows_of_word(word, i, held, scores, boxes, least=.01) for i, word in enumerate(words)}


def fit(rows):
    """[(score, right)] -> temperature a and shift b: a score's logit z becomes a z + b"""
    score = torch.tensor([r[0] for r in rows], dtype=torch.float64).clamp(1e-4, 1 - 1e-4)
    right = torch.tensor([float(r[1]) for r in rows], dtype=torch.float64)
    z, values = torch.logit(score), torch.tensor([1., 0.], dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([values], max_iter=100, line_search_fn="strong_wolfe")

    def loss():
        solver.zero_grad()
        value = torch.nn.functional.binary_cross_entropy_with_logits(values[0] * z + values[1], right)
        value.backward()
        return value

    solver.step(loss)
    return values.detach().tolist()


@torch.no_grad()
def fold(folder, net, held, a, b):
    """(cosine + shift) * (elu(scale) + 1) times a plus b: the scale takes a, the shift takes b over the mean scale"""
    tokens = net.image(torch.from_numpy(held.pixels[:100]))
    scale = torch.nn.functional.elu(net.scale(tokens)) + 1
    weights = load_file(f"{folder}/model.safetensors")
    wide = {name: weights[name].float() for name in (f"{SCALE}.weight", f"{SCALE}.bias", f"{SHIFT}.bias")}
    # elu(s) + 1 is s + 1 wherever s is positive, which it is by far
    weights[f"{SCALE}.weight"] = (a * wide[f"{SCALE}.weight"]).half()
    weights[f"{SCALE}.bias"] = (a * (wide[f"{SCALE}.bias"] + 1) - 1).half()
    weights[f"{SHIFT}.bias"] = (wide[f"{SHIFT}.bias"] + b / (a * scale.mean())).half()
    save_file(weights, f"{folder}/model.safetensors", metadata={"format": "pt"})
    return scale.min().item(), scale.mean().item(), scale.max().item()


def threshold(rows):
    """-> the score with the best mean F1 over the words, and that F1"""
    grid = np.arange(.05, .9, .01)
    total = np.zeros(len(grid))
    for word_rows, count in rows.values():
        scores, right, seen = curve(word_rows)
        for i, least in enumerate(grid):
            k = int((scores >= least).sum())
            total[i] += 2 * right[k - 1] / (k + count) if k else 0
    return float(grid[total.argmax()]), float(total.max() / len(rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("model")
    add("--data", default=os.environ.get("OWLWATCH_TRAINING_DATA"))
    add("--copies")
    add("--coco", action="append", default=[])
    add("--words", default="person,car,vehicle", help="what the threshold is set for")
    add("--windows", type=int, default=900)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.coco:
        coco.learn(options.coco)
        every = [p for path in options.coco for p in coco.read(path)]
    else:
        with open(options.copies) as file:
            every = pictures.from_labels(options.data, json.load(file))
    held = Renderer([p for p in every if p.set_aside], [], 11, clean=True).batch(options.windows)
    words, tokenizer = options.words.split(","), text.Tokenizer(options.model)
    net = load(options.model)
    before = rows_of(net, tokenizer, held, words)
    a, b = fit([row for rows, _ in before.values() for row in rows])
    scales = fold(options.model, net, held, a, b)
    print(f"temperature {a:.3f}, shift {b:.3f}; scale of tokens: least {scales[0]:.1f}, mean {scales[1]:.1f}, most {scales[2]:.1f}")
    after = rows_of(load(options.model), tokenizer, held, words)
    least, f1 = threshold(after)
    for word, (rows, count) in after.items():
        at, best, precision, recall = best_f1(rows, count)
        print(f"{word}: {count} boxes, best F1 {best:.3f} at {at:.3f} (precision {precision:.2f}, recall {recall:.2f})")
        scores, right = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
        bins = [(scores >= low) & (scores < low + .2) for low in np.arange(0, 1, .2)]
        print("   share right by score, fifths:", " ".join(f"{right[k].mean():.2f}" if k.any() else "-" for k in bins))
    with open(f"{options.model}/owlwatch.json") as file:
        own = json.load(file)
    own["threshold"] = round(least, 3)
    with open(f"{options.model}/owlwatch.json", "w") as file:
        json.dump(own, file, indent=1)
        file.write("\n")
    print(f"threshold {least:.3f}, mean F1 {f1:.3f}")


if __name__ == "__main__":
    main()
