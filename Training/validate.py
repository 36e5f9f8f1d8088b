"""How good is the model on windows of set-aside training pictures? This chooses, calibrates and stops; the evaluation sets
do not."""
import numpy as np
import torch

from losses import corners
from measure import match, suppress
from words import NUMBER, WORDS

ASKED = ["person", "car", "vehicle", "bus", "truck", "motorcycle", "bicycle"]


@torch.no_grad()
def answers(network, tokenizer, windows, words=ASKED, device="cpu"):
    """windows: a plan.Batch -> scores [B, N, words], boxes [B, N, 4] corners, numpy"""
    texts = network.text(tokenizer(words).to(device))
    scores, boxes = [], []
    for i in range(0, len(windows.pixels), 50):
        logits, raw = network(torch.as_tensor(windows.pixels[i:i + 50], device=device), texts)
        scores.append(logits.sigmoid().cpu())
        boxes.append(corners(raw.sigmoid()).cpu())
    return torch.cat(scores).numpy(), torch.cat(boxes).numpy()


def truth_of(word, boxes, classes, sure):
    """a picture's or a window's boxes -> those the word is to find, and those that count for nothing"""
    named, silent = ([NUMBER[c] for c in which] for which in WORDS[word][:2])
    asked = np.isin(classes, named)
    return boxes[asked & sure], boxes[(asked & ~sure) | np.isin(classes, silent)]


def rows_of_word(word, index, windows, scores, boxes, least=.02):
    """-> rows of measure.match over all windows in which the word can be judged, and the number of true boxes"""
    rows, count = [], 0
    for i in range(len(scores)):
        if not windows.known[i][NUMBER[word]]:
            continue
        truth, ignored = truth_of(word, windows.boxes[i], windows.classes[i], windows.sure[i])
        tokens = np.argsort(-scores[i, :, index])[:40]
        tokens = tokens[scores[i, tokens, index] > least]
        tokens = tokens[suppress(boxes[i, tokens], scores[i, tokens, index], .45)]
        rows += match(boxes[i, tokens], scores[i, tokens, index], truth, ignored)
        count += len(truth)
    return rows, count
