"""AP50 of a model on the sets that nothing was trained on or chosen by (all-point, every score counted).

    python evaluate.py MODEL --data DATA [--only NAME,NAME] [--out FILE.json] [--camvid FOLDER]

The model runs through transformers' own class. PETS: every fifth frame, windows of 160 pixels at native scale, as tiles or
on what moves. Stills: windows of the whole picture and its halves (montreal_cctv: thirds too), squeezed to the window.
"""
import argparse
import collections
import glob
import json
import os

import cv2
import numpy as np
import torch

import windows
from measure import average_precision, match

NOTHING = np.zeros((0, 4))
# set -> word -> labels that count as it
STILLS = {"montreal_cctv": {"vehicle": ["vehicle", "bus"], "pedestrian": ["pedestrian"]},
          "lowlight_person": {"person": ["person"]},
          "ccp": {"person": ["person"]},
          "vehicle_utebm": {word: [word] for word in ("car", "bus", "motorcycle")},
          "vehicles_openimages": {word: [word] for word in ("car", "bus", "truck", "motorcycle", "ambulance")}}


class Model:
    def __init__(self, folder, threads):
        from transformers import CLIPTokenizer, OwlViTForObjectDetection
        torch.set_num_threads(threads)
        self.network = OwlViTForObjectDetection.from_pretrained(folder).float().eval()
        self.tokenizer = CLIPTokenizer.from_pretrained(folder)
        from network import MEAN, STD
        self.mean, self.std = np.float32(MEAN) * 255, np.float32(STD) * 255
        self.texts, self.windows = {}, 0
        with open(f"{folder}/owlwatch.json") as file:
            self.threshold = json.load(file)["threshold"]

    def text(self, word):
        if word not in self.texts:
            ids = self.tokenizer([word], padding="max_length", truncation=True, max_length=16, return_tensors="pt")
            found = self.network.owlvit.get_text_features(input_ids=ids["input_ids"], attention_mask=ids["attention_mask"])
            found = found if torch.is_tensor(found) else found.pooler_output
            self.texts[word] = found[0] / found[0].norm()
        return self.texts[word]

    def tokens(self, pixels):
        """pixels: uint8 [n, 160, 160, 3] RGB -> [n, N, width], and the same as a grid"""
        x = ((pixels.astype(np.float32) - self.mean) / self.std).transpose(0, 3, 1, 2)
        grid = self.network.image_embedder(pixel_values=torch.from_numpy(np.ascontiguousarray(x)))[0]
        return grid.reshape(len(x), -1, grid.shape[-1]), grid

    @torch.no_grad()
    def __call__(self, pixels, words):
        """pixels: uint8 [n, 160, 160, 3] RGB -> scores [n, N, words], boxes [n, N, 4] corners in parts of the window"""
        texts, scores, boxes = torch.stack([self.text(w) for w in words]), [], []
        self.windows += len(pixels)
        for i in range(0, len(pixels), 64):
            tokens, grid = self.tokens(pixels[i:i + 64])
            scores.append(self.network.class_predictor(tokens, texts[None].expand(len(tokens), -1, -1))[0].sigmoid())
            box = self.network.box_predictor(tokens, grid)
            boxes.append(torch.cat([box[..., :2] - box[..., 2:] / 2, box[..., :2] + box[..., 2:] / 2], -1))
        return torch.cat(scores).numpy(), torch.cat(boxes).numpy()


class Teacher:
    """The teacher measured in the same way; it knows COCO's words alone and looks at whole pictures (or at larger tiles)."""

    def __init__(self, folder):
        from teacher import Teacher as Net
        self.net = Net(folder)
        self.means = {"vehicle": ["car", "bus", "truck", "motorcycle"], "pedestrian": ["person"]}

    def detections(self, picture, word, tile=0):
        found = self.net.boxes_in_tiles(picture, tile, .02) if tile else self.net.boxes(picture, .02)
        wanted = self.means.get(word, [word])
        return np.array([f[1:] for f in found if f[0] in wanted]).reshape(-1, 5)


def look(model, picture, where, words):
    """-> {word: detections [k, 5]}"""
    height, width = picture.shape[:2]
    if not where:
        return {word: np.zeros((0, 5)) for word in words}
    scores, boxes = model(windows.cut(picture, where), words)
    return {word: windows.merged(where, scores[..., i], boxes, width, height) for i, word in enumerate(words)}


def frames(path):
    clip = cv2.VideoCapture(path)
    while (read := clip.read())[0]:
        yield read[1]


PETS = "testdata/e2e/PETS09-S2L1"


def pets_truth(data):
    """-> [(frame from 0, person, box in pixels of the clip)]"""
    with open(f"{data}/{PETS}/gt/gt.txt") as file:
        for line in file:
            frame, person, x, y, w, h, counts = [float(v) for v in line.split(",")[:7]]
            if counts:
                yield int(frame) - 1, int(person), np.array([x, y, x + w, y + h]) * .625      # drawn at 768 x 576, video 480 x 360


def pets(data):
    """-> [(frame, true boxes)] of every fifth frame, and the empty scene"""
    every = list(frames(f"{data}/{PETS}/vtest.mp4"))
    truth = collections.defaultdict(list)
    for frame, _, box in pets_truth(data):
        truth[frame].append(box)
    empty = np.median(np.stack(every[::20]), 0).astype(np.float32)
    return [(every[k], np.array(truth[k]).reshape(-1, 4)) for k in range(0, len(every), 5)], empty


