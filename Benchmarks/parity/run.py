"""Full-size models, owlwatch beside transformers: the worst absolute difference of everything the network sees and says.

    python -m venv venv && venv/bin/pip install -r Benchmarks/parity/requirements.txt
    venv/bin/python Benchmarks/parity/run.py --bpe bpe_simple_vocab_16e6.txt.gz [--output Reports/parity.md] [MODEL …]

The models have the shapes of those on the Hugging Face hub and random weights (Tests/Golden/random_model.py), float32, from a
fixed seed. `--bpe` is CLIP's vocabulary, of OpenAI's repository. Each model is made in a temporary folder (`--folder`, up to
2 GB), looked at by both sides one after the other, and deleted. Ends with 1 where logits or boxes differ by more than 1e-3.
"""
import argparse
import datetime
import gc
import os
import pathlib
import platform
import resource
import subprocess
import sys
import tempfile
import time

import numpy
import torch
import transformers
from PIL import Image
from safetensors.numpy import load_file
from transformers import (Owlv2Config, Owlv2ForObjectDetection, Owlv2ImageProcessor, OwlViTConfig, OwlViTForObjectDetection,
                          OwlViTImageProcessor)

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests/Golden"))
from generate import picture  # noqa: E402
from random_model import fill  # noqa: E402
from tokenizer import clip  # noqa: E402

BASE_TEXT = dict(hidden_size=512, num_hidden_layers=12, num_attention_heads=8, intermediate_size=2048)
LARGE_TEXT = dict(hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072)
BASE = dict(hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072)
LARGE = dict(hidden_size=1024, num_hidden_layers=24, num_attention_heads=16, intermediate_size=4096)
MODELS = {
    "owlvit-base-patch32": (OwlViTConfig, OwlViTForObjectDetection, OwlViTImageProcessor, BASE_TEXT, BASE | dict(image_size=768, patch_size=32)),
    "owlvit-base-patch16": (OwlViTConfig, OwlViTForObjectDetection, OwlViTImageProcessor, BASE_TEXT, BASE | dict(image_size=768, patch_size=16)),
    "owlvit-large-patch14": (OwlViTConfig, OwlViTForObjectDetection, OwlViTImageProcessor, LARGE_TEXT, LARGE | dict(image_size=840, patch_size=14)),
    "owlv2-base-patch16-ensemble": (Owlv2Config, Owlv2ForObjectDetection, Owlv2ImageProcessor, BASE_TEXT, BASE | dict(image_size=960, patch_size=16)),
}
TEXTS = ["a photo of a cat", "red truck", "🚚 红色的卡车", "a person who carries a very long ladder through a very narrow gate at night"]
TENSORS = ["input_ids", "pixel_values", "text_embeds", "image_embeds", "class_embeds", "logits", "pred_boxes", "objectness_logits"]
LIMIT = {"logits": 1e-3, "pred_boxes": 1e-3, "input_ids": 0}


def make(name, folder, archive):
    """Writes a model's directory; returns the model and its image processor."""
    config, kind, processor, text, vision = MODELS[name]
    tokenizer = clip(archive, folder)
    settings = config(text_config=dict(text, vocab_size=len(tokenizer), max_position_embeddings=16), vision_config=vision,
                      projection_dim=text["hidden_size"])
    fill(kind(settings), seed=sorted(MODELS).index(name)).save_pretrained(folder)
    images = processor(size={"height": vision["image_size"], "width": vision["image_size"]})
    images.save_pretrained(folder)
    # Read back: the box bias is computed when a model is made, not stored.
    return kind.from_pretrained(folder).eval(), images, tokenizer


def theirs(model, images, tokenizer, pixels, repeats):
    """What transformers sees and says, and the mean CPU seconds of a forward."""
    encoded = tokenizer(TEXTS, padding="max_length", max_length=16, truncation=True, return_tensors="pt")
    inputs = images(Image.fromarray(pixels), return_tensors="pt")
    seconds = []
    with torch.inference_mode():
        for _ in range(max(1, repeats)):
            start = time.process_time()
            out = model(input_ids=encoded.input_ids, attention_mask=encoded.attention_mask, pixel_values=inputs.pixel_values)
            seconds.append(time.process_time() - start)
    found = {"input_ids": encoded.input_ids, "pixel_values": inputs.pixel_values}
    found |= {key: out[key] for key in TENSORS[2:] if out.get(key) is not None}
    return {key: value.numpy() for key, value in found.items()}, sum(seconds) / len(seconds)


