"""Writes the fixtures that Tests/OwlViTTests compares with: tiny random models, pictures, and what transformers makes of them.

    python -m venv venv && venv/bin/pip install torch torchvision transformers==5.24.0 pillow
    venv/bin/python Tests/Golden/generate.py

Every fixture is a model directory as on the hub, with `texts.txt` (a query a line) and one `picture-N.safetensors` a picture:
the picture's bytes and every tensor of the network, all as F32. The same seeds give the same files.
"""
import json
import pathlib
import shutil
from collections import Counter

import numpy
import torch
import transformers
from PIL import Image
from safetensors.torch import save_file
from transformers import (CLIPTokenizer, Owlv2Config, Owlv2ForObjectDetection, Owlv2ImageProcessor, OwlViTConfig,
                          OwlViTForObjectDetection, OwlViTImageProcessor)

from random_model import fill

HERE = pathlib.Path(__file__).parent

TEXTS = [
    "a photo of a cat", "Red  TRUCK", "a person's dog, 3rd from left!", "🚚 truck 👩‍👩‍👧 family", "红色的卡车", "Überfüllte Straße",
    "x", "", " ".join(["a very long description of one thing"] * 15),
]

# Odd sizes on purpose: sides that patches don't divide, heads whose width is no multiple of a vector, rows that fill several
# blocks, keys that fill several stretches, one layer and many.
FIXTURES = {
    "owlvit-odd": dict(kind="owlvit", seed=1, text=(20, 2, 5, 44, 16), vision=(24, 2, 3, 52, 33, 8), act="quick_gelu",
                       dtype=torch.float32, pictures=[(33, 33), (61, 40), (17, 90)]),
    "owlvit-one-layer": dict(kind="owlvit", seed=2, text=(36, 1, 3, 40, 9), vision=(40, 1, 5, 96, 56, 7), act="gelu",
                             dtype=torch.bfloat16, pictures=[(110, 80)]),
    "owlvit-many-tokens": dict(kind="owlvit", seed=3, text=(16, 1, 2, 32, 16), vision=(16, 2, 2, 40, 96, 4), act="quick_gelu",
                               dtype=torch.float32, pictures=[(50, 120)]),
    "owlv2-odd": dict(kind="owlv2", seed=4, text=(28, 2, 4, 60, 16), vision=(32, 3, 2, 68, 41, 8), act="quick_gelu",
                      dtype=torch.float32, pictures=[(120, 70), (30, 77), (41, 41), (25, 25), (200, 9)]),
    "owlv2-deep": dict(kind="owlv2", seed=5, text=(24, 7, 2, 48, 12), vision=(48, 9, 3, 100, 48, 16), act="gelu_pytorch_tanh",
                       dtype=torch.float16, pictures=[(160, 90)]),
}


def byte_symbols():
    kept = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    rest = [b for b in range(256) if b not in kept]
    return [chr(b) for b in kept] + [chr(256 + i) for i in range(len(rest))]


def vocabulary(merges_wanted=60):
    """CLIP's form of a vocabulary, with the most frequent pairs of a few words as merges."""
    words = Counter("a photo of cat dog person truck car red the very long description one thing family left from".split())
    words = {tuple(w[:-1]) + (w[-1] + "</w>",): n for w, n in words.items()}
    merges = []
    while len(merges) < merges_wanted:
        pairs = Counter()
        for word, n in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += n
        if not pairs:
            break
        best = min(pairs, key=lambda p: (-pairs[p], p))
        merges.append(best)
        merged = {}
        for word, n in words.items():
            out, i = [], 0
            while i < len(word):
                if word[i:i + 2] == best:
                    out.append(word[i] + word[i + 1])
                    i += 2
                else:
                    out.append(word[i])
                    i += 1
            merged[tuple(out)] = n
        words = merged
    symbols = byte_symbols()
    tokens = symbols + [s + "</w>" for s in symbols] + ["".join(m) for m in merges] + ["<|startoftext|>", "<|endoftext|>"]
    return {t: i for i, t in enumerate(tokens)}, merges


