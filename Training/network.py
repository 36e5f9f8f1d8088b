"""The network: OWL-ViT (Minderer et al., 2022, arXiv 2205.06230) written as plain modules.

It computes what `OwlViTForObjectDetection` of transformers computes, on the same weights; `to_hugging_face` and
`from_hugging_face` rename them, and export.py checks that both give the same numbers. It is written out because training on
a CPU is three times as fast this way: q, k and v in one product, attention as two products and a softmax (the backward
pass of the fused CPU attention takes ten times as long as its forward pass), and a first layer that is a plain product.

Shapes: B windows, N = grid x grid tokens in reading order, Q texts, D text dimensions, C trained classes.
"""
from dataclasses import asdict, dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

MEAN = (0.48145466, 0.4578275, 0.40821073)   # CLIP's, RGB, of values in 0...1
STD = (0.26862954, 0.26130258, 0.27577711)
HINT_SIZE = 288          # channels of the teacher's feature maps (teacher.py)


@dataclass
class Shape:
    window: int = 160
    patch: int = 16
    width: int = 256
    layers: int = 6
    heads: int = 4
    text_width: int = 128
    text_layers: int = 3
    text_heads: int = 4
    text_length: int = 16
    vocabulary: int = 8514
    classes: int = 0     # of the helper head "which classes cover this token"; not exported

    @property
    def grid(self):
        return self.window // self.patch


class Block(nn.Module):
    """One transformer layer, pre-norm, quick-GELU (x * sigmoid(1.702 x)) as in CLIP."""

    def __init__(self, width, heads, causal):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        # random weights as in GPT-2: what is added to the residual stream starts small
        for layer, gain in ((self.qkv, .8), (self.fc1, .8), (self.out, .35), (self.fc2, .35)):
            nn.init.normal_(layer.weight, std=gain * layer.weight.shape[1] ** -.5)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        batch, length, width = x.shape
        each = width // self.heads
        q, k, v = self.qkv(self.norm1(x)).view(batch, length, 3, self.heads, each).permute(2, 0, 3, 1, 4)
        attention = q @ (k * each ** -.5).transpose(-1, -2)
        if self.causal:
            attention = attention + torch.full((length, length), float("-inf"), dtype=attention.dtype,
                                               device=x.device).triu(1)
        mixed = attention.softmax(-1).to(v.dtype) @ v
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        y = self.fc1(self.norm2(x))
        return x + self.fc2(y * torch.sigmoid(1.702 * y))


class ImageTower(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.patch = nn.Linear(3 * shape.patch ** 2, shape.width, bias=False)
        self.class_token = nn.Parameter(torch.randn(shape.width) * .7)
        self.position = nn.Parameter(torch.zeros(shape.grid ** 2 + 1, shape.width))
        self.position.data[1:] = .7 * sine_positions(shape.grid, shape.width)
        self.pre = nn.LayerNorm(shape.width)
        self.blocks = nn.ModuleList(Block(shape.width, shape.heads, False) for _ in range(shape.layers))
        self.post, self.merged = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1) * 255, False)
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1) * 255, False)

    def patches(self, pixels):
        """pixels: uint8 [B, window, window, 3] RGB -> float [B, N, 3 * patch * patch], channel first in a patch"""
        grid, patch = self.shape.grid, self.shape.patch
        x = (pixels.permute(0, 3, 1, 2).float() - self.mean) / self.std
        x = x.reshape(len(x), 3, grid, patch, grid, patch).permute(0, 2, 4, 1, 3, 5)
        return x.reshape(len(x), grid * grid, -1)

    def forward(self, pixels):
        """-> [B, N, width]: the tokens, each multiplied with the class token, as OWL-ViT merges them"""
        x = self.patch(self.patches(pixels))
        x = torch.cat([self.class_token.to(x.dtype).expand(len(x), 1, -1), x], 1)
        x = self.pre(x + self.position)
        for block in self.blocks:
            x = block(x)
        x = self.post(x)
        return self.merged(x[:, 1:] * x[:, :1])

    @torch.no_grad()
    def whiten(self, pixels):
        """Sets the first layer to the whitened principal components of real patches, randomly rotated.

        From random weights the loss stayed flat for tens of thousands of windows; from these it falls at once."""
        x = self.patches(pixels).reshape(-1, self.patch.in_features)
        values, vectors = torch.linalg.eigh((x.T @ x / len(x)).double())
        values, vectors = values.flip(0)[:self.shape.width], vectors.flip(1)[:, :self.shape.width]
        components = (vectors * (values + .02 * values.mean()).rsqrt()).T.float()
        rotation = torch.linalg.qr(torch.randn(self.shape.width, self.shape.width))[0]
        self.patch.weight.copy_(rotation @ components)


