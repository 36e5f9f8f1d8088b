"""Training windows on a GPU: all pictures lie in its memory, halved again and again, and hundreds of planned windows (plan.py)
are drawn at once. The same windows as render.py's but for how finely things are interpolated: INTER_AREA is here the nearest of
the halved pictures, and "lost resolution" a blur.

Plans are numbers and cost a CPU core 0.2 ms a window, so several processes make them ahead.
"""
import numpy as np
import torch
import torch.nn.functional as F

from plan import PASTES, Planner, labels

LEVELS = 5             # a picture in full and halved four times
REACH = 6              # pixels to either side that a blur looks at
# the tables of JPEG's annex K: luminance, chrominance
QUANTA = np.array([[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87,
                    80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72,
                    92, 95, 98, 112, 100, 103, 99],
                   [17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99,
                    99, 99] + [99] * 32], np.float32).reshape(2, 8, 8)


class Store:
    """pictures [height, width, channels] uint8 in one flat tensor, each with its halves"""

    def __init__(self, pictures, device):
        parts, table, at = [], [], 0
        for pixels in pictures:
            level, rows = torch.from_numpy(np.ascontiguousarray(pixels)).to(device).permute(2, 0, 1)[None].float(), []
            for number in range(LEVELS):
                height, width = level.shape[2:]
                parts.append(level[0].round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).reshape(height * width, -1))
                rows.append((at, width, height))
                at += height * width
                level = F.interpolate(level, ((height + 1) // 2, (width + 1) // 2), mode="area")
            table.append(rows)
        self.pixels = torch.cat(parts)
        self.table = torch.tensor(table, device=device).view(-1, LEVELS, 3)

    def sample(self, numbers, x, y, shrink):
        """numbers [n]; x, y [n, side]: places in the pictures' own pixels; shrink [n]: how many of them a window's pixel is
        -> float [n, side, side, channels]"""
        level = shrink.clamp(min=1).log2().round().long().clamp(max=LEVELS - 1)
        start, width, height = self.table[numbers, level].unbind(1)
        _, full_width, full_height = self.table[numbers, 0].unbind(1)
        x, y = (((place + .5) * (part / full)[:, None] - .5).clamp(min=0).minimum(part[:, None] - 1.)
                for place, part, full in ((x, width, full_width), (y, height, full_height)))
        x0, y0 = x.floor(), y.floor()
        fx, fy = (x - x0)[:, None, :, None], (y - y0)[:, :, None, None]
        x0, y0 = x0.long(), y0.long()
        x1, y1 = (x0 + 1).minimum(width[:, None] - 1), (y0 + 1).minimum(height[:, None] - 1)

        def taps(column, row):
            return self.pixels[start[:, None, None] + row[:, :, None] * width[:, None, None] + column[:, None]].float()

        above, below = torch.lerp(taps(x0, y0), taps(x1, y0), fx), torch.lerp(taps(x0, y1), taps(x1, y1), fx)
        return torch.lerp(above, below, fy)


def packed(plans, side):
    """[Plan] -> {name: float32 array}, one row a window; pasted things have the window's number in front"""
    layers = [[i, layer.picture, *layer.cut, *layer.place] for depth in range(2) for i, plan in enumerate(plans)
              for layer in plan.layers[depth:depth + 1]]
    pasted = [[depth, i, p.cutout, *p.place, p.mirrored, p.light, p.gain, p.opacity, *(p.shadow or (0, 0, 1, 1, 0, 0))]
              for i, plan in enumerate(plans) for depth, p in enumerate(plan.pasted)]
    poles = [[i, *plan.pole[:3], *plan.pole[3]] for i, plan in enumerate(plans) if plan.pole]
    wear = [[w.lost[0] if w.lost else 1, w.blur or 0, *(w.motion or (1, 0)), w.colour, w.gamma, w.light, w.dim, w.noise[0] if w.noise else 0,
             w.jpeg or 100, *w.contrast] for w in (plan.wear for plan in plans)]
    return {name: np.array(rows, np.float32).reshape(len(rows), columns)
            for name, rows, columns in (("layers", layers, 10), ("pasted", pasted, 17), ("poles", poles, 7), ("wear", wear, 13),
                                        ("blank", [plan.blank for plan in plans], 3), ("mirrored", [[plan.mirrored] for plan in plans], 1))}


class Canvas:
    """draws packed plans"""

    def __init__(self, pictures, cutouts, side, device):
        self.side, self.device = side, device
        self.pictures = Store((p.pixels for p in pictures), device)
        self.cutouts = Store((pixels for _, pixels in cutouts), device) if cutouts else None
        self.line = torch.arange(side, device=device, dtype=torch.float32)
        steps = torch.arange(8, device=device, dtype=torch.float32)
        self.cosines = ((2 * steps + 1) * steps[:, None] * torch.pi / 16).cos() * torch.where(steps == 0, .125 ** .5, .5)[:, None]
        self.quanta = torch.from_numpy(QUANTA).to(device)

    @torch.no_grad()
    def draw(self, plans):
        """plans: of packed -> uint8 [B, side, side, 3] RGB on the device"""
        plans = {name: torch.from_numpy(rows).to(self.device, non_blocking=True) for name, rows in plans.items()}
        count = len(plans["blank"])
        pixels = plans["blank"][:, None, None].expand(count, self.side, self.side, 3).contiguous()
        layers = plans["layers"]
        for part in (layers[:count], layers[count:]):       # every window has one, some a second in front
            self._layers(pixels, part)
        for depth in range(max(PASTES)):
            self._paste(pixels, plans["pasted"][plans["pasted"][:, 0] == depth, 1:])
        self._poles(pixels, plans["poles"])
        pixels = self._wear(pixels, plans["wear"])
        pixels = torch.where(plans["mirrored"][:, None, None] > 0, pixels.flip(2), pixels)
        return pixels.flip(3).to(torch.uint8)

    def _inside(self, left, top, width, height):
        """each [n] -> bool [n, side, side, 1]"""
        across, down = ((self.line >= start[:, None]) & (self.line < (start + length)[:, None]) for start, length in ((left, width), (top, height)))
        return (down[:, :, None] & across[:, None])[..., None]

    def _layers(self, pixels, rows):
        if not len(rows):
            return
        window, number = rows[:, 0].long(), rows[:, 1].long()
        x0, y0, x1, y1, left, top, w, h = rows[:, 2:].unbind(1)
        fx, fy = (x1 - x0) / w, (y1 - y0) / h
        x = ((self.line - left[:, None] + .5) * fx[:, None] - .5).clamp(min=0).minimum((x1 - x0 - 1)[:, None]) + x0[:, None]
        y = ((self.line - top[:, None] + .5) * fy[:, None] - .5).clamp(min=0).minimum((y1 - y0 - 1)[:, None]) + y0[:, None]
        pixels[window] = torch.where(self._inside(left, top, w, h), self.pictures.sample(number, x, y, (fx * fy).sqrt()), pixels[window])

    def _paste(self, pixels, rows):
        if not len(rows):
            return
        window, number = rows[:, 0].long(), rows[:, 1].long()
        left, top, w, h, mirrored, light, gain, opacity = rows[:, 2:10].unbind(1)
        _, width, height = self.cutouts.table[number, 0].unbind(1)
        across = self.line - left[:, None]
        across = torch.where(mirrored[:, None] > 0, w[:, None] - 1 - across, across)
        x = (across + .5) * (width / w)[:, None] - .5
        y = (self.line - top[:, None] + .5) * (height / h)[:, None] - .5
        inside = self._inside(left, top, w, h).float()
        there = pixels[window] * (1 - self._shadows(rows[:, 10:]))
        cutout = self.cutouts.sample(number, x, y, (width * height / (w * h)).sqrt())
        colour, alpha = cutout[..., :3], cutout[..., 3:] / 255 * inside * opacity[:, None, None, None]
        area = inside.sum((1, 2, 3), keepdim=True) * 3
        mean, place = ((values * inside).sum((1, 2, 3), keepdim=True) / area for values in (colour, there))
        light, gain = light[:, None, None, None], gain[:, None, None, None]
        colour = gain * (colour * (1 - .25 * light) + (place - mean) * light * .6 + mean * .25 * light)
        pixels[window] = (there + (colour - there) * alpha).clamp(0, 255)

    def _shadows(self, rows):
        """-> [n, side, side, 1]: how much darker"""
        x, y, across, up, degrees, strength = (v[:, None, None] for v in rows.unbind(1))
        dx, dy, angle = self.line[None, None] - x, self.line[None, :, None] - y, degrees * torch.pi / 180
        a, b = (dx * angle.cos() + dy * angle.sin()) / across, (dy * angle.cos() - dx * angle.sin()) / up
        away = ((a * a + b * b).sqrt() - 1) * torch.minimum(across, up)         # about pixels from the ellipse's edge
        return (strength * (.5 - away / 3).clamp(0, 1))[..., None]

    def _poles(self, pixels, rows):
        if not len(rows):
            return
        above, below, thickness = (v[:, None, None] for v in rows[:, 1:4].unbind(1))
        middle = above + (below - above) * self.line[:, None] / self.side
        on = ((self.line - middle).abs() <= thickness / 2)[..., None]
        window = rows[:, 0].long()
        pixels[window] = torch.where(on, rows[:, None, None, 4:], pixels[window])

    def _wear(self, pixels, rows):
        lost, blur, motion, is_down, colour, gamma, light, dim, noise, jpeg = rows[:, :10].unbind(1)
        blurred = ((lost < 1) | (blur > 0) | (motion > 1)).nonzero()[:, 0]
        if len(blurred):
            pixels[blurred] = self._blur(pixels[blurred], *rows[blurred, :4].unbind(1))
        wide = [v[:, None, None, None] for v in (colour, gamma, light, dim, noise)]
        grey = (pixels * pixels.new_tensor([.114, .587, .299])).sum(3, keepdim=True)
        pixels = (grey + (pixels - grey) * wide[0]).clamp(0, 255) / 255
        pixels = ((pixels ** wide[1] - .5) * rows[:, None, None, 10:] + .5 + wide[2]).clamp(0, 1) * wide[3] * 255
        pixels = (pixels + torch.randn_like(pixels) * wide[4]).clamp(0, 255)
        squeezed = (jpeg < 100).nonzero()[:, 0]
        if len(squeezed):
            pixels[squeezed] = self._jpeg(pixels[squeezed], jpeg[squeezed])
        return pixels

    def _blur(self, pixels, lost, blur, motion, is_down):
        """each window by its own two kernels, one each way"""
        away = torch.arange(-REACH, REACH + 1, device=self.device, dtype=torch.float32)
        sigma = (blur ** 2 + torch.where(lost < 1, .45 / lost, 0.) ** 2).sqrt().clamp(min=.05)[:, None]
        bell = torch.exp(-away ** 2 / (2 * sigma ** 2))
        bell = bell / bell.sum(1, keepdim=True)
        # OpenCV's filter of `motion` pixels begins half of them to the left
        smear = ((away >= -(motion // 2)[:, None]) & (away < (motion - motion // 2)[:, None])).float()
        smear = smear / smear.sum(1, keepdim=True)
        count, reach = len(pixels), REACH
        x = pixels.permute(0, 3, 1, 2).reshape(1, 3 * count, self.side, self.side)
        for down in (0, 1):
            moves = ((is_down > 0) == bool(down)) & (motion > 1)
            kernel = torch.where(moves[:, None], smear, bell).repeat_interleave(3, 0)[:, None]
            x = F.pad(x, (0, 0, reach, reach) if down else (reach, reach, 0, 0), mode="reflect")
            x = F.conv2d(x, kernel[..., None] if down else kernel[:, :, None], groups=3 * count)
        return x.view(count, 3, self.side, self.side).permute(0, 2, 3, 1)

    def _jpeg(self, pixels, quality):
        """as an encoder of that quality would leave them, without its halved colour"""
        mix = pixels.new_tensor([[.114, .587, .299], [.5, -.331264, -.168736], [-.081312, -.418688, .5]])       # BGR -> Y, Cb, Cr
        factor = torch.where(quality < 50, 50 / quality, 2 - quality / 50)[:, None, None, None]
        quanta = ((self.quanta[[0, 1, 1]] * factor).round().clamp(1, 255))[:, :, None, None]                  # [n, 3, 1, 1, 8, 8]
        count, blocks = len(pixels), self.side // 8
        x = (pixels @ mix.T).permute(0, 3, 1, 2).reshape(count, 3, blocks, 8, blocks, 8).transpose(3, 4)
        x = x - pixels.new_tensor([128., 0, 0]).view(3, 1, 1, 1, 1)
        x = self.cosines @ x @ self.cosines.T
        x = self.cosines.T @ ((x / quanta).round() * quanta) @ self.cosines
        x = x + pixels.new_tensor([128., 0, 0]).view(3, 1, 1, 1, 1)
        x = x.transpose(3, 4).reshape(count, 3, self.side, self.side).permute(0, 2, 3, 1)
        return (x @ torch.linalg.inv(mix).T).clamp(0, 255)


class Renderer:
    """As render.Renderer, pixels on the device. With `ahead` processes plans are made ahead, each process with a seed of its own."""

    def __init__(self, pictures, cutouts, seed, side, device, clean=False, ahead=0):
        self.planner = Planner(pictures, cutouts, seed, side, clean)
        self.side, self.canvas = side, Canvas(self.planner.pictures, cutouts, side, device)
        self.ahead = ahead and Ahead(self.planner, seed, ahead)

    def batch(self, count):
        plans, out = self.ahead.take(count) if self.ahead else planned(self.planner, count)
        out.pixels = self.canvas.draw(plans)
        return out


def planned(planner, count):
    plans = [planner.window() for _ in range(count)]
    return packed(plans, planner.side), labels(plans, planner.side)


class Ahead:
    """Processes that make plans, a queue of batches."""

    def __init__(self, planner, seed, processes):
        context = torch.multiprocessing.get_context("fork")
        self.planner, self.seed, self.processes, self.queue = planner, seed, processes, context.Queue(4 * processes)
        self.context, self.started = context, False

    def take(self, count):
        if not self.started:
            self.started = True
            for rank in range(self.processes):
                self.context.Process(target=self._make, args=(rank, count), daemon=True).start()
        return self.queue.get()

    def _make(self, rank, count):
        torch.set_num_threads(1)
        self.planner.random = np.random.default_rng([self.seed, rank])
        while True:
            self.queue.put(planned(self.planner, count))
