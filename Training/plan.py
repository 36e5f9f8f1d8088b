"""What a training window shows, before it is drawn: a labelled picture is cut so that an object drawn by class has a drawn size
in the window, cut-outs are pasted in, and the result is worn down as cameras wear pictures down.

Numbers alone (NumPy): render.py draws plans one by one with OpenCV, gpu.py many at once on a GPU. A window is what the product's
`--look tiles` and `--look motion` show the model, so objects of 24 to 150 pixels in 160 are the rule, and an object may stick
out of the window or of the picture.
"""
from dataclasses import dataclass, field

import numpy as np

from words import NUMBER

# how often an object of the class is what a window is cut around; what is left goes to all other classes
ANCHORS = {"person": .42, "car": .18, "bus": .07, "truck": .075, "motorcycle": .10, "bicycle": .045, "ambulance": .015,
           "vehicle": .01, "van": .01, "rickshaw": .005, "cyclist": .01}
PASTED = {"person": .52, "car": .19, "bus": .07, "truck": .07, "motorcycle": .07, "suitcase": .07, "block": .04}
# length of a pasted object against the height of a person standing there
LENGTHS = {"person": (.85, 1.15), "car": (1, 2.4), "bus": (1.4, 3), "truck": (1.4, 3), "ambulance": (1.2, 2.6),
           "motorcycle": (.7, 1.2), "bicycle": (.7, 1.2), "suitcase": (.35, .95), "block": (.35, 1.2)}
PASTES = (1, 1, 2, 3, 4, 6)     # how many cut-outs a window gets, if any
SMALLEST = 15          # longer side in the window; what is smaller is neither positive nor negative (a patch is 16)
MOST_BOXES = 28
# Stills are looked at whole, squeezed into a window whatever their shape, and large objects also through windows smaller than
# they are. Without such windows in training, a person who filled a picture was found less well than one across the street.
WHOLE_VIEWS = .3       # share of the windows around an object that show all or most of its picture, if it is large in it
OVERFULL = .12         # share of the others in which the object is up to twice as long as the window
FILLS = .55            # of the window each way: a part that large counts as the object, however little of it that is


@dataclass
class Picture:
    name: str
    source: str
    pixels: np.ndarray      # uint8 [height, width, 3] BGR
    boxes: np.ndarray       # float32 [n, 4] x0 y0 x1 y1 in pixels, origin top left
    classes: np.ndarray     # int64 [n]
    sure: np.ndarray        # bool [n]; False = neither positive nor negative
    known: np.ndarray       # bool [len(CLASSES)]; True = what carries no box of the class is none of it
    weight: float = 1.
    set_aside: bool = False


@dataclass
class Layer:
    """part of a picture, scaled to a place in the window"""
    picture: int
    cut: tuple             # x0, y0, x1, y1 in the picture's pixels
    place: tuple           # left, top, width, height in the window's


@dataclass
class Pasted:
    """a cut-out, scaled and set into the window; it may stick out of it"""
    cutout: int
    place: tuple           # left, top, width, height
    mirrored: bool
    light: float           # how much of the light and contrast of the place it takes on, 0...1
    gain: float
    opacity: float
    shadow: tuple | None   # x, y, half axes (2), degrees, strength


@dataclass
class Wear:
    """in this order; what is None does not happen"""
    lost: tuple | None = None      # scaled down by this factor and up again, bicubic or bilinear
    blur: float | None = None      # Gaussian, sigma in pixels
    motion: tuple | None = None    # blurred along this many pixels, downwards or sideways
    colour: float = 1.             # 0 grey, above 1 more colourful
    gamma: float = 1.
    contrast: tuple = (1., 1., 1.)     # BGR, around the middle
    light: float = 0.
    dim: float = 1.
    noise: tuple | None = None     # standard deviation, and where in the sheets of noise: sheet, y, x
    jpeg: int | None = None        # quality


