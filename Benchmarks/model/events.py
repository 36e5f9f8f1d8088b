"""From pictures to events through the built binary: how many are right, how much of a life is seen, how many alarms are false.

    python Benchmarks/model/events.py --data DATA [--model DIR] [--binary FILE] [--every 200ms] [--threshold N]

Events: PETS09-S2L1's line and zone (testdata/e2e/PETS09-S2L1/derived_events.json), told once from the clip and once from the
ground truth's boxes (`owlwatch replay`), by the same rules; an event is right if the truth tells one of the same kind and
direction within a second. False alarms: tracks that begin on clips of fixed cameras in which what is asked for is not to be seen.
"""
import collections
import json
import tempfile

import numpy as np

import product
from evaluate import PETS, pets_truth
from measure import overlap

WITHIN = 1.                # seconds
# clip -> what is not to be seen in it (looked through by eye)
WITHOUT = {"intel-one-by-one-person/one-by-one-person-detection.mp4": ["car", "vehicle"],
           "supervision-walking-overhead/walking.mp4": ["car", "vehicle"],
           "deepstream-retail/Retail02_short.mp4": ["car", "vehicle"],
           "intel-bottle-detection/bottle-detection.mp4": ["person", "car", "vehicle"],
           "degirum-traffic-highway/Traffic.mp4": ["person"]}


class Events:
    def __init__(self, built, every, *flags):
        """built: a product.Product; flags: more of `analyze`"""
        self.built, self.flags = built, ["--every", every, *flags]

    def analyze(self, clip, words, *flags):
        return told(self.built.run("analyze", words, clip, *self.flags, *flags))

    def replay(self, *flags):
        return told(self.built.call("replay", *flags))


def told(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


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


def pets(events, data, folder):
    """-> {what: right, told, true}, {person: share of the frames looked at in which a confirmed track lies on it}"""
    rules, tracks = f"{folder}/pets.yaml", f"{folder}/tracks.jsonl"
    with open(f"{data}/{PETS}/derived_events.json") as file, open(rules, "w") as out:
        out.write(rules_of(json.load(file)))
    true = facts(events.replay("--tracks", f"{data}/{PETS}/gt/gt.txt", "--fps", "10", "--size", "768x576", "--query", "person", "--rules", rules))
    told = facts(events.analyze(f"{data}/{PETS}/vtest.mp4", ["person"], "--rules", rules, "--record-tracks", tracks))
    table = {what: (paired(told[what], true[what]), len(told[what]), len(true[what])) for what in sorted({*true, *told})}
    for group in ("line", "zone"):
        table["all " + group] = tuple(np.sum([row for what, row in table.items() if what.startswith(group)], axis=0).tolist())
    return table, lives(tracks, data)


def lives(path, data):
    with open(path) as file:
        header, *rows = map(json.loads, file)
    seen = {row["frame"]: product.corners([t for t in row["tracks"] if t["state"] != "tentative"], 0, header["header"]["size"])[:, 1:] for row in rows}
    found = collections.defaultdict(list)
    for frame, person, box in pets_truth(data):
        if frame in seen:
            found[person].append(len(seen[frame]) > 0 and overlap(box[None], seen[frame]).max() >= .5)
    return {person: np.mean(times) for person, times in found.items()}


def false_alarms(events, data, folder):
    """-> [(clip, word, seconds, tracks begun)]"""
    table, path = [], f"{folder}/detections.jsonl"
    for clip, words in WITHOUT.items():
        told = events.analyze(f"{data}/testdata/video/{clip}", words, "--record-detections", path)
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
        table, shares = pets(events, data, folder)
        for what, (right, told, true) in table.items():
            cells = (what, right, told, true, f"{right / max(1, told):.2f}", f"{right / max(1, true):.2f}")
            lines.append("| " + " | ".join(f"**{cell}**" if what.startswith("all") else str(cell) for cell in cells) + " |")
        shares = list(shares.values())
        lines += ["", f"Share of the keyframes of a person's life in which a confirmed track lies on it (overlap one half): {np.mean(shares):.2f} in the mean over "
                      f"{len(shares)} people, {min(shares):.2f} at least."]
        if alarms:
            lines += ["", "False alarms: objects told on clips of fixed cameras in which there are none.", "",
                      "| clip | query | seconds | objects told | an hour |", "|---|---|---|---|---|"]
            lines += [f"| {clip} | {word} | {seconds:.0f} | {begun} | {begun / seconds * 3600:.0f} |" for clip, word, seconds, begun in false_alarms(events, data, folder)]
    return lines


def main():
    parser = product.arguments(__doc__)
    parser.add_argument("--every", default="200ms")
    parser.add_argument("--threshold", help="else the model's own")
    parser.add_argument("--no-alarms", action="store_true", help="PETS alone")
    options = parser.parse_args()
    threshold = ["--threshold", options.threshold] if options.threshold else []
    print("\n".join(report(Events(product.Product(options.binary, options.model), options.every, *threshold), options.data, not options.no_alarms)))


if __name__ == "__main__":
    main()
