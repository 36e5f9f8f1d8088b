"""What the built binary finds on the rows of the table: `owlwatch detect` on stills, `owlwatch analyze` on clips, `--look auto`
unless said otherwise. Truth and matching are those of Training/evaluate.py."""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "Training"))

import evaluate  # noqa: E402
from measure import average_precision, match  # noqa: E402

LEAST = .02        # score from which a detection is asked for: average precision wants them all
AT_ONCE = 50       # pictures a process


def arguments(description):
    """-> a parser that knows what every measurement of a built binary needs"""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("--data", default=os.environ.get("OWLWATCH_TRAINING_DATA"))
    parser.add_argument("--model", default=f"{ROOT}/Models/owlwatch-nano")
    parser.add_argument("--binary", default=f"{ROOT}/.build/release/owlwatch")
    return parser


class Product:
    def __init__(self, binary, model):
        self.binary, self.model = binary, model
        with open(f"{model}/owlwatch.json") as file:
            self.threshold = json.load(file)["threshold"]

    def call(self, *arguments):
        done = subprocess.run([self.binary, *arguments], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return done

    def run(self, verb, words, *arguments):
        return self.call(verb, "--model", self.model, *[flag for word in words for flag in ("--query", word)], *arguments)

    def stills(self, items):
        """items: of evaluate.stills -> {word: AP50 and counts}"""
        words = list(items[0][1])
        rows, boxes = {word: [] for word in words}, {word: 0 for word in words}
        for i in range(0, len(items), AT_ONCE):
            part = items[i:i + AT_ONCE]
            lines = self.run("detect", words, "--threshold", str(LEAST), *[path for path, _, _ in part]).stdout.splitlines()
            for line, (_, truth, ignored) in zip(map(json.loads, lines), part, strict=True):
                for word in words:
                    found = corners(line["detections"], word, line["size"])
                    rows[word] += match(found[:, 1:], found[:, 0], truth[word], ignored[word])
                    boxes[word] += len(truth[word])
        return {word: dict(ap50=average_precision(rows[word], boxes[word])[0]) for word in words}

    def keyframes(self, clip, word, threshold, look):
        """-> ({frame from 0: detections [k, 5]: score and corners in pixels}, regions a keyframe), two keyframes a second"""
        with tempfile.NamedTemporaryFile(suffix=".jsonl") as record:
            done = self.run("analyze", [word], clip, "--threshold", str(threshold), "--look", look, "--every", "500ms", "--record-detections", record.name)
            lines = [json.loads(line) for line in open(record.name)]
        regions = float(done.stderr.split("looked at through ")[1].split(" regions")[0])
        size = lines[0]["header"]["size"]
        return {line["frame"]: corners(line["detections"], 0, size) for line in lines[1:]}, regions

    def pets(self, data, look):
        truth = {5 * i: boxes for i, (_, boxes) in enumerate(evaluate.pets(data)[0])}
        found, regions = self.keyframes(f"{data}/testdata/e2e/PETS09-S2L1/vtest.mp4", "person", LEAST, look)
        if found.keys() != truth.keys():
            raise SystemExit("PETS09-S2L1: other frames were looked at than every fifth")
        count = sum(map(len, truth.values()))
        rows, sure = [], []
        for frame, boxes in truth.items():
            rows += match(found[frame][:, 1:], found[frame][:, 0], boxes, evaluate.NOTHING)
            above = found[frame][found[frame][:, 0] >= self.threshold]
            sure += match(above[:, 1:], above[:, 0], boxes, evaluate.NOTHING)
        right = sum(r for _, r in sure)
        ap, recall = average_precision(rows, count)
        return dict(ap50=ap, recall=recall, boxes=count, pictures=len(truth), windows_a_picture=regions,
                    at_threshold=dict(recall=right / count, precision=right / max(1, len(sure))))

    def suitcase(self, data):
        found, _ = self.keyframes(f"{data}/testdata/events/avss2007-ab-easy-clip/AVSS_corto.mov", "suitcase", self.threshold, "auto")
        alone = [boxes for frame, boxes in found.items() if frame >= evaluate.ALONE_FROM]
        seen = sum(any(right for _, right in match(b[:, 1:], b[:, 0], evaluate.SUITCASE, evaluate.NOTHING)) for b in alone)
        return dict(found=seen, keyframes=len(alone), share=seen / len(alone))

    def measure(self, data, camvid_folder=None):
        table = {f"PETS09-S2L1 {name}": {"person": self.pets(data, look)} for name, look in (("tiles", "tiles"), ("motion", "auto"))}
        for name in evaluate.STILLS:
            table[name] = self.stills(evaluate.stills(data, name))
        if camvid_folder:
            table["CamVid Seq05VD"] = self.stills(evaluate.camvid(camvid_folder))
        table["avss2007"] = {"suitcase": self.suitcase(data)}
        return table


def corners(detections, query, size):
    """detections of one query -> [k, 5]: score, x0, y0, x1, y1 in pixels"""
    width, height = size["width"], size["height"]
    return np.array([[d["score"], d["box"]["left"] * width, d["box"]["top"] * height, d["box"]["right"] * width, d["box"]["bottom"] * height]
                     for d in detections if d["query"] == query]).reshape(-1, 5)