@dataclass
class Plan:
    layers: list           # of Layer, the hindmost first
    blank: tuple           # BGR behind all layers
    boxes: list            # [class number, x0, y0, x1, y1 in the window's pixels, sure]
    known: np.ndarray      # bool [classes]
    pasted: list = field(default_factory=list)
    pole: tuple | None = None      # x above, x below, thickness, BGR
    wear: Wear = field(default_factory=Wear)
    mirrored: bool = False


@dataclass
class Batch:
    """pixels uint8 [B, side, side, 3] RGB; boxes float32 [B, M, 4] x0 y0 x1 y1 in parts of the window; classes int64 [B, M],
    -1 where there is no box; sure bool [B, M]; known bool [B, C]"""
    pixels: np.ndarray
    boxes: np.ndarray
    classes: np.ndarray
    sure: np.ndarray
    known: np.ndarray


def labels(plans, side):
    """-> a Batch without pixels"""
    count = len(plans)
    out = Batch(None, np.zeros((count, MOST_BOXES, 4), np.float32), np.full((count, MOST_BOXES), -1, np.int64),
                np.zeros((count, MOST_BOXES), bool), np.stack([plan.known for plan in plans]))
    for i, plan in enumerate(plans):
        for j, (number, *corners, sure) in enumerate(plan.boxes):
            out.classes[i, j], out.boxes[i, j], out.sure[i, j] = number, corners, sure
    out.boxes /= side
    return out