def sine_positions(grid, width):
    """-> [grid * grid, width]; half of the channels for x, half for y, wave lengths from 2 pi to 200 pi tokens"""
    rate = 100 ** -(torch.arange(width // 4).float() / (width // 4))
    angle = torch.arange(grid).float()[:, None] * rate
    line = torch.cat([angle.sin(), angle.cos()], 1)
    columns, rows = line[None].expand(grid, grid, -1), line[:, None].expand(grid, grid, -1)
    return torch.cat([columns, rows], -1).reshape(grid * grid, width)


class TextTower(nn.Module):
    def __init__(self, shape):
        super().__init__()
        width = shape.text_width
        self.token = nn.Embedding(shape.vocabulary, width)
        nn.init.normal_(self.token.weight, std=.02)
        self.position = nn.Parameter(torch.randn(shape.text_length, width) * .01)
        self.blocks = nn.ModuleList(Block(width, shape.text_heads, True) for _ in range(shape.text_layers))
        self.final = nn.LayerNorm(width)
        self.projection = nn.Linear(width, width, bias=False)

    def forward(self, ids):
        """ids: int [Q, length], the end token (the largest id) somewhere in each row -> [Q, D], length 1"""
        x = self.token(ids) + self.position[:ids.shape[1]]
        for block in self.blocks:
            x = block(x)
        x = self.final(x)[torch.arange(len(ids), device=ids.device), ids.argmax(1)]
        return F.normalize(self.projection(x), dim=-1)


class Network(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        width = shape.width
        self.image, self.text = ImageTower(shape), TextTower(shape)
        self.class_dense, self.shift, self.scale = nn.Linear(width, shape.text_width), nn.Linear(width, 1), nn.Linear(width, 1)
        self.box0, self.box1, self.box2 = nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, 4)
        # every token starts with a low score for every text: (0 - .45) * (9 + 1) = -4.5
        nn.init.constant_(self.scale.bias, 9.)
        nn.init.constant_(self.shift.bias, -.45)
        for layer in (self.scale, self.shift):
            nn.init.zeros_(layer.weight)
        nn.init.normal_(self.box2.weight, std=.01)
        nn.init.zeros_(self.box2.bias)
        self.register_buffer("box_bias", box_bias(shape.grid), False)
        # heads that only help training
        self.cover = nn.Linear(width, shape.classes)
        nn.init.normal_(self.cover.weight, std=.01)
        nn.init.constant_(self.cover.bias, -4.)
        self.hint = nn.Linear(width, HINT_SIZE)

    def forward(self, pixels, texts, helpers=False):
        """pixels: uint8 [B, window, window, 3] RGB; texts: [Q, D] -> logits [B, N, Q], boxes [B, N, 4]

        boxes: centre x, centre y, width, height before the sigmoid, in parts of the window, origin top left.
        With helpers also cover [B, N, C] (logits) and hint [B, N, HINT_SIZE]."""
        tokens = self.image(pixels)
        embedding = self.class_dense(tokens)
        box = F.gelu(self.box1(F.gelu(self.box0(tokens))))
        with torch.autocast(pixels.device.type, enabled=False):      # scores and boxes are worth their 32 bits
            tokens, embedding, box, texts = tokens.float(), embedding.float(), box.float(), texts.float()
            embedding = embedding / (embedding.norm(dim=-1, keepdim=True) + 1e-6)
            texts = texts / (texts.norm(dim=-1, keepdim=True) + 1e-6)
            logits = (embedding @ texts.T + self.shift(tokens)) * (F.elu(self.scale(tokens)) + 1)
            boxes = self.box2(box) + self.box_bias
            if helpers:
                return logits, boxes, self.cover(tokens), self.hint(tokens)
            return logits, boxes


def box_bias(grid):
    """OWL-ViT's prior: a token's box lies at the lower right corner of its patch and is one patch large -> [N, 4], logits"""
    steps = torch.arange(1, grid + 1) / grid
    rows, columns = torch.meshgrid(steps, steps, indexing="ij")
    centre = torch.stack([columns, rows], -1).view(-1, 2).clip(0, 1)
    both = torch.cat([centre, torch.full_like(centre, 1 / grid)], 1)
    return torch.log(both + 1e-4) - torch.log1p(-both + 1e-4)


# ---- names of the same weights in transformers' OwlViTForObjectDetection

_SAME = {"image.pre": "owlvit.vision_model.pre_layernorm", "image.post": "owlvit.vision_model.post_layernorm",
         "image.merged": "layer_norm", "text.final": "owlvit.text_model.final_layer_norm",
         "class_dense": "class_head.dense0", "shift": "class_head.logit_shift", "scale": "class_head.logit_scale",
         "box0": "box_head.dense0", "box1": "box_head.dense1", "box2": "box_head.dense2"}
_PLAIN = {"image.class_token": "owlvit.vision_model.embeddings.class_embedding",
          "image.position": "owlvit.vision_model.embeddings.position_embedding.weight",
          "text.token.weight": "owlvit.text_model.embeddings.token_embedding.weight",
          "text.position": "owlvit.text_model.embeddings.position_embedding.weight",
          "text.projection.weight": "owlvit.text_projection.weight"}
_BLOCK = {"norm1": "layer_norm1", "norm2": "layer_norm2", "fc1": "mlp.fc1", "fc2": "mlp.fc2", "out": "self_attn.out_proj"}
_PATCH = "owlvit.vision_model.embeddings.patch_embedding.weight"


def _names(shape):
    """pairs (own name, transformers' name) of everything that only changes its name"""
    yield from _PLAIN.items()
    for ours, theirs in _SAME.items():
        for part in ("weight", "bias"):
            yield f"{ours}.{part}", f"{theirs}.{part}"
    for ours, theirs, _ in _blocks(shape):
        for a, b in _BLOCK.items():
            for part in ("weight", "bias"):
                yield f"{ours}.{a}.{part}", f"{theirs}.{b}.{part}"


def _blocks(shape):
    for tower, name, count in (("image", "vision_model", shape.layers), ("text", "text_model", shape.text_layers)):
        for i in range(count):
            yield f"{tower}.blocks.{i}", f"owlvit.{name}.encoder.layers.{i}", i


def to_hugging_face(state, shape):
    out = {theirs: state[ours] for ours, theirs in _names(shape)}
    out[_PATCH] = state["image.patch.weight"].view(-1, 3, shape.patch, shape.patch)
    for ours, theirs, _ in _blocks(shape):
        for part in ("weight", "bias"):
            for letter, piece in zip("qkv", state[f"{ours}.qkv.{part}"].chunk(3)):
                out[f"{theirs}.self_attn.{letter}_proj.{part}"] = piece
    # CLIP leftovers that detection never uses, but the class wants to load
    out["owlvit.visual_projection.weight"] = torch.zeros(shape.text_width, shape.width)
    out["owlvit.logit_scale"] = torch.tensor(2.6592)
    return {name: tensor.detach().contiguous() for name, tensor in out.items()}


def from_hugging_face(weights, shape):
    """-> a state for load_state_dict(strict=False): the helper heads are not in an exported model"""
    state = {ours: weights[theirs].float() for ours, theirs in _names(shape)}
    state["image.patch.weight"] = weights[_PATCH].float().flatten(1)
    for ours, theirs, _ in _blocks(shape):
        for part in ("weight", "bias"):
            state[f"{ours}.qkv.{part}"] = torch.cat(
                [weights[f"{theirs}.self_attn.{letter}_proj.{part}"].float() for letter in "qkv"])
    return state


def shape_of(config, classes):
    """Shape from a config.json of transformers"""
    text, vision = config["text_config"], config["vision_config"]
    return Shape(vision["image_size"], vision["patch_size"], vision["hidden_size"], vision["num_hidden_layers"],
                 vision["num_attention_heads"], text["hidden_size"], text["num_hidden_layers"],
                 text["num_attention_heads"], text["max_position_embeddings"], text["vocab_size"], classes)


def shape_dict(shape):
    return asdict(shape)
