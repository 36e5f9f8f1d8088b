"""The teacher: NanoDet-Plus-m-416 (COCO's 80 classes, Apache-2.0, run by ncnn). It gives boxes where nobody drew any, and
its feature maps are a target for every token of every window. About 40 ms a picture, 4.5 ms a window, on one core.

The folder holds nanodet-plus-m-416.param and .bin (nihui's ncnn conversion of RangiLyu/nanodet's released weights).
"""
import cv2
import numpy as np

from hints import MAPS, MEAN, SCALE
from words import COCO

SIDE = 416
STRIDES = (8, 16, 32, 64)


class Teacher:
    def __init__(self, folder, threads=1):
        import ncnn
        self.ncnn, self.net = ncnn, ncnn.Net()
        self.net.opt.num_threads = threads
        self.net.load_param(f"{folder}/nanodet-plus-m-416.param")
        self.net.load_model(f"{folder}/nanodet-plus-m-416.bin")
        cells = []
        for stride in STRIDES:
            count = -(-SIDE // stride)
            rows, columns = np.mgrid[0:count, 0:count]
            cells.append(np.stack([columns.ravel() * stride, rows.ravel() * stride, np.full(count * count, stride)], 1))
        self.cells = np.concatenate(cells).astype(np.float32)

    def _run(self, picture, kind, outputs):
        height, width = picture.shape[:2]
        blob = self.ncnn.Mat.from_pixels(np.ascontiguousarray(picture), kind, width, height)
        blob.substract_mean_normalize(MEAN, SCALE)
        extractor = self.net.create_extractor()
        extractor.input("data", blob)
        return [np.array(extractor.extract(name)[1]) for name in outputs]

    def boxes(self, picture, least=.25):
        """picture: BGR, any size -> [(class, score, x0, y0, x1, y1)] in its pixels"""
        height, width = picture.shape[:2]
        factor = SIDE / max(height, width)
        h, w = round(height * factor), round(width * factor)
        square = np.zeros((SIDE, SIDE, 3), np.uint8)
        square[:h, :w] = cv2.resize(picture, (w, h), interpolation=cv2.INTER_LINEAR if factor > 1 else cv2.INTER_AREA)
        out, = self._run(square, self.ncnn.Mat.PixelType.PIXEL_BGR, ["output"])
        out = out if out.shape[1] == 112 else out.T
        scores, sides = out[:, :80], out[:, 80:].reshape(-1, 4, 8)
        # each side is a distribution over 0...7 strides (generalised focal loss); its mean is the distance
        sides = np.exp(sides - sides.max(2, keepdims=True))
        sides = (sides / sides.sum(2, keepdims=True)) @ np.arange(8, dtype=np.float32) * self.cells[:, 2:]
        x, y = self.cells[:, 0], self.cells[:, 1]
        boxes = np.stack([x - sides[:, 0], y - sides[:, 1], x + sides[:, 2], y + sides[:, 3]], 1) / factor
        boxes = boxes.clip(0, [width, height, width, height])
        found = []
        for number in np.unique(np.nonzero(scores > least)[1]):
            rows = np.nonzero(scores[:, number] > least)[0]
            kept = _merge(boxes[rows], scores[rows, number], least, .6)
            found += [(COCO[number], float(scores[rows[i], number]), *boxes[rows[i]].tolist()) for i in kept]
        return found

    def boxes_in_tiles(self, picture, tile, least=.25):
        """The same, looking at the whole picture and at overlapping squares of `tile` pixels: finds what is small."""
        height, width = picture.shape[:2]
        found = self.boxes(picture, least)
        for x, y, w, h in squares(width, height, tile):
            for name, score, x0, y0, x1, y1 in self.boxes(picture[y:y + h, x:x + w], least):
                cut = (x > 0 and x0 < 3) or (y > 0 and y0 < 3) or (x + w < width and x1 > w - 3) or (y + h < height and y1 > h - 3)
                if not cut:
                    found.append((name, score, x0 + x, y0 + y, x1 + x, y1 + y))
        kept = []
        for name in {f[0] for f in found}:
            same = [f for f in found if f[0] == name]
            kept += [same[i] for i in _merge(np.array([f[2:] for f in same]), np.array([f[1] for f in same]), least, .55)]
        return kept

    def maps(self, windows):
        """windows: uint8 [B, side, side, 3] RGB, side a multiple of 32 -> float32 [B, (side / 16)^2, 288]"""
        return np.stack([self._maps(window) for window in windows])

    def _maps(self, window):
        grid = len(window) // 16
        fine, middle, coarse = self._run(window, self.ncnn.Mat.PixelType.PIXEL_RGB2BGR, MAPS)
        fine = fine.reshape(96, grid, 2, grid, 2).mean((2, 4))
        coarse = np.repeat(np.repeat(coarse, 2, 1), 2, 2)
        return np.concatenate([fine, middle, coarse]).reshape(288, grid * grid).T.astype(np.float32)


def squares(width, height, side):
    """-> [(x, y, w, h)] that cover the picture, neighbours sharing at least a quarter"""
    if side >= max(width, height):
        return []
    w, h = min(side, width), min(side, height)
    columns = int(np.ceil((width - w) / (.75 * w))) + 1
    rows = int(np.ceil((height - h) / (.75 * h))) + 1
    return [(int(x), int(y), w, h) for y in np.linspace(0, height - h, rows) for x in np.linspace(0, width - w, columns)]


def _merge(boxes, scores, least, overlap):
    rectangles = [(x0, y0, x1 - x0, y1 - y0) for x0, y0, x1, y1 in boxes.tolist()]
    return np.array(cv2.dnn.NMSBoxes(rectangles, scores.tolist(), least, overlap)).ravel()
