"""Suitcases, drawn: no picture whose terms allow it shows more than a handful, and "who left that suitcase?" is what stations ask.

A body seen from any side and a little from above, soft with pockets and zips or hard with ribs, a handle drawn out or not, and
wheels. Bodies without any of these, as bins and parcels are, are pasted too and carry no box: a dark block alone is no suitcase.
"""
import cv2
import numpy as np

SUITCASE, BLOCK = "suitcase", "block"      # BLOCK is no class
SIDE = 420             # of the canvas it is drawn on, pixels
BODY = 210             # height of a body standing upright
COLOURS = [(28, 28, 30), (28, 28, 30), (45, 38, 34), (80, 50, 30), (60, 60, 62), (120, 120, 124), (40, 30, 110), (30, 30, 150),
           (140, 90, 40), (110, 60, 120), (50, 80, 40), (170, 170, 175), (60, 110, 170)]       # BGR; black above all
DISTANCE = 5           # of the eye, in heights of the body
TURN, DOWN = 70, (2, 35)    # degrees the eye may be to the side, and above


def drawn(random, is_suitcase):
    """-> uint8 BGRA"""
    upright = random.random() < .85
    height, width = (1, random.uniform(.52, .8)) if upright else (random.uniform(.5, .75), 1)
    depth = random.uniform(.25, .5) if is_suitcase else random.uniform(.3, 1)
    eye = _Eye(np.radians(random.uniform(-TURN, TURN)), np.radians(random.uniform(*DOWN)))
    colour = np.array(COLOURS[random.integers(len(COLOURS))]) if is_suitcase or random.random() < .5 else random.uniform(20, 220, 3)
    colour = np.clip(colour * random.uniform(.7, 1.4) + random.normal(0, 6, 3), 6, 240)
    pixels = np.zeros((SIDE, SIDE, 3), np.float32)
    mask = np.zeros((SIDE, SIDE), np.uint8)
    if is_suitcase:
        _hold(random, eye, pixels, mask, width, height, depth, upright)
    _body(random, eye, pixels, mask, colour, (width, height, depth), is_suitcase)
    pixels = np.clip(pixels + random.normal(0, 2.5, pixels.shape), 0, 255)
    x, y, w, h = cv2.boundingRect(mask)
    made = np.dstack([pixels, cv2.GaussianBlur(mask, (3, 3), 0)]).astype(np.uint8)[y:y + h, x:x + w]
    factor = 150 / max(made.shape[:2])
    return cv2.resize(made, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


class _Eye:
    """x to the right, y upwards, z towards the eye, the body's middle of the ground at 0; in heights of the body"""

    def __init__(self, turn, down):
        self.across = np.array([np.cos(turn), 0, -np.sin(turn)])
        ahead = np.array([np.sin(turn), 0, np.cos(turn)])
        self.up = np.array([0, np.cos(down), 0]) - ahead * np.sin(down)
        self.near = ahead * np.cos(down) + np.array([0, np.sin(down), 0])

    def sees(self, points):
        """[n, 3] -> pixels [n, 2]"""
        points = np.asarray(points, float)
        scale = BODY / (1 - (points @ self.near) / DISTANCE)
        return np.stack([SIDE / 2 + points @ self.across * scale, SIDE * .82 - points @ self.up * scale], 1).astype(np.float32)

    def faces(self, normal):
        return np.dot(self.near, normal) > .05


def _line(eye, pixels, mask, points, colour, thickness):
    path = [eye.sees(points).round().astype(np.int32)]
    cv2.polylines(pixels, path, False, colour, thickness, cv2.LINE_AA)
    cv2.polylines(mask, path, False, 255, thickness)


def _hold(random, eye, pixels, mask, width, height, depth, upright):
    """what it is pulled and carried by, and wheels"""
    metal = (np.array((1, 1, 1)) * random.choice([25, 40, 90, 150])).tolist()
    if upright and random.random() < .6:
        out, apart, z = random.uniform(.12, .6), random.uniform(.12, .32) * width, random.uniform(-.4, .1) * depth
        rods = [(-apart, height * .9, z), (-apart, height + out, z), (apart, height + out, z), (apart, height * .9, z)]
        _line(eye, pixels, mask, rods, metal, int(random.integers(3, 6)))
        _line(eye, pixels, mask, rods[1:3], (22, 22, 24), int(random.integers(6, 11)))
    if random.random() < .6:
        angles, across = np.linspace(0, np.pi, 9), random.uniform(.1, .2) * width
        _line(eye, pixels, mask, [(across * np.cos(a), height - .01 + random.uniform(.045, .06) * np.sin(a), 0) for a in angles], (24, 24, 26), 6)
    if upright and random.random() < .7:
        for x in (-.4, .4):
            for z in (-.35, .35):
                at = eye.sees([(x * width, .01, z * depth)])[0]
                size = int(random.integers(5, 10))
                for canvas, ink in ((pixels, (20, 20, 20)), (mask, 255)):
                    cv2.circle(canvas, tuple(int(v) for v in at), size, ink, -1)


def _body(random, eye, pixels, mask, colour, size, is_suitcase):
    width, height, depth = size
    corners = np.array([(x, y, z) for x in (-width / 2, width / 2) for y in (.02, height) for z in (-depth / 2, depth / 2)])
    hull = cv2.convexHull(eye.sees(corners)).round().astype(np.int32)
    body = np.zeros_like(mask)
    cv2.fillConvexPoly(body, hull, 255)
    rounded = int(random.integers(8, 34)) if is_suitcase else int(random.integers(1, 20))
    body = cv2.morphologyEx(body, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (rounded, rounded)))
    inside = body > 0
    pixels[inside] = colour * .6
    style = random.choice(["soft", "hard"]) if is_suitcase else "plain"
    light = random.uniform(.55, 1, 3)
    for z in (-1, 1):
        if eye.faces((0, 0, z)):
            face = [(-z * width / 2, height, z * depth / 2), (z * width / 2, height, z * depth / 2),
                    (z * width / 2, .02, z * depth / 2), (-z * width / 2, .02, z * depth / 2)]
            _cover(eye, pixels, inside, face, _texture(random, style, colour * light[0], width, height, True))
    for x in (-1, 1):
        if eye.faces((x, 0, 0)):
            face = [(x * width / 2, height, x * depth / 2), (x * width / 2, height, -x * depth / 2),
                    (x * width / 2, .02, -x * depth / 2), (x * width / 2, .02, x * depth / 2)]
            _cover(eye, pixels, inside, face, _texture(random, style, colour * light[1], depth, height, False))
    if eye.faces((0, 1, 0)):
        face = [(-width / 2, height, -depth / 2), (width / 2, height, -depth / 2),
                (width / 2, height, depth / 2), (-width / 2, height, depth / 2)]
        _cover(eye, pixels, inside, face, _texture(random, "plain", np.minimum(colour * (light[2] + .35) + 8, 250), width, depth, False))
    mask[inside] = 255