class Planner:
    def __init__(self, pictures, cutouts, seed, side=160, clean=False):
        """pictures: of pictures.Picture; cutouts: [(class name, uint8 BGRA)]; clean: only crops, for validation"""
        self.random, self.side, self.clean = np.random.default_rng(seed), side, clean
        self.pictures = list(pictures)
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
        for i, (name, pixels) in enumerate(cutouts):
            self.cutouts.setdefault(name, []).append((i, pixels.shape[:2], float(pixels[..., 3].mean()) / 255))
        self.cutout_names = sorted(self.cutouts)
        rest = sum(len(self.cutouts[n]) ** .5 for n in self.cutout_names if n not in PASTED)
        self.cutout_shares = _running([PASTED.get(n, .08 * len(self.cutouts[n]) ** .5 / max(rest, 1)) for n in self.cutout_names])

    def _draw(self, shares):
        return min(int(np.searchsorted(shares, self.random.random())), len(shares) - 1)

    # ---- a window

    def window(self):
        random, side = self.random, self.side
        plan = self._crop()
        if not self.clean:
            if self.cutouts and random.random() < .45:
                self._paste(plan)
            if random.random() < .08:
                x = int(random.integers(side))
                plan.pole = (x, int(x + random.normal(0, 8)), int(random.integers(2, 12)), random.integers(0, 256, 3).tolist())
            plan.wear = self._wear()
            if random.random() < .5:
                plan.mirrored = True
                for b in plan.boxes:
                    b[1], b[3] = side - b[3], side - b[1]
        plan.boxes.sort(key=lambda b: (not b[5], -(b[3] - b[1]) * (b[4] - b[2])))
        del plan.boxes[MOST_BOXES:]
        return plan

    def _anchor(self):
        """-> (picture, box) to cut a window around, by number"""
        items, shares = self.anchors[self.anchor_classes[self._draw(self.anchor_shares)]]
        return items[self._draw(shares)]

    def _is_large(self, anchor):
        p = self.pictures[anchor[0]]
        box = p.boxes[anchor[1]]
        return ((box[2:] - box[:2]) / p.pixels.shape[1::-1]).max() > .15

    def _crop(self, filler=False, anchored=True):
        random, side = self.random, self.side
        anchor = self._anchor() if anchored and random.random() < .8 else None
        if anchor is not None and random.random() < WHOLE_VIEWS and self._is_large(anchor):
            number, x, y, fx, fy = self._whole_view(anchor)
        else:
            number, x, y, fx, fy = self._scaled(anchor)
        p = self.pictures[number]
        height, width = p.pixels.shape[:2]
        x, shown_width = _fit(x, side / fx, width, random)
        y, shown_height = _fit(y, side / fy, height, random)
        x0, y0 = int(max(0, x)), int(max(0, y))
        x1, y1 = int(min(width, np.ceil(x + shown_width))), int(min(height, np.ceil(y + shown_height)))
        left, top = max(0, round((x0 - x) * fx)), max(0, round((y0 - y) * fy))
        w, h = min(side - left, round((x1 - x0) * fx)), min(side - top, round((y1 - y0) * fy))
        if w < 8 or h < 8:
            return self._crop(filler, anchored)
        fills = w >= side - 1 and h >= side - 1
        layer = Layer(number, (x0, y0, x1, y1), (0, 0, side, side) if fills else (left, top, w, h))
        boxes = _boxes_in(p, layer.cut, layer.place, side)
        if fills:
            return Plan([layer], (127,) * 3, boxes, p.known)
        # the picture does not fill the window: something else around it
        if not filler and random.random() < .75:
            around = self._crop(filler=True, anchored=random.random() < .3)
            hidden = _hidden_by(around.boxes, (left, top, left + w, top + h), .85, .3)
            return Plan([*around.layers, layer], around.blank, hidden + boxes, p.known & around.known)
        blank = random.integers(0, 256, 3).tolist() if random.random() < .5 else (127,) * 3
        return Plan([layer], blank, boxes, p.known)

    def _scaled(self, anchor):
        """-> picture, left, top, and scale each way of a window at a drawn scale, around an object or anywhere"""
        random, side = self.random, self.side
        if anchor is not None:
            number = anchor[0]
            p = self.pictures[number]
            height, width = p.pixels.shape[:2]
            box = p.boxes[anchor[1]]
            smallest, largest = .15 * side, (.81 if p.classes[anchor[1]] == NUMBER["person"] else .94) * side
            if random.random() < OVERFULL:
                smallest, largest = largest, 2 * side
            factor = np.exp(random.uniform(np.log(smallest), np.log(largest))) / (box[2:] - box[:2]).max()
            factor = np.clip(factor, .5 * side / max(height, width), 2.2)
            # the object's centre falls anywhere in the window
            x, y = (box[:2] + box[2:]) / 2 - random.uniform(.1, .9, 2) * side / factor
        else:
            number = self._draw(self.picture_shares)
            height, width = self.pictures[number].pixels.shape[:2]
            factor = np.exp(random.uniform(np.log(.9 * side / max(height, width)), np.log(max(1.2, side / min(height, width)))))
            x, y = random.uniform(0, np.maximum(1, [width - side / factor, height - side / factor]))
        stretch = np.exp(random.uniform(-.16, .16))
        return number, x, y, factor * stretch, factor / stretch

    def _whole_view(self, anchor):
        """-> picture, left, top, and scale each way: the whole picture, or a large part that holds the object"""
        random, p = self.random, self.pictures[anchor[0]]
        box, size = p.boxes[anchor[1]], np.array(p.pixels.shape[1::-1], float)
        shown = size if random.random() < .5 else np.maximum(size * random.uniform(.5, 1, 2), (box[2:] - box[:2]).clip(0, size))
        first, last = np.maximum(0, box[2:] - shown), np.minimum(box[:2], size - shown)
        x, y = random.uniform(first, np.maximum(first, last))
        return anchor[0], x, y, *(self.side / shown)

    def _paste(self, plan):
        """one to six cut-outs of things that could stand side by side"""
        random, side = self.random, self.side
        count, person = int(random.choice(PASTES)), np.exp(random.uniform(np.log(18), np.log(.85 * side)))
        for _ in range(min(count, 2) if person > 70 else count):
            name = self.cutout_names[self._draw(self.cutout_shares)]
            number, (height, width), density = self.cutouts[name][random.integers(len(self.cutouts[name]))]
            length = min(person * random.uniform(*LENGTHS.get(name, (.4, 1.3))), 1.06 * side)
            factor = length / max(height, width)
            if length < 18 or factor > 2.2:
                continue
            stretch = np.exp(random.uniform(-.12, .12))
            w, h = max(3, int(width * factor * stretch)), max(3, int(height * factor / stretch))
            mirrored = random.random() < .5
            place = random.uniform(-.3, 1.3, 2) if random.random() < .15 else random.uniform(0, 1, 2)
            x, y = int(place[0] * (side - w)), int(place[1] * (side - h))
            x0, y0, x1, y1 = max(0, x), max(0, y), min(side, x + w), min(side, y + h)
            if x1 - x0 < 5 or y1 - y0 < 5 or (x1 - x0) * (y1 - y0) < .45 * w * h:
                continue
            shadow = None
            if random.random() < .3 and y1 < side - 3:
                shadow = ((x0 + x1) // 2 + int(random.normal(0, w * .2)), y1 - 1, max(2, int(w * random.uniform(.4, .9))),
                          max(1, int(w * random.uniform(.08, .25))), random.uniform(-20, 20), random.uniform(.2, .6))
            light = random.uniform(.2, .8) if random.random() < .6 else 0.
            gain, opacity = random.uniform(.75, 1.2), random.uniform(.75, 1) if random.random() < .12 else 1.
            plan.pasted.append(Pasted(number, (x, y, w, h), mirrored, light, gain, opacity, shadow))
            plan.boxes = _hidden_by(plan.boxes, (x0, y0, x1, y1), .8, .55, density * opacity / .75)
            if name in NUMBER:
                plan.boxes.append([NUMBER[name], x0, y0, x1, y1, True])

    def _wear(self):
        """blur, lost resolution, grey, colour cast, contrast, low light, noise, JPEG"""
        random, wear = self.random, Wear()
        if random.random() < .12:
            wear.lost = (random.uniform(.35, .8), random.random() > .7)
        if random.random() < .15:
            if random.random() < .5:
                wear.blur = random.uniform(.5, 1.5)
            else:                           # mostly sideways
                wear.motion = (int(random.integers(2, 6)), random.random() > .7)
        colourful = random.random()
        if colourful < .5:
            wear.colour = 0. if colourful < .12 else random.uniform(.3, 1.5)
        wear.gamma, contrast = np.exp(random.normal(0, .22)), np.exp(random.normal(0, .18))
        wear.light, cast = random.normal(0, .06), 1 + random.normal(0, .05, 3)
        if random.random() < .08:           # night
            contrast, wear.light, wear.dim = contrast * random.uniform(.25, .6), wear.light - .1, random.uniform(.5, .9)
        wear.contrast = tuple(contrast * cast)
        if random.random() < .25:
            wear.noise = (random.uniform(2, 12), int(random.integers(8)), int(random.integers(40)), int(random.integers(40)))
        if random.random() < .2:
            wear.jpeg = int(random.integers(18, 75))
        return wear


