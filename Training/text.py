"""Texts: CLIP's tokenizer with a cut vocabulary, and what the text tower shall say about some 1,400 names.

CLIP's byte-pair vocabulary is cut to its first merges: 8,514 ids instead of 49,408 keep the bundled model small, and words
that need a later merge fall into more pieces. The two special ids are the last, as CLIP's "the end token has the largest
id" asks for. The files it writes are those transformers' CLIPTokenizer reads.
"""
import gzip
import json
import os
import re
import shutil

import numpy as np
import torch
import torch.nn.functional as F

from words import COCO, NUMBER, WORDS

MERGES = 8000
START, END = "<|startoftext|>", "<|endoftext|>"
LENGTH = 16


def byte_letters():
    """GPT-2's table: a printable letter for every byte"""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in printable]
    return {b: chr(c) for b, c in zip(printable + others, printable + list(range(256, 256 + len(others))))}


def write_vocabulary(bpe, folder):
    """bpe: CLIP's bpe_simple_vocab_16e6.txt.gz -> vocab.json, merges.txt, tokenizer_config.json, special_tokens_map.json"""
    with gzip.open(bpe, "rt", encoding="utf-8") as file:
        merges = file.read().split("\n")[1:1 + MERGES]
    letters = list(byte_letters().values())
    entries = letters + [letter + "</w>" for letter in letters] + ["".join(m.split()) for m in merges] + [START, END]
    assert len(set(entries)) == len(entries) == 512 + MERGES + 2
    special = dict(bos_token=START, eos_token=END, unk_token=END, pad_token="!")
    config = dict(special, add_prefix_space=False, do_lower_case=True, errors="replace", model_max_length=LENGTH,
                  tokenizer_class="CLIPTokenizer")
    for name, value in (("vocab", {e: i for i, e in enumerate(entries)}), ("special_tokens_map", special), ("tokenizer_config", config)):
        with open(f"{folder}/{name}.json", "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, indent=None if name == "vocab" else 1)
    with open(f"{folder}/merges.txt", "w", encoding="utf-8") as file:
        file.write("#version: 0.2\n" + "\n".join(merges) + "\n")


def copy_vocabulary(source, folder):
    """what write_vocabulary wrote, or a model folder has, into another folder"""
    for name in ("vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"):
        if os.path.realpath(source) != os.path.realpath(folder):
            shutil.copyfile(f"{source}/{name}", f"{folder}/{name}")


class Tokenizer:
    """The same ids as transformers' CLIPTokenizer for plain words; export.py holds them against each other."""
    PATTERN = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|[^\s\w]+|_+")

    def __init__(self, folder):
        with open(f"{folder}/vocab.json", encoding="utf-8") as file:
            self.ids = json.load(file)
        with open(f"{folder}/merges.txt", encoding="utf-8") as file:
            merges = [tuple(line.split()) for line in file.read().split("\n")[1:] if line]
        self.rank = {pair: i for i, pair in enumerate(merges)}
        self.letters, self.known = byte_letters(), {}

    def word(self, word):
        pieces = [self.letters[b] for b in word.encode()]
        pieces[-1] += "</w>"
        while len(pieces) > 1:
            ranks = [self.rank.get(pair, MERGES) for pair in zip(pieces, pieces[1:])]
            best = min(ranks)
            if best == MERGES:
                break
            i = ranks.index(best)
            pieces[i:i + 2] = ["".join(pieces[i:i + 2])]
        return [self.ids[p] for p in pieces]

    def text(self, text):
        if text not in self.known:
            inner = [i for word in self.PATTERN.findall(text.lower()) for i in self.word(word)]
            self.known[text] = [self.ids[START], *inner[:LENGTH - 2], self.ids[END]]
        return self.known[text]

    def __call__(self, texts, length=None):
        """-> int64 [Q, length], padded with 0 to the longest text"""
        rows = [self.text(t) for t in texts]
        length = length or max(map(len, rows))
        return torch.tensor([row + [0] * (length - len(row)) for row in rows])


def clip_names(folder):
    """-> texts, float32 [n, 512] CLIP features: COCO's and LVIS' names with LVIS' synonyms (folder: DATA/training/text)"""
    features = [np.load(f"{folder}/coco_clip_a+cname.npy"), np.load(f"{folder}/lvis_v1_clip_a+cname.npy")]
    with open(f"{folder}/lvis_v1_train_cat_info.json") as file:
        lvis = sorted(json.load(file), key=lambda c: c["id"])
    names, rows = list(COCO), list(features[0])
    for category, feature in zip(lvis, features[1]):
        for text in {category["name"], *category["synonyms"]}:
            text = re.sub(r"_?\(.*\)", "", text).replace("_", " ").strip().lower()
            if text and text not in names:
                names.append(text)
                rows.append(feature)
    return names, np.stack(rows).astype(np.float32)


def targets(folder, width):
    """What the text tower shall say -> texts, float32 [n, width], rows of length 1.

    CLIP's features minus their mean, turned onto their first `width` principal axes and half whitened: without that every
    two names are alike to .7 and more, and a class head that hangs on such texts learns nothing. A word of WORDS that
    CLIP's list lacks, or that is a synonym, gets the mean of the classes it names; so synonyms say the same."""
    names, features = clip_names(folder)
    features = features / np.linalg.norm(features, axis=1, keepdims=True)
    features -= features.mean(0)
    values, vectors = np.linalg.eigh(features.T @ features / len(features))
    order = np.argsort(-values)[:width]
    features = features @ vectors[:, order] * values[order] ** -.25
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    by_name = dict(zip(names, features))
    # each class once; one that CLIP's list lacks gets a fixed random direction
    random = np.random.default_rng(1)
    for name in NUMBER:
        if name not in by_name:
            made = random.normal(0, 1, width)
            by_name[name] = made / np.linalg.norm(made)
    by_class = {name: by_name[name] for name in NUMBER}
    for word, (classes, _) in WORDS.items():
        mean = np.mean([by_class[c] for c in classes], 0)
        mean = mean / np.linalg.norm(mean)
        if word in by_name and len(classes) > 1:
            mean = mean + by_name[word] * .5
        by_name[word] = mean / np.linalg.norm(mean)
    texts = list(by_name)
    return texts, np.stack([by_name[t] for t in texts]).astype(np.float32)


def as_said(tower, tokenizer, model, folder):
    """What the tower of a model that goes on shall say -> texts, [n, width] (rows of length 1), are there words to learn?

    The words of WORDS that `model` (its folder) was taught: what it says. One that it was not: what its synonyms say that it
    was, or else what it says by chance. With `folder` (DATA/training/text) CLIP's names too, lest they come too near."""
    with open(f"{model}/owlwatch.json") as file:
        taught = set(json.load(file).get("words", []))
    words = sorted(WORDS)
    with torch.no_grad():
        wanted = tower(tokenizer(words))
    means, are_new = {word: tuple(WORDS[word][0]) for word in words}, False
    for i, word in enumerate(words):
        known = [j for j, other in enumerate(words) if other in taught and means[other] == means[word]]
        if word not in taught and known:
            wanted[i], are_new = F.normalize(wanted[known].mean(0), dim=0), True
    if folder:
        names, rows = targets(folder, wanted.shape[1])
        others = [i for i, name in enumerate(names) if name not in WORDS]
        words, wanted = words + [names[i] for i in others], torch.cat([wanted, torch.from_numpy(rows[others])])
    return words, wanted, are_new


def random_targets(width):
    """The same from nothing, for runs without CLIP's features: near-orthogonal directions for the classes."""
    random = np.random.default_rng(1)
    by_class = {name: random.normal(0, 1, width) for name in NUMBER}
    rows = [np.mean([by_class[c] for c in classes], 0) for classes, _ in WORDS.values()]
    rows = np.stack(rows).astype(np.float32)
    return list(WORDS), rows / np.linalg.norm(rows, axis=1, keepdims=True)
