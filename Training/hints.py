"""The teacher's feature maps by PyTorch, for a GPU: thousands of windows a second where ncnn gives two hundred a core.

It reads ncnn's own two files (NanoDet-Plus' backbone and neck need eleven kinds of layers) and gives what teacher.Teacher.maps gives.
"""
import numpy as np
import torch
import torch.nn.functional as F

MEAN, SCALE = [103.53, 116.28, 123.675], [0.017429, 0.017507, 0.017125]     # BGR
MAPS = ("1367", "1391", "1415")         # blobs of the neck: 96 channels each, strides 8, 16 and 32
HALF = 0x01306B47      # ncnn's mark before weights stored as float16; before float32 stands 0


class Hints:
    def __init__(self, folder, device="cpu", dtype=torch.float32):
        self.layers, self.dtype = [], dtype
        with open(f"{folder}/nanodet-plus-m-416.param") as file:
            rows = [line.split() for line in file.read().splitlines()[2:]]
        with open(f"{folder}/nanodet-plus-m-416.bin", "rb") as file:
            stored = file.read()
        at, wanted = 0, set(MAPS)
        for kind, name, inputs, outputs, *rest in rows:
            inputs, outputs = int(inputs), int(outputs)
            sources, made = rest[:inputs], rest[inputs:inputs + outputs]
            values = dict(_value(text) for text in rest[inputs + outputs:])
            tensors = ()
            if kind.startswith("Convolution"):
                weight, at = _weights(stored, at, values[6])
                bias = np.frombuffer(stored, np.float32, values[0], at)
                at += bias.nbytes
                kernel = values[1]
                tensors = tuple(torch.tensor(t, dtype=dtype, device=device)
                                for t in (weight.reshape(values[0], -1, values.get(11, kernel), kernel), bias))
            self.layers.append((kind, sources, made, values, tensors))
            wanted -= set(made)
            if not wanted:
                break
        self.mean, self.scale = (torch.tensor(v, device=device).view(1, 3, 1, 1) for v in (MEAN, SCALE))

    @torch.no_grad()
    def maps(self, windows):
        """windows: uint8 [B, side, side, 3] RGB, side a multiple of 32 -> float32 [B, (side / 16)^2, 288]"""
        x = (windows.permute(0, 3, 1, 2).flip(1).float() - self.mean) * self.scale
        known = {"data": x.to(self.dtype)}
        for kind, sources, made, values, tensors in self.layers:
            if kind != "Input":
                out = _run(kind, [known[s] for s in sources], values, tensors)
                known.update(zip(made, out if isinstance(out, list) else [out] * len(made)))
        fine, middle, coarse = (known[name] for name in MAPS)
        found = torch.cat([F.avg_pool2d(fine, 2), middle, F.interpolate(coarse, scale_factor=2, mode="nearest")], 1)
        return found.flatten(2).transpose(1, 2).float()


def _value(text):
    """'0=24' -> (0, 24); '-23309=1,58' (an array with its length first) -> (9, [58])"""
    key, value = text.split("=")
    key = int(key)
    numbers = [float(v) if "." in v else int(v) for v in value.split(",")]
    return (-23300 - key, numbers[1:]) if key <= -23300 else (key, numbers[0])


def _weights(stored, at, count):
    if int(np.frombuffer(stored, np.uint32, 1, at)[0]) == HALF:
        return np.frombuffer(stored, np.float16, count, at + 4).astype(np.float32), at + 4 + (2 * count + 3) // 4 * 4
    return np.frombuffer(stored, np.float32, count, at + 4), at + 4 + 4 * count


def _run(kind, sources, values, tensors):
    x = sources[0]
    if kind.startswith("Convolution"):
        x = F.conv2d(x, *tensors, stride=values.get(3, 1), padding=values.get(4, 0), groups=values.get(7, 1))
        return F.leaky_relu(x, values[10][0]) if values.get(9) == 2 else x
    if kind == "Pooling":
        return F.max_pool2d(x, values[1], values[2], values[3])
    if kind == "Split":
        return x
    if kind == "Concat":
        return torch.cat(sources, 1)
    if kind == "ShuffleChannel":
        batch, channels, height, width = x.shape
        return x.view(batch, values[0], -1, height, width).transpose(1, 2).reshape(x.shape)
    if kind == "Crop":
        return x[:, values[9][0]:values[10][0]]
    if kind == "Interp":
        return F.interpolate(x, scale_factor=(values[1], values[2]), mode="bilinear")
    if kind == "BinaryOp":
        return x + sources[1]
    raise ValueError(f"the teacher has a layer of kind {kind}, which is not known here")