def _running(weights):
    weights = np.array(weights, float)
    return np.cumsum(weights) / weights.sum() if len(weights) else weights


def _fit(start, shown, available, random):
    """keeps the shown stretch inside the picture, or puts the picture somewhere inside it"""
    return (float(np.clip(start, 0, available - shown)) if shown <= available else -random.uniform(0, shown - available)), shown


def _boxes_in(p, cut, place, side):
    """the picture's boxes inside `cut` (x0, y0, x1, y1 of the picture), moved to `place` (left, top, width, height) of a window"""
    (x0, y0, x1, y1), (left, top, w, h) = cut, place
    inside = (p.boxes[:, 2] > x0) & (p.boxes[:, 3] > y0) & (p.boxes[:, 0] < x1) & (p.boxes[:, 1] < y1)
    found = []
    for i in np.nonzero(inside)[0]:
        whole = (p.boxes[i] - [x0, y0, x0, y0]) * ([w / (x1 - x0), h / (y1 - y0)] * 2) + [left, top, left, top]
        seen = np.array([*np.maximum(whole[:2], [left, top]), *np.minimum(whole[2:], [left + w, top + h])])
        size = seen[2:] - seen[:2]
        share = size.clip(0).prod() / max(1e-6, (whole[2:] - whole[:2]).prod())
        if share >= .08:
            fills = (size > FILLS * side).all()
            clear = bool(p.sure[i]) and (share > .4 or fills) and size.max() >= SMALLEST and size.min() >= 6
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
