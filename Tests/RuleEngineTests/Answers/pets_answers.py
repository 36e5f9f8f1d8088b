#!/usr/bin/env python3
"""What the rules of PETSTests.swift must find in the ground truth of PETS09-S2L1, worked out apart from owlwatch.

    python3 pets_answers.py .../e2e/PETS09-S2L1/gt/gt.txt > pets.json

The definitions are those of Rules/README.md; the way is another one: no geometry is solved. Each track's straight path
between boxes is walked in steps of one millisecond, and every condition is looked up on that walk. Decisions fall on
frames, 100 ms apart. Times are in milliseconds of media time: frame 1 is 0.
"""
import collections
import json
import math
import sys

WIDTH, HEIGHT, FRAME = 768, 576, 100
DIAGONAL = math.hypot(WIDTH, HEIGHT)
ZONE = (250, 150, 550, 400)          # left, top, right, bottom, border included
LINE = 384                           # full height, walked downward: its left is the picture's right
ENTER_HOLD, EXIT_HOLD, MARGIN = 600, 2000, 0.01 * DIAGONAL
LOITER = 5000
LINE_HOLD, BAND = 400, 0.01 * DIAGONAL


def read(path):
    boxes = collections.defaultdict(dict)
    for row in open(path):
        frame, track, left, top, width, height = (float(v) for v in row.split(",")[:6])
        boxes[int(track)][int(frame)] = (left, top, left + width, top + height)
    return boxes


class Walk:
    """A track's bottom centre at every millisecond from its first to its last frame."""

    def __init__(self, rows):
        frames = sorted(rows)
        assert frames == list(range(frames[0], frames[-1] + 1)), "a track with holes"
        self.start = (frames[0] - 1) * FRAME
        feet = [((rows[f][0] + rows[f][2]) / 2, rows[f][3]) for f in frames]
        self.points = []
        for (ax, ay), (bx, by) in zip(feet, feet[1:]):
            self.points += [(ax + (bx - ax) * i / FRAME, ay + (by - ay) * i / FRAME) for i in range(FRAME)]
        self.points.append(feet[-1])
        self.end = self.start + len(self.points) - 1

    def at(self, time):
        return self.points[time - self.start]

    def frames(self):
        return range(self.start, self.end + 1, FRAME)


def inside(p):
    return ZONE[0] <= p[0] <= ZONE[2] and ZONE[1] <= p[1] <= ZONE[3]


def away(p):
    dx = max(ZONE[0] - p[0], 0, p[0] - ZONE[2])
    dy = max(ZONE[1] - p[1], 0, p[1] - ZONE[3])
    return math.hypot(dx, dy)


def visits(walk):
    """(in, out, told, reason) of every stay that outlasted the enter hold; out and reason None while it goes on."""
    stays, since, beyond, last_in, open_ = [], None, None, None, False
    for now in walk.frames():
        span = range(max(walk.start, now - FRAME + 1), now + 1)
        if not open_:
            if not inside(walk.at(now)):
                since = None
                continue
            if since is None:
                since = now
                while since > max(walk.start, now - FRAME) and inside(walk.at(since - 1)):
                    since -= 1
            if now - since >= ENTER_HOLD:
                open_, last_in, beyond = True, now, None
                stays.append([since, None, now, None])
            continue
        for t in span:
            if inside(walk.at(t)):
                last_in = t
            if away(walk.at(t)) <= MARGIN:
                beyond = None
            elif beyond is None:
                beyond = t
        if beyond is not None and now - beyond >= EXIT_HOLD:
            stays[-1][1], stays[-1][3] = last_in, "left"
            open_, since = False, None
    if open_:
        # The track's last box: outside it has left, inside it is lost there.
        stays[-1][1] = last_in
        stays[-1][3] = "left" if not inside(walk.at(walk.end)) else "lost"
    return stays


def crossings(walk):
    """(time, direction) of every crossing whose far side was held."""
    found, pending, beyond = [], None, None
    side = "left" if walk.points[0][0] >= LINE else "right"
    for now in walk.frames():
        for t in range(max(walk.start + 1, now - FRAME + 1), now + 1):
            here = "left" if walk.at(t)[0] >= LINE else "right"
            if here != side:
                pending = None if pending and pending[1] != here else (t, here)
                beyond, side = None, here
            if pending:
                if abs(walk.at(t)[0] - LINE) <= BAND:
                    beyond = None
                elif beyond is None:
                    beyond = t
        if pending and beyond is not None and now - beyond >= LINE_HOLD:
            found.append(pending)
            pending, beyond = None, None
    return found


def main():
    tracks = read(sys.argv[1])
    end = (max(max(rows) for rows in tracks.values()) - 1) * FRAME
    answers = []

    def add(rule, kind, track, time, **more):
        answers.append({"rule": rule, "type": kind, "track": track, "time": time, **more})

    for track, rows in sorted(tracks.items()):
        walk = Walk(rows)
        for came, left, _, reason in visits(walk):
            if reason == "lost" and walk.end == end:
                reason = "end_of_stream"
            add("yard", "zone.entered", track, came)
            add("yard", "zone.exited", track, left, reason=reason, dwell=left - came)
            if left - came >= LOITER:
                add("waits", "zone.loitering", track, came + LOITER)
        for time, direction in crossings(walk):
            add("gate", "line.crossed", track, time, direction=direction)
    answers.sort(key=lambda a: (a["rule"], a["track"], a["time"], a["type"]))
    print("[\n" + ",\n".join(json.dumps(a) for a in answers) + "\n]")


main()
