"""Own recordings become training pictures: frames are taken, and the teacher or a big OWL-ViT draws the boxes.

    python label.py OUT CLIP... --teacher FOLDER                              COCO's 80 classes, NanoDet
    python label.py OUT CLIP... --owlvit FOLDER --words "forklift,pallet"     any words, a model pulled from its hub

OUT/labels.json (COCO's format, every box with its score) and OUT/images/ are what `train.py --coco` reads. Look at some
pictures with their boxes before you train on them; delete what is wrong: the file is plain JSON.
"""
import argparse
import json
import os

import cv2
import numpy as np

from teacher import squares


class ByTeacher:
    def __init__(self, folder):
        from teacher import Teacher
        self.net = Teacher(folder)

    def __call__(self, picture, tile):
        return self.net.boxes_in_tiles(picture, tile)


class ByOwlViT:
    """Any OwlViTForObjectDetection folder or name, whole picture and tiles. Its scores are lower than the teacher's, so they
    are stretched: `sure` (its score that you trust) becomes .45, half of it .25."""

    def __init__(self, folder, words, sure):
        from transformers import OwlViTForObjectDetection, OwlViTProcessor
        self.processor, self.model = OwlViTProcessor.from_pretrained(folder), OwlViTForObjectDetection.from_pretrained(folder).eval()
        self.words, self.sure = words, sure

    def __call__(self, picture, tile):
        import torch
        height, width = picture.shape[:2]
        found = []
        for x, y, w, h in [(0, 0, width, height), *squares(width, height, tile)]:
            part = np.ascontiguousarray(picture[y:y + h, x:x + w, ::-1])
            inputs = self.processor(text=[[f"a photo of a {word}" for word in self.words]], images=part, return_tensors="pt")
            with torch.no_grad():
                out = self.model(**inputs)
            scores, names = out.logits[0].sigmoid().max(1)
            # OWL-ViT's preprocessor squeezes the picture into its square, so boxes are in parts of the picture
            centre, size = out.pred_boxes[0, :, :2], out.pred_boxes[0, :, 2:]
            boxes = torch.cat([centre - size / 2, centre + size / 2], 1).clip(0, 1) * torch.tensor([w, h, w, h])
            for i in (scores > self.sure / 2).nonzero()[:, 0].tolist():
                x0, y0, x1, y1 = boxes[i].tolist()
                cut = (x > 0 and x0 < 3) or (y > 0 and y0 < 3) or (x + w < width and x1 > w - 3) or (y + h < height and y1 > h - 3)
                if not cut:
                    score = min(1., .05 + .4 * scores[i].item() / self.sure)
                    found.append((self.words[names[i]], score, x0 + x, y0 + y, x1 + x, y1 + y))
        kept = []
        for word in self.words:
            same = [f for f in found if f[0] == word]
            boxes = [(f[2], f[3], f[4] - f[2], f[5] - f[3]) for f in same]
            kept += [same[i] for i in np.array(cv2.dnn.NMSBoxes(boxes, [f[1] for f in same], .2, .5)).ravel()]
        return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("out")
    add("clips", nargs="+", help="videos or pictures")
    add("--teacher", help="folder of the NanoDet files")
    add("--owlvit", help="folder or name of an OWL-ViT")
    add("--words", type=lambda words: [w.strip() for w in words.split(",")], default=[])
    add("--sure", type=float, default=.2, help="the OWL-ViT's score from which you trust it")
    add("--frames", type=int, default=60, help="a clip, spread over its length")
    add("--tile", type=int, default=320, help="side of the squares it looks through besides the whole picture")
    options = parser.parse_args()
    if bool(options.teacher) == bool(options.owlvit) or (options.owlvit and not options.words):
        parser.error("give --teacher FOLDER, or --owlvit FOLDER with --words")
    labeller = ByTeacher(options.teacher) if options.teacher else ByOwlViT(options.owlvit, options.words, options.sure)
    os.makedirs(f"{options.out}/images", exist_ok=True)
    images, annotations, numbers = [], [], {}
    for path in options.clips:
        reader, frames = cv2.VideoCapture(path), []
        total = int(reader.get(cv2.CAP_PROP_FRAME_COUNT))
        wanted = set(np.linspace(0, max(0, total - 1), options.frames).astype(int)) if total > 0 else None
        index = 0
        while (read := reader.read())[0]:
            # a stream that does not tell its length gives every fiftieth frame
            if (index in wanted) if wanted else index % 50 == 0:
                frames.append((index, read[1]))
            index += 1
        for index, frame in frames:
            name = f"{os.path.splitext(os.path.basename(path))[0]}_{index:06d}.png"
            cv2.imwrite(f"{options.out}/images/{name}", frame)
            images.append(dict(id=len(images) + 1, file_name=name, width=frame.shape[1], height=frame.shape[0]))
            for word, score, x0, y0, x1, y1 in labeller(frame, options.tile):
                if options.words and word not in options.words:
                    continue
                box = [round(v, 1) for v in (x0, y0, x1 - x0, y1 - y0)]
                annotations.append(dict(id=len(annotations) + 1, image_id=len(images), bbox=box, area=round(box[2] * box[3], 1), iscrowd=0,
                                        category_id=numbers.setdefault(word, len(numbers) + 1), score=round(score, 3)))
        print(f"{path}: {len(frames)} pictures", flush=True)
    with open(f"{options.out}/labels.json", "w") as file:
        json.dump(dict(images=images, annotations=annotations, categories=[dict(id=i, name=n) for n, i in numbers.items()]), file)
    print(f"{options.out}/labels.json: {len(images)} pictures, {len(annotations)} boxes")


if __name__ == "__main__":
    main()
