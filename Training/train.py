"""The training loop. Run it again with the same --run folder and it goes on where it stopped.

    python train.py --run RUN --data DATA --until 14:05           the bundled model, from nothing
    python train.py --run RUN --data DATA --minutes 60 --start MODEL

On a CPU: one process a core, each rendering its own windows, gradients summed through shared memory. Two processes of one
thread beat one process of two threads, above all on a busy machine. The learning rate follows the clock and not the step, so
a run ends annealed when it was told to end, however busy the machine was. On a GPU: one process that draws and learns there
(gpu.py, hints.py), others that plan ahead; DATA may be a pack (pack.py), and neither OpenCV nor ncnn is needed.
"""
import argparse
import copy
import datetime
import json
import math
import os
import pickle
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

import network
import pack
import text
import validate
from asking import Asking
from losses import Losses
from measure import average_precision
from optimiser import BETAS, Optimiser
from words import CLASSES, PROMPTS, WORDS

TEXTS = 36             # asked a step
NAMES = 24             # further names a step that hold the text tower to its targets
HELD = .35             # share of the time at full rate, before the cosine
CHECKPOINT = "checkpoint.pt"
LIGHT = "light.pt"     # the averaged weights alone, as float16: 15 MB, to be carried from machine to machine
AVERAGE = .998         # a step, of the averaged weights
WEIGHTS = dict(class_=2., box=1., cover=1., hint=3., text=.3)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--run", required=True, help="folder of checkpoints and logs")
    add("--data", default=os.environ.get("OWLWATCH_TRAINING_DATA"), help="folder that holds training/ and testdata/")
    add("--until", help="HH:MM, local time, at which the run ends")
    add("--minutes", type=float, help="or how long it takes")
    add("--further", action="store_true", help="a run that has ended goes on: the clock and the rate start anew")
    add("--start", help="a model folder to go on from (else random weights)")
    add("--vocabulary", help="folder with vocab.json and merges.txt (else --start's, else made from DATA)")
    add("--coco", action="append", default=[], help="a COCO file (coco.py) instead of the bundled sets; may be repeated")
    add("--teacher", help="folder of the teacher (else DATA/training/teacher, if there is DATA)")
    add("--cutouts", help="what cutouts.py wrote")
    add("--copies", help="what copies.py wrote")
    add("--processes", type=int, default=len(os.sched_getaffinity(0)))
    add("--batch", type=int, default=24, help="windows a step and process")
    add("--rate", type=float, default=4e-4)
    add("--warm", type=int, default=300, help="steps")
    add("--text-steps", type=int, default=1200, help="of the text tower, before anything else, when nothing is gone on from")
    add("--report-every", type=int, default=100, help="steps")
    add("--save-every", type=float, default=4, help="minutes")
    add("--validate-every", type=float, default=8, help="minutes")
    return parser.parse_args()


def end_time(options, now):
    if options.minutes:
        return now + 60 * options.minutes
    hour, minute = map(int, options.until.split(":"))
    end = datetime.datetime.fromtimestamp(now).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return end.timestamp() + (86400 if end.timestamp() < now else 0)


def rate_at(progress, step, options):
    warm = min(1, (step + 1) / options.warm)
    cosine = .02 + .98 * .5 * (1 + math.cos(math.pi * min(1, max(0, progress - HELD) / (1 - HELD))))
    return options.rate * warm * cosine


class Shared:
    """What the processes of one run share: gradients and Muon's steps (two sets each, so that nobody waits to write the next) and the clock."""

    def __init__(self, processes, parameters):
        self.processes = processes
        self.gradients = torch.zeros(2, processes, parameters).share_memory_()
        self.steps = torch.zeros(2, parameters).share_memory_()
        self.progress = torch.zeros(2, dtype=torch.float64).share_memory_()
        self.barrier = torch.multiprocessing.get_context("fork").Barrier(processes)

    def mean(self, rank, step, flat, progress):
        """flat: this process' gradient, replaced by the mean of all -> the progress that process 0 saw"""
        if self.processes == 1:
            return progress
        slot = self.gradients[step % 2]
        slot[rank].copy_(flat)
        if rank == 0:
            self.progress[step % 2] = progress
        self.wait()
        torch.sum(slot, 0, out=flat)
        flat.div_(self.processes)
        return float(self.progress[step % 2])


    def views(self, slot, tensors):
        """-> places of the same shapes that all processes see; where there is but one, on the tensors' own device"""
        if self.processes == 1:
            return [torch.empty_like(t) for t in tensors]
        sizes = [t.numel() for t in tensors]
        return [part.view_as(t) for t, part in zip(tensors, self.steps[slot, :sum(sizes)].split(sizes))]

    def wait(self):
        if self.processes > 1:
            self.barrier.wait(1800)       # a machine that is busy with other work may let one of them wait for minutes


