"""All that a run needs in one small folder, to be taken to a machine with a GPU: what DATA takes several hundred megabytes for.

    python pack.py DATA COPIES.json CUTOUTS.pickle PACK [--megabytes 36]
    python train.py --data PACK --run RUN --start MODEL --minutes 9 --batch 512 --rate 6e-4

Pictures and cut-outs as WebP, as fine as the size allows; beside them the teacher's files and the text features. Reading it
needs neither OpenCV nor ncnn.
"""
import argparse
import io
import os
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

from plan import Picture

FILE = "pictures.pack"
QUALITIES = (80, 70, 60, 50, 45, 40, 35, 30, 25, 20, 15, 10)
BESIDE = ("training/teacher/nanodet-plus-m-416.param", "training/teacher/nanodet-plus-m-416.bin", "training/text/coco_clip_a+cname.npy",
          "training/text/lvis_v1_clip_a+cname.npy", "training/text/lvis_v1_train_cat_info.json")


def turned(pixels):
    """BGR(A) to RGB(A), or back"""
    return np.ascontiguousarray(pixels[..., [2, 1, 0, 3][:pixels.shape[2]]])


def encoded(pixels, quality):
    """pixels: BGR or BGRA -> WebP"""
    out = io.BytesIO()
    Image.fromarray(turned(pixels)).save(out, "WEBP", quality=quality, method=5)
    return out.getvalue()


def decoded(data):
    return turned(np.array(Image.open(io.BytesIO(data))))


def is_pack(folder):
    return bool(folder) and os.path.exists(f"{folder}/{FILE}")


def read(folder):
    """-> [Picture], [(class, BGRA)]"""
    with open(f"{folder}/{FILE}", "rb") as file:
        pictures, cutouts = pickle.load(file)
    with ThreadPoolExecutor() as many:
        pixels = list(many.map(decoded, [row.pop("data") for row in pictures]))
        return [Picture(pixels=p, **row) for p, row in zip(pixels, pictures)], [(name, decoded(data)) for name, data in cutouts]


def write(pictures, cutouts, folder, megabytes):
    every = [p.pixels for p in pictures] + [pixels for _, pixels in cutouts]
    some = every[::12]
    for quality in QUALITIES:
        size = sum(len(encoded(pixels, quality)) for pixels in some) * len(every) / len(some) / 1e6
        if size <= .95 * megabytes:
            break
    rows = [dict(name=p.name, source=p.source, data=encoded(p.pixels, quality), boxes=p.boxes, classes=p.classes, sure=p.sure,
                 known=p.known, weight=p.weight, set_aside=p.set_aside) for p in pictures]
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{FILE}", "wb") as file:
        pickle.dump((rows, [(name, encoded(pixels, quality)) for name, pixels in cutouts]), file)
    print(f"{len(pictures)} pictures, {len(cutouts)} cut-outs, WebP quality {quality}: {os.path.getsize(f'{folder}/{FILE}') / 1e6:.1f} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("data", "copies", "cutouts", "pack"):
        parser.add_argument(name)
    parser.add_argument("--megabytes", type=float, default=36, help="of pictures and cut-outs")
    options = parser.parse_args()
    import pictures                     # these need OpenCV and ncnn, which a machine that only reads the pack may lack
    from teacher import Teacher
    every = pictures.gathered(options.data, options.copies, Teacher(f"{options.data}/training/teacher"))
    with open(options.cutouts, "rb") as file:
        write(every, pickle.load(file), options.pack, options.megabytes)
    for name in BESIDE:
        os.makedirs(os.path.dirname(f"{options.pack}/{name}"), exist_ok=True)
        shutil.copyfile(f"{options.data}/{name}", f"{options.pack}/{name}")


if __name__ == "__main__":
    main()
