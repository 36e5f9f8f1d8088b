"""Does the model tell colours? No word of a colour was trained; this asks for "red car" and the like on pictures whose labels carry colours,
and then whether the colour is to be read from what the class head says of a car at all.

    python Benchmarks/model/colours.py --data DATA [--model DIR]

Each car is shown alone, in a window twice as long as it is; the token that is surest of "car" answers.
"""
import json

import cv2
import numpy as np
import torch

import product
import evaluate

COLOURS = ["black", "white", "gray", "silver", "red", "blue", "green", "yellow"]
FOLDS = 5


def cars(data):
    """-> (number of the picture, picture, box in pixels, colour)"""
    with open(f"{data}/training/labels-teacher.jsonl") as file:
        for number, row in enumerate(map(json.loads, file)):
            named = [(b["label"].split()[0], b["box"]) for b in row["boxes"] if b["label"].endswith(" car") and b["label"].split()[0] in COLOURS]
            if named:
                picture = cv2.imread(f"{data}/training/{row['image']}")
                for colour, box in named:
                    yield number, picture, np.array(box) * np.tile(picture.shape[1::-1], 2), colour


@torch.no_grad()
def answer(model, picture, box, words):
    """-> the surest car token's logits of the words, and its class embedding of length 1"""
    side, middle, (height, width) = 2 * (box[2:] - box[:2]).max(), (box[:2] + box[2:]) / 2, picture.shape[:2]
    x, y = np.clip(middle - side / 2, 0, np.maximum(0, [width - side, height - side]))
    tokens, _ = model.tokens(evaluate.windows.cut(picture, [(x, y, min(side, width), min(side, height))]))
    logits, embeddings = model.network.class_predictor(tokens, torch.stack([model.text(w) for w in ["car", *words]])[None])
    best = int(logits[0, :, 0].argmax())
    return logits[0, best, 1:], embeddings[0, best] / embeddings[0, best].norm()


@torch.enable_grad()
def probed(embeddings, colours, pictures):
    """the colour that a logistic regression on other pictures' cars reads from each embedding"""
    told = torch.zeros_like(colours)
    for fold in range(FOLDS):
        train = pictures % FOLDS != fold
        weight, bias = torch.zeros(embeddings.shape[1], len(COLOURS), requires_grad=True), torch.zeros(len(COLOURS), requires_grad=True)
        solver = torch.optim.LBFGS([weight, bias], max_iter=200)

        def loss():
            solver.zero_grad()
            value = torch.nn.functional.cross_entropy(10 * embeddings[train] @ weight + bias, colours[train]) + .01 * (weight ** 2).sum()
            value.backward()
            return value

        solver.step(loss)
        with torch.no_grad():
            told[~train] = (10 * embeddings[~train] @ weight + bias).argmax(1)
    return told


def report(model, data):
    """model: of evaluate.Model -> what came out, one line"""
    words, items = [f"{colour} car" for colour in COLOURS], list(cars(data))
    logits, embeddings = map(torch.stack, zip(*(answer(model, picture, box, words) for _, picture, box, _ in items)))
    colours = torch.tensor([COLOURS.index(colour) for *_, colour in items])
    read = probed(embeddings, colours, torch.tensor([number for number, *_ in items]))
    commonest = colours.bincount().argmax()
    asked, read, guessed = (float((told == colours).float().mean()) for told in (logits.argmax(1), read, commonest))
    return (f"{len(items)} cars whose labels carry one of {len(COLOURS)} colours: asked for by name (\"red car\") the right colour scores highest on {asked:.2f} of them; a "
            f"probe on what the class head says reads it from {read:.2f}; always \"{COLOURS[commonest]}\" would be right on {guessed:.2f}.")


def main():
    options = product.arguments(__doc__).parse_args()
    print(report(evaluate.Model(options.model, 1), options.data))


if __name__ == "__main__":
    main()