def flatten_gradients(parameters, device):
    """one buffer behind all gradients, so that summing them is one operation"""
    flat = torch.zeros(sum(p.numel() for p in parameters), device=device)
    at = 0
    for p in parameters:
        p.grad = flat[at:at + p.numel()].view_as(p)
        at += p.numel()
    return flat


def teach_text(net, tokenizer, texts, wanted, steps):
    """The text tower first: every name says its target, and is told from all others. A minute on one core."""
    tower, random = net.text, np.random.default_rng(3)
    optimizer = torch.optim.AdamW(tower.parameters(), lr=2e-3, betas=BETAS, weight_decay=.01)
    for step in range(steps):
        chosen = random.choice(len(texts), min(96, len(texts)), replace=False)
        said = [PROMPTS[random.integers(len(PROMPTS))].format(texts[i]) for i in chosen]
        for group in optimizer.param_groups:
            group["lr"] = 2e-3 * min(1, (step + 1) / 50) * (.02 + .98 * .5 * (1 + math.cos(math.pi * step / steps)))
        out = tower(tokenizer(said))
        target = wanted[chosen]
        told_apart = F.cross_entropy(out @ wanted.T * 15, torch.from_numpy(chosen))
        loss = 4 * (1 - (out * target).sum(1)).mean() + .2 * told_apart
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        likeness = (tower(tokenizer(texts)) * wanted).sum(1)
    print(f"text tower: likeness to its targets {likeness.mean():.3f}, worst {likeness.min():.3f}", flush=True)


def save(path, **what):
    torch.save(what, path + ".new")
    os.replace(path + ".new", path)


def load(run):
    """what the last checkpoint of the run saved; where only the light one is at hand, the averaged weights go on alone"""
    for name in (CHECKPOINT, LIGHT):
        if os.path.exists(f"{run}/{name}"):
            saved = torch.load(f"{run}/{name}", weights_only=True, map_location="cpu")
            saved["net"] = {key: value.float() for key, value in saved["net"].items()}
            saved.setdefault("average", saved["net"])
            saved["wanted"] = saved["wanted"].float()
            return saved
    return None


class Hands:
    """What draws windows and sees the teacher's maps in them: OpenCV and ncnn, or both on a GPU."""

    def __init__(self, device, side):
        self.device, self.side = device, side

    def renderer(self, pictures, cutouts, seed, clean=False, ahead=0):
        """its batches' pixels are an array, or a tensor on the GPU"""
        if self.device == "cuda":
            import gpu
            return gpu.Renderer(pictures, cutouts, seed, self.side, self.device, clean, ahead)
        from render import Renderer
        return Renderer(pictures, cutouts, seed, self.side, clean)

    def teacher(self, folder):
        if self.device == "cuda":
            from hints import Hints
            return Hints(folder, self.device)
        from teacher import Teacher
        return Teacher(folder)


def device():
    return "cuda" if torch.cuda.is_available() else "cpu"