def measure_pets(model, data, how):
    items, empty = pets(data)
    rows, count, looked, found_at = [], 0, 0, [0, 0]
    for frame, truth in items:
        height, width = frame.shape[:2]
        where = windows.tiles(width, height, 160) if how == "tiles" else windows.on_motion(frame, empty)
        found = look(model, frame, where, ["person"])["person"]
        rows += match(found[:, 1:], found[:, 0], truth, NOTHING)
        above = found[found[:, 0] >= model.threshold]
        sure = match(above[:, 1:], above[:, 0], truth, NOTHING)
        found_at[0] += sum(r for _, r in sure)
        found_at[1] += len(sure)
        count += len(truth)
        looked += len(where)
    ap, recall = average_precision(rows, count)
    return dict(ap50=ap, recall=recall, boxes=count, pictures=len(items), windows_a_picture=looked / len(items),
                at_threshold=dict(recall=found_at[0] / count, precision=found_at[0] / max(1, found_at[1])))


def stills(data, name):
    """-> [(picture path, {word: true boxes in pixels})] of the evaluation rows"""
    items = []
    with open(f"{data}/training/labels.jsonl") as file:
        for row in map(json.loads, file):
            if row["dataset"] == name and row["split"] == "eval":
                size = np.array([row["width"], row["height"]] * 2)
                truth = {word: np.array([np.array(b["box"]) * size for b in row["boxes"] if b["label"] in labels]).reshape(-1, 4)
                         for word, labels in STILLS[name].items()}
                items.append((f"{data}/training/{row['image']}", truth, {word: NOTHING for word in truth}))
    return items


def camvid(folder):
    """Seq05VD: boxes are the connected parts of the class masks; parts under 60 pixels are ignored"""
    items = []
    for path in sorted(glob.glob(f"{folder}/*annot/Seq05VD*.png")):
        mask, truth, ignored = cv2.imread(path, 0), {}, {}
        for word, number in (("car", 8), ("person", 9)):
            _, _, found, _ = cv2.connectedComponentsWithStats((mask == number).astype(np.uint8), connectivity=8)
            boxes = np.array([[x, y, x + w, y + h] for x, y, w, h, _ in found[1:]], float).reshape(-1, 4)
            truth[word], ignored[word] = boxes[found[1:, 4] >= 60], boxes[found[1:, 4] < 60]
        items.append((path.replace("annot/", "/"), truth, ignored))
    return items


def measure_stills(model, items, count):
    words = list(items[0][1])
    rows, boxes = {word: [] for word in words}, collections.Counter()
    for path, truth, ignored in items:
        picture = cv2.imread(path)
        height, width = picture.shape[:2]
        where = [w for n in range(1, count + 1) for w in windows.parts(width, height, n)]
        for word, found in look(model, picture, where, words).items():
            rows[word] += match(found[:, 1:], found[:, 0], truth[word], ignored[word])
            boxes[word] += len(truth[word])
    return {word: dict(ap50=average_precision(rows[word], boxes[word])[0], boxes=boxes[word], pictures=len(items)) for word in words}


SUITCASE = np.array([[59, 242, 59 + 88, 242 + 155]]) * 1.     # i-LIDS ground truth, pixels of 720 x 576
ALONE_FROM = 1710        # frame from which its owner is out of view


def measure_suitcase(model, data):
    """the suitcase of avss2007 once its owner is out of view: share of keyframes (two a second) in which it is found above
    the model's threshold, overlap one half"""
    found, count = 0, 0
    for i, frame in enumerate(frames(f"{data}/testdata/events/avss2007-ab-easy-clip/AVSS_corto.mov")):
        if i >= ALONE_FROM and i % 15 == 0:
            height, width = frame.shape[:2]
            where = windows.tiles(width, height, 160) + windows.tiles(width, height, 320)
            seen = look(model, frame, where, ["suitcase"])["suitcase"]
            seen = seen[seen[:, 0] >= model.threshold]
            found += any(right for _, right in match(seen[:, 1:], seen[:, 0], SUITCASE, NOTHING))
            count += 1
    return dict(found=found, keyframes=count, share=found / count)


def measure(model, data, only=None, camvid_folder=None):
    table = {}

    def wanted(name):
        return only is None or name in only

    for how in ("tiles", "motion"):
        if wanted("pets"):
            table[f"PETS09-S2L1 {how}"] = {"person": measure_pets(model, data, how)}
    for name in STILLS:
        if wanted(name):
            table[name] = measure_stills(model, stills(data, name), 3 if name == "montreal_cctv" else 2)
    if camvid_folder and wanted("camvid"):
        table["CamVid Seq05VD"] = measure_stills(model, camvid(camvid_folder), 2)
    if wanted("avss2007"):
        table["avss2007"] = {"suitcase": measure_suitcase(model, data)}
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--data", default=os.environ.get("OWLWATCH_TRAINING_DATA"))
    parser.add_argument("--only", type=lambda names: names.split(","), help="pets, avss2007, camvid and names of sets")
    parser.add_argument("--camvid", help="folder of CamVid, which is not part of DATA")
    parser.add_argument("--out")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    cv2.setNumThreads(1)
    model = Model(options.model, options.threads)
    table = measure(model, options.data, options.only, options.camvid)
    for name, words in table.items():
        for word, value in words.items():
            print(name, word, {k: round(v, 3) if isinstance(v, float) else v for k, v in value.items()})
    if options.out:
        with open(options.out, "w") as file:
            json.dump(table, file, indent=1)


if __name__ == "__main__":
    main()
