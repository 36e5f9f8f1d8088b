"""A word that the bundled model does not know, start to end: raccoons. Half of testdata/images/raccoon-200's pictures to train
on, half to measure by; copies of a picture stay on one side.

    python Benchmarks/model/raccoons.py split --data DATA OUT          OUT/train/labels.json, OUT/test/labels.json, in COCO's format
    make -C Training finetune COCO=OUT/train/labels.json RUN=OUT/run MINUTES=30 TEACHER=DATA/training/teacher
    python Benchmarks/model/raccoons.py measure OUT --model OUT/run/model      AP50 through the built binary
"""
import csv
import hashlib
import json
import os
import shutil

import numpy as np

import product
import evaluate


def split(data, out):
    folder = f"{data}/testdata/images/raccoon-200"
    rows, groups = {}, {}
    with open(f"{folder}/raccoon_labels.csv") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["filename"], []).append(row)
    names = [name for name in sorted(rows) if os.path.exists(f"{folder}/images/{name}")]
    for name in names:
        with open(f"{folder}/images/{name}", "rb") as file:
            groups.setdefault(hashlib.sha256(file.read()).hexdigest(), []).append(name)
    for side, part in enumerate(("train", "test")):
        os.makedirs(f"{out}/{part}/images", exist_ok=True)
        images, annotations = [], []
        for number, digest in enumerate(sorted(groups)):
            for name in groups[digest] if number % 2 == side else []:
                shutil.copyfile(f"{folder}/images/{name}", f"{out}/{part}/images/{name}")
                first = rows[name][0]
                images.append(dict(id=len(images), file_name=name, width=int(first["width"]), height=int(first["height"])))
                for row in rows[name]:
                    x0, y0, x1, y1 = (int(row[k]) for k in ("xmin", "ymin", "xmax", "ymax"))
                    annotations.append(dict(id=len(annotations), image_id=images[-1]["id"], category_id=1, bbox=[x0, y0, x1 - x0, y1 - y0],
                                            area=(x1 - x0) * (y1 - y0), iscrowd=0))
        with open(f"{out}/{part}/labels.json", "w") as file:
            json.dump(dict(images=images, annotations=annotations, categories=[dict(id=1, name="raccoon")]), file)
        print(f"{part}: {len(images)} pictures, {len(annotations)} raccoons")


def measure(out, binary, model):
    with open(f"{out}/test/labels.json") as file:
        labels = json.load(file)
    items = []
    for image in labels["images"]:
        boxes = np.array([a["bbox"] for a in labels["annotations"] if a["image_id"] == image["id"]], float)
        boxes[:, 2:] += boxes[:, :2]
        items.append((f"{out}/test/images/{image['file_name']}", {"raccoon": boxes}, {"raccoon": evaluate.NOTHING}))
    print(f"{model}: raccoon AP50 {product.Product(binary, model).stills(items)['raccoon']['ap50']:.3f} on {len(items)} pictures")


def main():
    parser = product.arguments(__doc__)
    parser.add_argument("verb", choices=["split", "measure"])
    parser.add_argument("out")
    options = parser.parse_args()
    split(options.data, options.out) if options.verb == "split" else measure(options.out, options.binary, options.model)


if __name__ == "__main__":
    main()
