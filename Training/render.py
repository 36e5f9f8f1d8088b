"""Training windows, drawn as planned (plan.py) with OpenCV: about 1 ms a window on one core."""
import cv2
import numpy as np

from plan import Planner, labels


class Renderer:
    def __init__(self, pictures, cutouts, seed, side=160, clean=False):
        """as Planner"""
        self.side, self.planner = side, Planner(pictures, cutouts, seed, side, clean)
        self.pictures, self.cutouts = self.planner.pictures, [pixels for _, pixels in cutouts]
        self.noise = np.random.default_rng(seed).normal(0, 1, (8, side + 40, side + 40, 3)).astype(np.float32)

    def batch(self, count):
        plans = [self.planner.window() for _ in range(count)]
        out = labels(plans, self.side)
        out.pixels = np.stack([self.draw(plan) for plan in plans])
        return out

    def draw(self, plan):
        """-> uint8 RGB [side, side, 3]"""
        pixels = np.empty((self.side, self.side, 3), np.uint8)
        pixels[:] = plan.blank
        for layer in plan.layers:
            (x0, y0, x1, y1), (left, top, w, h) = layer.cut, layer.place
            shrinks = min(w / (x1 - x0), h / (y1 - y0)) < .8
            pixels[top:top + h, left:left + w] = cv2.resize(self.pictures[layer.picture].pixels[y0:y1, x0:x1], (w, h),
                                                            interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        for pasted in plan.pasted:
            self._paste(pixels, pasted)
        if plan.pole:
            above, below, thickness, colour = plan.pole
            cv2.line(pixels, (above, 0), (below, self.side), colour, thickness)
        pixels = self._wear(pixels, plan.wear)
        return (pixels[:, ::-1] if plan.mirrored else pixels)[..., ::-1]

    def _paste(self, pixels, pasted):
        cutout, (x, y, w, h) = self.cutouts[pasted.cutout], pasted.place
        cutout = cv2.resize(cutout, (w, h), interpolation=cv2.INTER_AREA if max(w, h) < max(cutout.shape[:2]) else cv2.INTER_LINEAR)
        if pasted.mirrored:
            cutout = cutout[:, ::-1]
        if pasted.shadow:
            self._shadow(pixels, *pasted.shadow)
        x0, y0, x1, y1 = max(0, x), max(0, y), min(self.side, x + w), min(self.side, y + h)
        cutout = cutout[y0 - y:y1 - y, x0 - x:x1 - x]
        alpha, colour = pasted.opacity / 255 * cutout[..., 3:].astype(np.float32), cutout[..., :3].astype(np.float32)
        there, mean, light = pixels[y0:y1, x0:x1], colour.mean(), pasted.light
        colour = pasted.gain * (colour * (1 - .25 * light) + (there.mean() - mean) * light * .6 + mean * .25 * light)
        there[:] = np.clip(there + (colour - there) * alpha, 0, 255).astype(np.uint8)

    def _shadow(self, pixels, x, y, across, up, degrees, strength):
        dark = np.zeros(pixels.shape[:2], np.float32)
        cv2.ellipse(dark, (x, y), (across, up), degrees, 0, 360, strength, -1)
        pixels[:] = (pixels * (1 - cv2.GaussianBlur(dark, (5, 5), 0)[..., None])).astype(np.uint8)

    def _wear(self, pixels, wear):
        side = self.side
        if wear.lost:
            factor, is_cubic = wear.lost
            small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            pixels = cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC if is_cubic else cv2.INTER_LINEAR)
        if wear.blur:
            pixels = cv2.GaussianBlur(pixels, (0, 0), wear.blur)
        if wear.motion:
            count, is_down = wear.motion
            kernel = np.zeros((count, count), np.float32)
            kernel[count // 2] = 1 / count
            pixels = cv2.filter2D(pixels, -1, kernel.T if is_down else kernel)
        if wear.colour != 1:
            grey = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
            pixels = cv2.addWeighted(pixels, wear.colour, grey, 1 - wear.colour, 0)
        levels = np.arange(256, dtype=np.float32)[:, None] / 255
        table = np.clip((levels ** wear.gamma - .5) * wear.contrast + .5 + wear.light, 0, 1) * wear.dim
        pixels = cv2.LUT(pixels, (table * 255).astype(np.uint8).reshape(256, 1, 3))
        if wear.noise:
            amount, sheet, y, x = wear.noise
            pixels = np.clip(pixels + self.noise[sheet, y:y + side, x:x + side] * amount, 0, 255).astype(np.uint8)
        if wear.jpeg:
            pixels = cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, wear.jpeg])[1], 1)
        return pixels
