"""Training windows: a labelled picture is cut so that an object drawn by class has a drawn size in the window, cut-outs are
pasted in, and the result is worn down as cameras wear pictures down. About 1 ms a window on one core.

A window is what the product's `--look tiles` and `--look motion` show the model, so objects of 24 to 150 pixels in 160 are
the rule, and an object may stick out of the window or of the picture.
"""
from dataclasses import dataclass

import cv2
import numpy as np

from words import CLASSES, NUMBER

# how often an object of the class is what a window is cut around; what is left goes to all other classes
ANCHORS = {"person": .42, "car": .20, "bus": .075, "truck": .075, "motorcycle": .075, "bicycle": .045, "ambulance": .015,
           "vehicle": .01, "van": .01, "rickshaw": .005, "cyclist": .01}
PASTED = {"person": .52, "car": .19, "bus": .07, "truck": .07, "motorcycle": .07}
# length of a pasted object against the height of a person standing there
LENGTHS = {"person": (.85, 1.15), "car": (1, 2.4), "bus": (1.4, 3), "truck": (1.4, 3), "ambulance": (1.2, 2.6),
           "motorcycle": (.7, 1.2), "bicycle": (.7, 1.2)}
SMALLEST = 15          # longer side in the window; what is smaller is neither positive nor negative (a patch is 16)
MOST_BOXES = 28


@dataclass
class Batch:
    """pixels uint8 [B, side, side, 3] RGB; boxes float32 [B, M, 4] x0 y0 x1 y1 in parts of the window; classes int64 [B, M],
    -1 where there is no box; sure bool [B, M]; known bool [B, C]"""
    pixels: np.ndarray
    boxes: np.ndarray
    classes: np.ndarray
    sure: np.ndarray
    known: np.ndarray