def worker(rank, options, pool, shared, shape, start):
    if shared.processes > 1:
        os.setsid()        # Linux shares a core between sessions: two processes in one session wait twice as long for their turn
    torch.set_num_threads(1)
    torch.manual_seed(1)
    place = device()
    hands = Hands(place, shape.window)
    half = place == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()     # else bfloat16 is imitated, sixty times slower
    tokenizer = text.Tokenizer(options.vocabulary)
    net = network.Network(shape).to(place)
    net.load_state_dict(start["net"])
    average = copy.deepcopy(net)
    average.load_state_dict(start.get("average", start["net"]))
    parameters = list(net.parameters())
    flat = flatten_gradients(parameters, place)
    optimiser = Optimiser(net, shared, rank, half)
    if "optimiser" in start:
        optimiser.go_on_from(start["optimiser"])
    step, windows, begun, end = start["step"], start["windows"], start["begun"], start["end"]

    train, aside = [p for p in pool.pictures if not p.set_aside], [p for p in pool.pictures if p.set_aside]
    renderer = hands.renderer(train, pool.cutouts, 1000 * step + rank, ahead=max(1, options.processes - 1))
    held = hands.renderer(aside, [], 7, clean=True).batch(400) if rank == 0 and aside else None
    asking = Asking()
    losses, random = Losses(asking, shape.grid, place), np.random.default_rng(100 + 1000 * step + rank)
    teacher = hands.teacher(pool.teacher) if pool.teacher else None
    texts, wanted = start["texts"], start["wanted"].to(place)
    mean, deviation = start["hint"][0].to(place), start["hint"][1].to(place)
    log = open(f"{options.run}/log.jsonl", "a") if rank == 0 else None

    def report(**row):
        log.write(json.dumps(row) + "\n")
        log.flush()
        print(" ".join(f"{k} {v}" for k, v in row.items()), flush=True)

    def checkpoint():
        common = dict(step=step, windows=windows, begun=begun, end=end, hint=start["hint"], texts=texts, shape=network.shape_dict(shape))
        save(f"{options.run}/{CHECKPOINT}", net=net.state_dict(), average=average.state_dict(), optimiser=optimiser.state(),
             wanted=start["wanted"], **common)
        save(f"{options.run}/{LIGHT}", net={name: value.half() for name, value in average.state_dict().items()},
             wanted=start["wanted"].half(), **common)

    def validation():
        scores, boxes = validate.answers(average, tokenizer, held, device=place)
        return {word: round(average_precision(*validate.rows_of_word(word, i, held, scores, boxes))[0], 3)
                for i, word in enumerate(validate.ASKED)}

    if held and step == 0 and options.start:
        report(windows=0, ap50=validation())
    sums, since, last_save, last_look = {}, time.time(), time.time(), time.time()
    rendering = 0.
    progress = start["progress"]
    while progress < 1:
        rate = rate_at(progress, step, options)
        before = time.time()
        rendered = renderer.batch(options.batch)
        hints = torch.as_tensor(teacher.maps(rendered.pixels), device=place) if teacher else None
        rendering += time.time() - before
        pixels = torch.as_tensor(rendered.pixels, device=place)
        batch = [torch.from_numpy(t).to(place) for t in (rendered.boxes, rendered.classes, rendered.sure, rendered.known)]
        present = np.unique(rendered.classes[rendered.sure]) if rendered.sure.any() else [0]
        words, asked = asking.choose(random, present, TEXTS)
        also = random.integers(len(texts), size=NAMES)
        ids = tokenizer(asked + [texts[i] for i in also]).to(place)
        with torch.autocast(place, dtype=torch.bfloat16, enabled=half):
            said = net.text(ids).float()
            logits, raw, cover, hint = net(pixels, said[:TEXTS], helpers=True)
        class_, box = losses.detection(logits, raw, batch, words)
        parts = dict(class_=class_, box=box, cover=losses.cover(cover, batch),
                     text=(1 - (said[TEXTS:] * wanted[also]).sum(1)).mean())
        if teacher:
            parts["hint"] = F.smooth_l1_loss(hint, ((hints - mean) / deviation).clamp(-6, 6))
        flat.zero_()
        sum(WEIGHTS[name] * value for name, value in parts.items()).backward()
        progress = shared.mean(rank, step, flat, (time.time() - begun) / (end - begun))
        size = float(flat.norm())
        flat.mul_(min(1., 3. / (size + 1e-6)))
        optimiser.step(rate)
        step += 1
        windows += options.batch * shared.processes
        if step % 8 == 0:
            keep = min(AVERAGE, (1 + step) / (20 + step)) ** 8
            torch._foreach_lerp_([p.data for p in average.parameters()], [p.data for p in parameters], 1 - keep)
        for name, value in parts.items():
            sums[name] = sums.get(name, 0.) + value.item()
        if rank != 0:
            continue
        if step % options.report_every == 0:
            now, each = time.time(), options.report_every
            report(step=step, windows=windows, minutes=round((now - begun) / 60, 1), rate=f"{rate:.1e}",
                   **{name: round(value / each, 4) for name, value in sums.items()}, norm=round(size, 1),
                   per_second=round(each * options.batch * shared.processes / (now - since)), rendering=round(rendering / (now - since), 2))
            sums, since, rendering = {}, now, 0.
        if time.time() - last_save > 60 * options.save_every:
            last_save = time.time()
            checkpoint()
        if held and time.time() - last_look > 60 * options.validate_every:
            last_look = time.time()
            report(windows=windows, minutes=round((time.time() - begun) / 60, 1), ap50=validation())
    if rank == 0:
        checkpoint()
        report(windows=windows, minutes=round((time.time() - begun) / 60, 1), final=True, ap50=validation() if held else None)