def _cover(eye, pixels, inside, face, texture):
    height, width = texture.shape[:2]
    here = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    there = cv2.getPerspectiveTransform(here, eye.sees(face))
    drawn_ = cv2.warpPerspective(texture, there, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    where = cv2.warpPerspective(np.full((height, width), 255, np.uint8), there, (SIDE, SIDE)) > 127
    pixels[where & inside] = drawn_[where & inside]


def _texture(random, style, colour, width, height, is_front):
    """float32 [h, w, 3] of one face"""
    w, h = max(12, int(width * BODY)), max(12, int(height * BODY))
    made = np.empty((h, w, 3), np.float32)
    made[:] = colour
    dark, bright = (colour * .45).tolist(), np.minimum(colour * 1.5 + 18, 255).tolist()
    if style == "soft":
        inset = int(random.integers(5, 12))
        cv2.rectangle(made, (inset, inset), (w - inset, h - inset), bright if random.random() < .5 else dark, int(random.integers(1, 4)))
        if is_front:
            top = int(h * random.uniform(.08, .45))
            for y0, y1 in [(top, h - 2 * inset)] + [(2 * inset, top - inset)] * (random.random() < .5):
                if y1 - y0 > 14:
                    cv2.rectangle(made, (2 * inset, y0), (w - 2 * inset, y1), (colour * random.uniform(.75, 1.3)).tolist(), -1)
                    cv2.rectangle(made, (2 * inset, y0), (w - 2 * inset, y1), dark, 2)
                    cv2.line(made, (2 * inset, y0 + 5), (w - 2 * inset, y0 + 5), bright, 1)
        else:
            for x in (.35, .65):
                cv2.line(made, (int(w * x), 0), (int(w * x), h), dark, 2)
    elif style == "hard":
        count, down = int(random.integers(4, 11)), random.random() < .75
        for i in range(1, count):
            ends = ((w * i // count, 6), (w * i // count, h - 6)) if down else ((6, h * i // count), (w - 6, h * i // count))
            cv2.line(made, *ends, dark, int(random.integers(1, 4)))
            cv2.line(made, *((x + 2, y + 2) for x, y in ends), bright, 1)
    if is_front and style != "plain" and random.random() < .6:
        x, y = int(w * random.uniform(.4, .6)), int(h * random.uniform(.08, .4))
        cv2.rectangle(made, (x - 9, y - 4), (x + 9, y + 4), random.uniform(60, 230, 3).tolist(), -1)
    across = 1 + random.uniform(-.3, .3) * np.linspace(-1, 1, w)[None, :, None] - random.uniform(0, .25) * np.linspace(-1, 1, w)[None, :, None] ** 2
    along = 1 - random.uniform(-.05, .3) * np.linspace(-1, 1, h)[:, None, None]
    return (made * across * along).clip(0, 255).astype(np.float32)


def cutouts(random, suitcases=300, blocks=120):
    """-> [(name, uint8 BGRA)]"""
    return [(SUITCASE, drawn(random, True)) for _ in range(suitcases)] + [(BLOCK, drawn(random, False)) for _ in range(blocks)]
