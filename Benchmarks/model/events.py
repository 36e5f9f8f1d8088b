"""From pictures to events through the built binary: how many are right, how much of a life is seen, how many alarms are false.

    python Benchmarks/model/events.py --data DATA [--model DIR] [--binary FILE] [--every 200ms] [--threshold N]

Events: PETS09-S2L1's line and zone (testdata/e2e/PETS09-S2L1/derived_events.json), told once from the clip and once from the
ground truth's boxes (`owlwatch replay`), by the same rules; an event is right if the truth tells one of the same kind and
direction within a second. False alarms: tracks that begin on clips of fixed cameras in which what is asked for is not to be seen.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "Training"))

from pictures import overlap  # noqa: E402

PETS = "testdata/e2e/PETS09-S2L1"
SCALE = .625               # the truth is drawn at 768 x 576, the clip has 480 x 360
WITHIN = 1.                # seconds
# clip -> what is not to be seen in it (looked through by eye)
WITHOUT = {"intel-one-by-one-person/one-by-one-person-detection.mp4": ["car", "vehicle"],
           "supervision-walking-overhead/walking.mp4": ["car", "vehicle"],
           "deepstream-retail/Retail02_short.mp4": ["car", "vehicle"],
           "intel-bottle-detection/bottle-detection.mp4": ["person", "car", "vehicle"],
           "degirum-traffic-highway/Traffic.mp4": ["person"]}


class Events:
    def __init__(self, binary, model, every, threshold):
        self.binary = binary
        self.common = ["--model", model, "--every", every, *(["--threshold", str(threshold)] if threshold else [])]

    def run(self, *arguments):
        done = subprocess.run([self.binary, *arguments], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def analyze(self, clip, *arguments):
        return self.run("analyze", clip, *self.common, *arguments)


def rules_of(derived):
    left, top, right, bottom = derived["zone_rect"]
    return f"""size: 768x576
zones: {{yard: [[{left}, {top}], [{right}, {top}], [{right}, {bottom}], [{left}, {bottom}]]}}
lines: {{gate: [[384, 0], [384, 576]]}}
rules:
  - {{id: yard, kind: zone.entered, zone: yard}}
  - {{id: gate, kind: line.crossed, line: gate}}
"""


def facts(events):
    """-> {what: times in seconds} of crossings by direction, entries and exits"""
    told = collections.defaultdict(list)
    for event in events:
        kind = event["type"].removeprefix("owlwatch.")
        if kind in ("zone.entered", "zone.exited", "line.crossed"):
            told[" ".join(filter(None, [kind, event["data"].get("direction")]))].append(event["data"]["media_time"])
    return told


def paired(told, true):
    """how many of two lists of times pair off within WITHIN; both in order, each the earliest partner that is left"""
    pairs, rest = 0, sorted(true)
    for time in sorted(told):
        near = next((t for t in rest if abs(t - time) <= WITHIN), None)
        if near is not None:
            rest.remove(near)
            pairs += 1
    return pairs


def pets_events(events, data, folder):
    with open(f"{data}/{PETS}/derived_events.json") as file:
        rules = rules_of(json.load(file))
    path = f"{folder}/pets.yaml"
    with open(path, "w") as file:
        file.write(rules)
    true = facts(events.run("replay", "--tracks", f"{data}/{PETS}/gt/gt.txt", "--fps", "10", "--size", "768x576", "--query", "person", "--rules", path))
    told = facts(events.analyze(f"{data}/{PETS}/vtest.mp4", "--query", "person", "--rules", path))
    table = {}
    for what in sorted({*true, *told}):
        table[what] = (paired(told[what], true[what]), len(told[what]), len(true[what]))
    for group in ("line", "zone"):
        table["all " + group] = tuple(np.sum([row for what, row in table.items() if what.startswith(group)], axis=0).tolist())
    return table


def lives(events, data, folder):
    """share of the frames looked at in which a person of the truth has a confirmed track on it: mean over the people"""
    path = f"{folder}/tracks.jsonl"
    events.analyze(f"{data}/{PETS}/vtest.mp4", "--query", "person", "--record-tracks", path)
    seen = {}
    for line in list(open(path))[1:]:
        row = json.loads(line)
        seen[row["frame"]] = np.array([[t["box"]["left"] * 480, t["box"]["top"] * 360, t["box"]["right"] * 480, t["box"]["bottom"] * 360]
                                       for t in row["tracks"] if t.get("phase", t.get("state")) != "tentative"]).reshape(-1, 4)
    found = collections.defaultdict(list)
    with open(f"{data}/{PETS}/gt/gt.txt") as file:
        for frame, person, x, y, w, h, counts in ([float(v) for v in line.split(",")[:7]] for line in file):
            if counts and int(frame) - 1 in seen:
                box = np.array([[x, y, x + w, y + h]]) * SCALE
                boxes = seen[int(frame) - 1]
                found[person].append(bool(len(boxes)) and overlap(box, boxes).max() >= .5)
    shares = [np.mean(times) for times in found.values()]
    return float(np.mean(shares)), float(np.min(shares)), len(shares)


def false_alarms(events, data, folder):
    """-> [(clip, word, seconds, tracks begun)]"""
    table, path = [], f"{folder}/detections.jsonl"
    for clip, words in WITHOUT.items():
        told = events.analyze(f"{data}/testdata/video/{clip}", "--record-detections", path, *[flag for word in words for flag in ("--query", word)])
        with open(path) as file:
            seconds = json.loads(file.readlines()[-1])["time"] / 1e9
        for word in words:
            begun = sum(event["type"] == "owlwatch.object.appeared" and event["data"]["query"]["text"] == word for event in told)
            table.append((clip.split("/")[0], word, seconds, begun))
    return table


def report(events, data, alarms=True):
    """-> lines of Markdown"""
    lines = ["PETS09-S2L1, five keyframes a second: events told from the clip, held against those that the same rules tell from the ground truth; right within a second.", "",
             "| events | right | told | true | precision | recall |", "|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for what, (right, told, true) in pets_events(events, data, folder).items():
            cells = (what, right, told, true, f"{right / max(1, told):.2f}", f"{right / max(1, true):.2f}")
            lines.append("| " + " | ".join(f"**{cell}**" if what.startswith("all") else str(cell) for cell in cells) + " |")
        mean, least, people = lives(events, data, folder)
        lines += ["", f"Share of the keyframes of a person's life in which a confirmed track lies on it (overlap one half): {mean:.2f} in the mean over {people} people, "
                      f"{least:.2f} at least."]
        if alarms:
            lines += ["", "False alarms: objects told on clips of fixed cameras in which there are none.", "",
                      "| clip | query | seconds | objects told | an hour |", "|---|---|---|---|---|"]
            lines += [f"| {clip} | {word} | {seconds:.0f} | {begun} | {begun / seconds * 3600:.0f} |" for clip, word, seconds, begun in false_alarms(events, data, folder)]
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--data", default=os.environ.get("OWLWATCH_TRAINING_DATA"))
    add("--model", default=f"{ROOT}/Models/owlwatch-nano")
    add("--binary", default=f"{ROOT}/.build/release/owlwatch")
    add("--every", default="200ms")
    add("--threshold", type=float, help="else the model's own")
    add("--no-alarms", action="store_true", help="PETS alone")
    options = parser.parse_args()
    print("\n".join(report(Events(options.binary, options.model, options.every, options.threshold), options.data, not options.no_alarms)))


if __name__ == "__main__":
    main()