class Renderer:
    def __init__(self, pictures, cutouts, seed, side=160, clean=False):
        """cutouts: [(class name, uint8 BGRA)]; clean: only crops, for validation"""
        self.random, self.side, self.clean = np.random.default_rng(seed), side, clean
        self.pictures = list(pictures)
        self.noise = self.random.normal(0, 1, (8, side + 40, side + 40, 3)).astype(np.float32)
        self._index_anchors()
        self._index_cutouts(cutouts)

    # ---- what is drawn how often

    def _index_anchors(self):
        found, sizes = {}, {}
        for i, p in enumerate(self.pictures):
            sizes[p.source] = sizes.get(p.source, 0) + 1
            for j, (number, box, sure) in enumerate(zip(p.classes, p.boxes, p.sure)):
                if sure and (box[2:] - box[:2]).max() >= 12:
                    found.setdefault(number, {}).setdefault(p.source, []).append((i, j))
        self.anchors = {}
        for number, by_source in found.items():
            items, weights = [], []
            for members in by_source.values():
                # a set counts by its weight and the square root of its size: large ones do not drown small ones
                share = self.pictures[members[0][0]].weight * len(members) ** .5
                items += members
                weights += [share / len(members)] * len(members)
            self.anchors[number] = (np.array(items), np.cumsum(weights) / np.sum(weights))
        named = {NUMBER[c]: share for c, share in ANCHORS.items() if NUMBER[c] in self.anchors}
        others = [number for number in self.anchors if number not in named]
        counts = np.array([len(self.anchors[number][0]) ** .5 for number in others])
        left = (1 - sum(named.values())) if named else 1
        self.anchor_classes = np.array([*named, *others])
        self.anchor_shares = _running([*named.values(), *(left * counts / max(counts.sum(), 1e-9))])
        self.picture_shares = _running([p.weight / sizes[p.source] ** .5 for p in self.pictures])

    def _index_cutouts(self, cutouts):
        self.cutouts = {}
        for name, pixels in cutouts:
            self.cutouts.setdefault(name, []).append(pixels)
        self.cutout_names = sorted(self.cutouts)
        rest = sum(len(self.cutouts[n]) ** .5 for n in self.cutout_names if n not in PASTED)
        self.cutout_shares = _running([PASTED.get(n, .08 * len(self.cutouts[n]) ** .5 / max(rest, 1)) for n in self.cutout_names])

    def _draw(self, shares):
        return min(int(np.searchsorted(shares, self.random.random())), len(shares) - 1)

    # ---- a window

    def batch(self, count):
        side, classes = self.side, len(CLASSES)
        out = Batch(np.empty((count, side, side, 3), np.uint8), np.zeros((count, MOST_BOXES, 4), np.float32),
                    np.full((count, MOST_BOXES), -1, np.int64), np.zeros((count, MOST_BOXES), bool), np.zeros((count, classes), bool))
        for i in range(count):
            out.pixels[i], boxes, out.known[i] = self.window()
            boxes.sort(key=lambda b: (not b[5], -(b[3] - b[1]) * (b[4] - b[2])))
            for j, (number, *corners, sure) in enumerate(boxes[:MOST_BOXES]):
                out.classes[i, j], out.boxes[i, j], out.sure[i, j] = number, corners, sure
        out.boxes /= side
        return out

    def window(self):
        """-> uint8 RGB [side, side, 3], [[class number, x0, y0, x1, y1, sure]] in its pixels, known [C]"""
        random, side = self.random, self.side
        pixels, boxes, known = self._crop()
        if not self.clean:
            pixels = pixels.copy()
            if self.cutouts and random.random() < .45:
                boxes = self._paste(pixels, boxes)
            if random.random() < .08:       # a pole in front
                x = int(random.integers(side))
                cv2.line(pixels, (x, 0), (int(x + random.normal(0, 8)), side), random.integers(0, 256, 3).tolist(), int(random.integers(2, 12)))
            pixels = self._wear(pixels)
            if random.random() < .5:
                pixels = pixels[:, ::-1]
                for b in boxes:
                    b[1], b[3] = side - b[3], side - b[1]
        return pixels[..., ::-1], boxes, known

    def _crop(self, filler=False, anchored=True):
        random, side = self.random, self.side
        if anchored and random.random() < .8:
            number = self.anchor_classes[self._draw(self.anchor_shares)]
            items, shares = self.anchors[number]
            i, j = items[self._draw(shares)]
            p = self.pictures[i]
            height, width = p.pixels.shape[:2]
            box = p.boxes[j]
            largest = .81 * side if number == NUMBER["person"] else .94 * side
            factor = np.exp(random.uniform(np.log(.15 * side), np.log(largest))) / (box[2:] - box[:2]).max()
            factor = np.clip(factor, .5 * side / max(height, width), 2.2)
            # the object's centre falls anywhere in the window
            x, y = (box[:2] + box[2:]) / 2 - random.uniform(.1, .9, 2) * side / factor
        else:
            p = self.pictures[self._draw(self.picture_shares)]
            height, width = p.pixels.shape[:2]
            factor = np.exp(random.uniform(np.log(.9 * side / max(height, width)), np.log(max(1.2, side / min(height, width)))))
            x, y = random.uniform(0, np.maximum(1, [width - side / factor, height - side / factor]))
        stretch = np.exp(random.uniform(-.16, .16))
        fx, fy = factor * stretch, factor / stretch
        x, shown_width = _fit(x, side / fx, width, random)
        y, shown_height = _fit(y, side / fy, height, random)
        x0, y0 = int(max(0, x)), int(max(0, y))
        x1, y1 = int(min(width, np.ceil(x + shown_width))), int(min(height, np.ceil(y + shown_height)))
        left, top = max(0, round((x0 - x) * fx)), max(0, round((y0 - y) * fy))
        w, h = min(side - left, round((x1 - x0) * fx)), min(side - top, round((y1 - y0) * fy))
        if w < 8 or h < 8:
            return self._crop(filler, anchored)
        part = cv2.resize(p.pixels[y0:y1, x0:x1], (w, h), interpolation=cv2.INTER_AREA if factor < .8 else cv2.INTER_LINEAR)
        boxes = _boxes_in(p, (x0, y0, x1, y1), (left, top, w, h))
        known = p.known
        if w >= side - 1 and h >= side - 1:
            return part if part.shape[:2] == (side, side) else cv2.resize(part, (side, side)), boxes, known
        # the picture does not fill the window: something else around it
        if not filler and random.random() < .75:
            canvas, around, also_known = self._crop(filler=True, anchored=random.random() < .3)
            canvas = np.ascontiguousarray(canvas).copy()
            boxes, known = _hidden_by(around, (left, top, left + w, top + h), .85, .3) + boxes, known & also_known
        else:
            canvas = np.empty((side, side, 3), np.uint8)
            canvas[:] = random.integers(0, 256, 3) if random.random() < .5 else 127
        canvas[top:top + h, left:left + w] = part
        return canvas, boxes, known

    def _paste(self, pixels, boxes):
        """one to six cut-outs of things that could stand side by side; -> boxes with the new ones"""
        random, side = self.random, self.side
        count, person = int(random.choice([1, 1, 2, 3, 4, 6])), np.exp(random.uniform(np.log(18), np.log(.85 * side)))
        for _ in range(min(count, 2) if person > 70 else count):
            name = self.cutout_names[self._draw(self.cutout_shares)]
            cutout = self.cutouts[name][random.integers(len(self.cutouts[name]))]
            length = min(person * random.uniform(*LENGTHS.get(name, (.4, 1.3))), 1.06 * side)
            factor = length / max(cutout.shape[:2])
            if length < 18 or factor > 2.2:
                continue
            stretch = np.exp(random.uniform(-.12, .12))
            w, h = max(3, int(cutout.shape[1] * factor * stretch)), max(3, int(cutout.shape[0] * factor / stretch))
            cutout = cv2.resize(cutout, (w, h), interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
            if random.random() < .5:
                cutout = cutout[:, ::-1]
            place = random.uniform(-.3, 1.3, 2) if random.random() < .15 else random.uniform(0, 1, 2)
            x, y = int(place[0] * (side - w)), int(place[1] * (side - h))
            x0, y0, x1, y1 = max(0, x), max(0, y), min(side, x + w), min(side, y + h)
            if x1 - x0 < 5 or y1 - y0 < 5 or (x1 - x0) * (y1 - y0) < .45 * w * h:
                continue
            cutout = cutout[y0 - y:y1 - y, x0 - x:x1 - x]
            alpha, colour = cutout[..., 3:].astype(np.float32) / 255, cutout[..., :3].astype(np.float32)
            if random.random() < .3 and y1 < side - 3:
                self._shadow(pixels, (x0 + x1) // 2, y1, w)
            there = pixels[y0:y1, x0:x1]
            if random.random() < .6:        # some of the light and contrast of the place
                share, mean = random.uniform(.2, .8), colour.mean()
                colour = colour * (1 - .25 * share) + (there.mean() - mean) * share * .6 + mean * .25 * share
            colour = colour * random.uniform(.75, 1.2)
            if random.random() < .12:
                alpha = alpha * random.uniform(.75, 1)
            there[:] = np.clip(there + (colour - there) * alpha, 0, 255).astype(np.uint8)
            boxes = _hidden_by(boxes, (x0, y0, x1, y1), .8, .55, float(alpha.mean()) / .75)
            boxes.append([NUMBER[name], x0, y0, x1, y1, True])
        return boxes

    def _shadow(self, pixels, x, y, width):
        random = self.random
        dark = np.zeros(pixels.shape[:2], np.float32)
        axes = (max(2, int(width * random.uniform(.4, .9))), max(1, int(width * random.uniform(.08, .25))))
        cv2.ellipse(dark, (x + int(random.normal(0, width * .2)), y - 1), axes, random.uniform(-20, 20), 0, 360, float(random.uniform(.2, .6)), -1)
        pixels[:] = (pixels * (1 - cv2.GaussianBlur(dark, (5, 5), 0)[..., None])).astype(np.uint8)

    def _wear(self, pixels):
        """blur, lost resolution, grey, colour cast, contrast, low light, noise, JPEG"""
        random, side = self.random, self.side
        if random.random() < .12:
            factor = random.uniform(.35, .8)
            small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            pixels = cv2.resize(small, (side, side), interpolation=cv2.INTER_LINEAR if random.random() < .7 else cv2.INTER_CUBIC)
        if random.random() < .15:
            if random.random() < .5:
                pixels = cv2.GaussianBlur(pixels, (0, 0), random.uniform(.5, 1.5))
            else:                           # motion, mostly sideways
                count = int(random.integers(2, 6))
                kernel = np.zeros((count, count), np.float32)
                kernel[count // 2] = 1 / count
                pixels = cv2.filter2D(pixels, -1, kernel if random.random() < .7 else kernel.T)
        colourful = random.random()
        if colourful < .5:
            grey = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
            share = 0 if colourful < .12 else random.uniform(.3, 1.5)
            pixels = cv2.addWeighted(pixels, share, grey, 1 - share, 0)
        levels = np.arange(256, dtype=np.float32) / 255
        gamma, contrast = np.exp(random.normal(0, .22)), np.exp(random.normal(0, .18))
        light, cast = random.normal(0, .06), 1 + random.normal(0, .05, 3)
        night = random.random() < .08
        if night:
            contrast, light = contrast * random.uniform(.25, .6), light - .1
        table = np.stack([np.clip((levels ** gamma - .5) * contrast * c + .5 + light, 0, 1) for c in cast], 1)
        table = table * random.uniform(.5, .9) if night else table
        pixels = cv2.LUT(pixels, (table * 255).astype(np.uint8).reshape(256, 1, 3))
        if random.random() < .25:
            sheet, y, x = random.integers(8), random.integers(40), random.integers(40)
            noise = self.noise[sheet, y:y + side, x:x + side] * random.uniform(2, 12)
            pixels = np.clip(pixels + noise, 0, 255).astype(np.uint8)
        if random.random() < .2:
            quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(18, 75))]
            pixels = cv2.imdecode(cv2.imencode(".jpg", pixels, quality)[1], 1)
        return pixels


def _running(weights):
    weights = np.array(weights, float)
    return np.cumsum(weights) / weights.sum() if len(weights) else weights


def _fit(start, shown, available, random):
    """keeps the shown stretch inside the picture, or puts the picture somewhere inside it"""
    return (float(np.clip(start, 0, available - shown)) if shown <= available else -random.uniform(0, shown - available)), shown


def _boxes_in(p, cut, place):
    """the picture's boxes inside `cut` (x0, y0, x1, y1 of the picture), moved to `place` (left, top, width, height)"""
    (x0, y0, x1, y1), (left, top, w, h) = cut, place
    inside = (p.boxes[:, 2] > x0) & (p.boxes[:, 3] > y0) & (p.boxes[:, 0] < x1) & (p.boxes[:, 1] < y1)
    found = []
    for i in np.nonzero(inside)[0]:
        whole = (p.boxes[i] - [x0, y0, x0, y0]) * ([w / (x1 - x0), h / (y1 - y0)] * 2) + [left, top, left, top]
        seen = np.array([*np.maximum(whole[:2], [left, top]), *np.minimum(whole[2:], [left + w, top + h])])
        size = seen[2:] - seen[:2]
        share = size.clip(0).prod() / max(1e-6, (whole[2:] - whole[:2]).prod())
        if share >= .08:
            clear = bool(p.sure[i]) and share > .4 and size.max() >= SMALLEST and size.min() >= 6
            found.append([int(p.classes[i]), *seen, clear])
    return found


def _hidden_by(boxes, cover, gone, doubtful, density=1.):
    """boxes after something was put over the rectangle `cover`: dropped when hidden by more than `gone`"""
    kept = []
    for number, x0, y0, x1, y1, sure in boxes:
        shared = max(0, min(x1, cover[2]) - max(x0, cover[0])) * max(0, min(y1, cover[3]) - max(y0, cover[1]))
        share = shared / ((x1 - x0) * (y1 - y0) + 1e-6) * density
        if share <= gone:
            kept.append([number, x0, y0, x1, y1, sure and share <= doubtful])
    return kept