def ours(binary, folder, photo, engine, repeats):
    """What owlwatch sees and says, and the CPU seconds of one more picture: a run over several against a run over one."""
    tensors = folder / f"{engine}.safetensors"
    words = [binary, "detect", "--model", str(folder), "--engine", engine, "--look", "whole", "--threshold", "1"]
    for text in TEXTS:
        words += ["--query", text]

    def timed(*more):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(words + list(more), check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    subprocess.run(words + ["--tensors", str(tensors), str(photo)], check=True, stdout=subprocess.DEVNULL)
    found = load_file(tensors)
    tensors.unlink()
    if not repeats:
        return found, None
    one = timed(str(photo))
    return found, (timed(*[str(photo)] * (1 + repeats)) - one) / repeats


def worst(expected, found):
    """The largest absolute difference and where it is."""
    if expected.shape != found.shape:
        return float("inf"), f"shape {found.shape} instead of {expected.shape}"
    difference = numpy.abs(expected.astype(numpy.float64) - found.astype(numpy.float64))
    place = numpy.unravel_index(int(difference.argmax()), difference.shape)
    return float(difference[place]), f"{tuple(map(int, place))}: {found[place]} instead of {expected[place]}"


def machine():
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


def compare(name, arguments, say):
    with tempfile.TemporaryDirectory(prefix="owlwatch-parity-", dir=arguments.folder) as folder:
        folder = pathlib.Path(folder)
        model, images, tokenizer = make(name, folder, arguments.bpe)
        pixels = picture(1280, 720, seed=11)
        photo = folder / "photo.png"
        Image.fromarray(pixels).save(photo)
        expected, seconds = theirs(model, images, tokenizer, pixels, arguments.repeats)
        spread = {key: float(expected[key].std()) for key in ("logits", "pred_boxes", "image_embeds")}
        del model
        gc.collect()
        good = True
        for engine in ("onednn", "openblas"):
            found, own = ours(arguments.binary, folder, photo, engine, arguments.repeats)
            cells = []
            for key in TENSORS:
                if key not in expected:
                    cells.append("–")
                    continue
                difference, place = worst(expected[key], found[key])
                cells.append(f"{difference:.1e}" if difference else "0")
                print(f"{name} {engine} {key}: {difference:.2e} at {place}", file=sys.stderr, flush=True)
                good = good and difference <= LIMIT.get(key, float("inf"))
            times = f" {own:.2f} | {seconds:.2f} |" if arguments.repeats else ""
            say(f"| {name} | {engine} | {' | '.join(cells)} |{times}")
        say.notes.append(f"{name}: logits spread by {spread['logits']:.2f}, box coordinates by {spread['pred_boxes']:.2f}, "
                         f"image features by {spread['image_embeds']:.2f} (standard deviations).")
        return good


class Report:
    def __init__(self, path):
        self.lines, self.notes, self.path = [], [], path

    def __call__(self, line):
        print(line, flush=True)
        self.lines.append(line)

    def finish(self):
        for note in self.notes:
            self(f"- {note}")
        if self.path:
            self.path.write_text("\n".join(self.lines) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", default=list(MODELS), metavar="MODEL")
    parser.add_argument("--bpe", required=True)
    parser.add_argument("--binary", default=str(ROOT / ".build/release/owlwatch"))
    parser.add_argument("--folder", default=None)
    parser.add_argument("--repeats", type=int, default=3, help="pictures that are timed; 0: none")
    parser.add_argument("--output", type=pathlib.Path)
    chosen = parser.parse_args()
    commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    say = Report(chosen.output)
    say("# Parity with transformers, full size\n")
    say("`Benchmarks/parity/run.py`: random weights in the published models' shapes, one picture of 1280 × 720, four texts, float32. Worst absolute")
    say("difference of each tensor; ids must be equal, logits and boxes within 1e-3.\n")
    say(f"{datetime.date.today()}, commit {commit}, {machine()}, load {os.getloadavg()[0]:.1f}; transformers {transformers.__version__}, torch {torch.__version__}.\n")
    # CPU seconds: what else the machine does counts less.
    times = (" owlwatch CPU s | transformers CPU s |", "---|---|") if chosen.repeats else ("", "")
    say("| model | engine | ids | pixel_values | text_embeds | image_embeds | class_embeds | logits | pred_boxes | objectness |" + times[0])
    say("|---|---|---|---|---|---|---|---|---|---|" + times[1])
    results = [compare(name, chosen, say) for name in chosen.models]
    say("")
    say.finish()
    sys.exit(0 if all(results) else 1)