class Pool:
    """pictures: of plan.Picture; cutouts: [(class, BGRA)]; teacher: its folder or None"""

    def __init__(self, options):
        self.teacher = options.teacher or (f"{options.data}/training/teacher" if options.data else None)
        self.pictures, self.cutouts = pack.read(options.data) if pack.is_pack(options.data) and not options.coco else self._gathered(options)
        bytes_ = sum(p.pixels.nbytes for p in self.pictures)
        print(f"{len(self.pictures)} pictures, {bytes_ / 1e9:.1f} GB, {sum(p.set_aside for p in self.pictures)} set aside; "
              f"{len(self.cutouts)} cut-outs", flush=True)

    def _gathered(self, options):
        import cv2
        import coco
        import pictures
        from teacher import Teacher
        cv2.setNumThreads(1)        # threads of its own would be missing in the processes to come, which would wait for them for ever
        cutouts = []
        if options.cutouts:
            with open(options.cutouts, "rb") as file:
                cutouts = pickle.load(file)
        eye = Teacher(self.teacher) if self.teacher else None
        if options.coco:
            return [p for path in options.coco for p in coco.read(path, eye)], cutouts
        return pictures.gathered(options.data, options.copies, eye), cutouts


def beginning(options, pool, shape):
    """the state to start from: this run's checkpoint, or a model, or random weights that know where they look"""
    now = time.time()
    saved = load(options.run)
    if saved:
        if options.further:
            saved.update(begun=now, end=end_time(options, now))
        return saved
    net, tokenizer = network.Network(shape), text.Tokenizer(options.vocabulary)
    hands = Hands(device(), shape.window)
    train = [p for p in pool.pictures if not p.set_aside]
    sample = hands.renderer(train[::max(1, len(train) // 1000)], pool.cutouts, 99).batch(300).pixels
    names = f"{options.data}/training/text" if options.data else None
    if options.start:
        net.load_state_dict(network.from_hugging_face(load_file(f"{options.start}/model.safetensors"), shape), strict=False)
        texts, wanted, are_new = text.as_said(net.text, tokenizer, options.start, names)
        if are_new:
            teach_text(net, tokenizer, texts, wanted, options.text_steps // 2)
    else:
        texts, wanted = text.targets(names, shape.text_width) if names else text.random_targets(shape.text_width)
        wanted = torch.from_numpy(wanted)
        net.image.whiten(torch.as_tensor(sample, device="cpu"))
        teach_text(net, tokenizer, texts, wanted, options.text_steps)
    hint = torch.zeros(network.HINT_SIZE), torch.ones(network.HINT_SIZE)
    if pool.teacher:
        maps = torch.as_tensor(hands.teacher(pool.teacher).maps(sample), device="cpu").flatten(0, 1)
        hint = maps.mean(0), maps.std(0) + 1e-3
    return dict(net=net.state_dict(), step=0, windows=0, begun=now, end=end_time(options, now), hint=hint, texts=texts, wanted=wanted)


def main():
    options = arguments()
    os.makedirs(options.run, exist_ok=True)
    torch.manual_seed(1)
    # a run keeps its vocabulary, wherever it came from: it is exported with it
    given = options.vocabulary or options.start
    options.vocabulary = options.run
    if given:
        text.copy_vocabulary(given, options.run)
    else:
        text.write_vocabulary(f"{options.data}/testdata/clip-bpe/bpe_simple_vocab_16e6.txt.gz", options.run)
    shape = network.Shape()
    if options.start:
        with open(f"{options.start}/config.json") as file:
            shape = network.shape_of(json.load(file), 0)
    if options.coco:
        import coco
        coco.learn(options.coco)
    shape.classes = len(CLASSES)
    pool = Pool(options)
    start = beginning(options, pool, shape)
    # told to all processes alike: one that saw the end a moment before the others would let them wait for ever
    start["progress"] = min(1., (time.time() - start["begun"]) / (start["end"] - start["begun"]))
    processes = 1 if torch.cuda.is_available() else options.processes
    shared = Shared(processes, sum(p.numel() for p in network.Network(shape).parameters()))
    if processes == 1:
        return worker(0, options, pool, shared, shape, start)
    context = torch.multiprocessing.get_context("fork")
    workers = [context.Process(target=worker, args=(rank, options, pool, shared, shape, start)) for rank in range(processes)]
    for process in workers:
        process.start()
    for process in workers:
        process.join()
    if any(process.exitcode for process in workers):
        raise SystemExit("a process of the run failed; run the same command again to go on from the last checkpoint")


if __name__ == "__main__":
    main()
