"""The whole way in two minutes: scenes are drawn, a small step of training goes on from the bundled model, stops, is resumed,
is exported, checked against transformers and calibrated. It needs no data besides the repository; CI runs it.

    python smoke.py MODEL FOLDER        FOLDER is emptied and used
"""
import json
import os
import shutil
import subprocess
import sys
import threading

import numpy as np
import torch

import coco
import gpu
import luggage
import scenes
from optimiser import DECAY, MOMENTUM, Muon
from render import Renderer
from train import Shared

HERE = os.path.dirname(os.path.abspath(__file__))


def run(*command):
    print("$ python", *command, flush=True)
    subprocess.run([sys.executable, *command], cwd=HERE, check=True)


def rows(folder):
    with open(f"{folder}/log.jsonl") as file:
        return [json.loads(line) for line in file]


def same_windows(labels):
    """a GPU's code (here on the CPU) draws the planned windows as OpenCV does, but for noise and how finely it interpolates"""
    pictures = list(coco.read(labels))
    cutout = np.dstack([pictures[0].pixels[:90, :40], np.tile(np.linspace(0, 255, 40), (90, 1))]).astype(np.uint8)
    cutouts = [("person", cutout), *luggage.cutouts(np.random.default_rng(1), suitcases=4, blocks=2)]
    drawn = Renderer(pictures, cutouts, 1)
    plans = [drawn.planner.window() for _ in range(120)]
    for plan in plans:
        plan.wear.noise = None
    by_opencv = np.stack([drawn.draw(plan) for plan in plans]).astype(int)
    there = gpu.Canvas(pictures, cutouts, drawn.side, "cpu").draw(gpu.packed(plans, drawn.side)).numpy()
    apart = np.abs(by_opencv - there).mean((1, 2, 3))
    print(f"windows drawn by gpu.py and by render.py: {np.median(apart):.1f} grey levels apart, {apart.max():.1f} at most", flush=True)
    assert np.median(apart) < 3 and apart.max() < 10, apart


def same_steps():
    """two processes (here threads) that share Muon's work out both step as torch.optim.Muon does alone"""
    shapes, shared = [(24, 8), (8, 8), (8, 24), (8, 8)], Shared(2, 1000)
    start, slopes = ([torch.randn(*shape) for shape in shapes] for _ in range(2))

    def parameters():
        found = [torch.nn.Parameter(t.clone()) for t in start]
        for p, slope in zip(found, slopes):
            p.grad = slope.clone()
        return found

    def steps(rank):
        own = Muon([(".qkv." if p.shape == (24, 8) else "", p) for p in alike[rank]], shared, rank, torch.float32)
        for _ in range(3):
            own.step(.01)

    alone, alike = parameters(), [parameters(), parameters()]
    pieces = [torch.nn.Parameter(part.clone()) for part in alone.pop(0).data.chunk(3)]
    for p, slope in zip(pieces, slopes[0].chunk(3)):
        p.grad = slope.clone()
    theirs = torch.optim.Muon([*pieces, *alone], lr=.01, weight_decay=DECAY, momentum=MOMENTUM, adjust_lr_fn="match_rms_adamw")
    for _ in range(3):
        theirs.step()
    threads = [threading.Thread(target=steps, args=(rank,)) for rank in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for found in alike:
        for p, q in zip(found, [torch.cat(pieces), *alone]):
            assert (p - q).abs().max() < 1e-3, (p - q).abs().max()


def main(model, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    scenes.write(f"{folder}/scenes")
    labels = f"{folder}/scenes/labels.json"
    same_windows(labels)
    same_steps()
    # from random weights: does the loss fall?
    run("train.py", "--run", f"{folder}/run", "--vocabulary", model, "--coco", labels, "--minutes", ".8", "--batch", "8",
        "--warm", "10", "--text-steps", "60", "--rate", "6e-4", "--report-every", "5")
    steps = [row for row in rows(f"{folder}/run") if "box" in row]
    assert len(steps) >= 4, f"only {5 * len(steps)} steps in .8 minutes"
    first, last = steps[0], steps[-1]
    assert last["box"] < first["box"] and last["cover"] < first["cover"], f"nothing was learnt: {first} -> {last}"
    # resumed: it begins at the step where it stopped, sees that its time is over, and ends
    run("train.py", "--run", f"{folder}/run", "--vocabulary", model, "--coco", labels, "--minutes", ".8", "--batch", "8")
    assert rows(f"{folder}/run")[-1]["windows"] == rows(f"{folder}/run")[-2]["windows"], "a resumed run forgot how far it was"
    run("export.py", f"{folder}/run", f"{folder}/model", "--vocabulary", model)
    # from the bundled model: a few steps, as `make finetune` does
    run("train.py", "--run", f"{folder}/more", "--start", model, "--coco", labels, "--minutes", ".3", "--batch", "8", "--report-every", "2")
    run("export.py", f"{folder}/more", f"{folder}/fine", "--vocabulary", model)
    run("calibrate.py", f"{folder}/fine", "--coco", labels, "--words", "person,car", "--windows", "100")
    print("smoke: drawn, trained, resumed, exported, checked, calibrated")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]))