def picture(width, height, seed):
    """Gradients, edges and noise: something for every kind of resampling mistake."""
    random = numpy.random.default_rng(seed)
    y, x = numpy.mgrid[0:height, 0:width]
    base = numpy.stack([x * 255 / max(1, width - 1), y * 255 / max(1, height - 1), (x * 7 + y * 13) % 256], -1)
    base[(x // 9 + y // 5) % 2 == 0] = 255 - base[(x // 9 + y // 5) % 2 == 0]
    return numpy.clip(base + random.normal(0, 20, base.shape), 0, 255).astype(numpy.uint8)


def write(name, spec):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    owlv2 = spec["kind"] == "owlv2"
    vocab, merges = vocabulary()
    (folder / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    bos, eos = vocab["<|startoftext|>"], vocab["<|endoftext|>"]
    (folder / "tokenizer_config.json").write_text(json.dumps(
        {"tokenizer_class": "CLIPTokenizer", "bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>",
         "unk_token": "<|endoftext|>", "pad_token": "!", "model_max_length": spec["text"][4]}))
    (folder / "texts.txt").write_text("".join(t + "\n" for t in TEXTS))

    keys = ("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size")
    text = dict(zip(keys, spec["text"]), max_position_embeddings=spec["text"][4], vocab_size=len(vocab), hidden_act=spec["act"],
                bos_token_id=bos, eos_token_id=eos, pad_token_id=0)
    vision = dict(zip(keys, spec["vision"]), image_size=spec["vision"][4], patch_size=spec["vision"][5], hidden_act=spec["act"])
    config = (Owlv2Config if owlv2 else OwlViTConfig)(text_config=text, vision_config=vision, projection_dim=spec["text"][0])
    model = fill((Owlv2ForObjectDetection if owlv2 else OwlViTForObjectDetection)(config), spec["seed"])
    model.to(spec["dtype"]).save_pretrained(folder)
    # Read back: converting the model itself would leave its box bias, which is no weight, rounded to the file's precision.
    model = type(model).from_pretrained(folder, dtype=torch.float32).eval()
    processor = (Owlv2ImageProcessor if owlv2 else OwlViTImageProcessor)(
        size={"height": vision["image_size"], "width": vision["image_size"]})
    processor.save_pretrained(folder)
    tokenizer = CLIPTokenizer.from_pretrained(folder)
    encoded = tokenizer(TEXTS, padding="max_length", max_length=spec["text"][4], truncation=True, return_tensors="pt")

    for index, (width, height) in enumerate(spec["pictures"]):
        pixels = picture(width, height, seed=100 * spec["seed"] + index)
        inputs = processor(Image.fromarray(pixels), return_tensors="pt")
        with torch.inference_mode():
            out = model(input_ids=encoded.input_ids, attention_mask=encoded.attention_mask, pixel_values=inputs.pixel_values)
        tensors = {"picture": torch.from_numpy(pixels), "input_ids": encoded.input_ids, "attention_mask": encoded.attention_mask,
                   "pixel_values": inputs.pixel_values}
        for key in ("text_embeds", "image_embeds", "class_embeds", "logits", "pred_boxes", "objectness_logits"):
            if getattr(out, key, None) is not None:
                tensors[key] = getattr(out, key)
        save_file({k: v.float().contiguous() for k, v in tensors.items()}, folder / f"picture-{index}.safetensors")
        spreads = {k: round(float(v.float().std()), 3) for k, v in tensors.items() if k in ("logits", "pred_boxes", "image_embeds")}
        print(name, index, spreads)
    (folder / "generation_config.json").unlink(missing_ok=True)


if __name__ == "__main__":
    print("transformers", transformers.__version__, "torch", torch.__version__)
    torch.manual_seed(0)
    for name, spec in FIXTURES.items():
        write(name, spec)
