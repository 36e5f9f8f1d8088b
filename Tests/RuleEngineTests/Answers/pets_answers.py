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
BUSY, QUIET, COUNT_HOLD = 4, 1, 2000
WRONG, TOLERANCE, DISPLACEMENT, WRONG_HOLD = (1, 0), 60, 0.05 * DIAGONAL, 1000
STOPPED, LEEWAY, SIZE_LEEWAY, MOVED_HOLD = 5000, 0.03 * DIAGONAL, 0.25, 1000


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
        # What stands still: the centre, and the sides.
        boxes = [rows[f] for f in frames]
        self.boxes = []
        for a, b in zip(boxes, boxes[1:]):
            self.boxes += [tuple(p + (q - p) * i / FRAME for p, q in zip(a, b)) for i in range(FRAME)]
        self.boxes.append(boxes[-1])
        self.end = self.start + len(self.points) - 1

    def at(self, time):
        return self.points[time - self.start]

    def numbers(self, time):
        left, top, right, bottom = self.boxes[time - self.start]
        return ((left + right) / 2, (top + bottom) / 2, math.log(right - left), math.log(bottom - top))

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


def occupancy(walks, end, is_so):
    """(start, end, reason) of every stretch over which the number of walks in the zone is so, held."""
    counts = [0] * (end + 1)
    for walk in walks:
        for time in range(walk.start, walk.end + 1):
            counts[time] += inside(walk.at(time))
    found, on, turned = [], None, None
    for time in range(end + 1):
        if is_so(counts[time]) == (on is not None):
            turned = None
        elif turned is None:
            turned = time
        if turned is not None and time - turned >= COUNT_HOLD:
            if on is None:
                on = turned
            else:
                found.append((on, turned, "over"))
                on = None
            turned = None
    if on is not None:
        found.append((on, end, "end_of_stream") if turned is None else (on, turned, "over"))
    return found


def is_wrong(a, b):
    x, y = b[0] - a[0], b[1] - a[1]
    way = math.hypot(x, y)
    return way < 1e-6 or (x * WRONG[0] + y * WRONG[1]) / way >= math.cos(math.radians(TOLERANCE)) - 1e-9


def wrong_ways(walk):
    """(start, end or None) of every way in the wrong direction; None: to the end of the walk."""
    found, origin, reached, turn = [], walk.start, None, None
    for now in walk.frames():
        for t in range(max(walk.start + 1, now - FRAME + 1), now + 1):
            if turn is None:
                if not is_wrong(walk.at(origin), walk.at(t)):
                    origin, reached = t, None
                if reached is None and math.dist(walk.at(origin), walk.at(t)) >= DISPLACEMENT:
                    reached = t
        if turn is None:
            if reached is not None and now - reached >= WRONG_HOLD:
                found.append([reached, None])
                turn, reached = now, None
            continue
        # The farthest frame, and how far away from there, and since when.
        if is_wrong(walk.at(turn), walk.at(now)):
            turn, reached = now, None
        elif math.dist(walk.at(turn), walk.at(now)) < DISPLACEMENT:
            reached = None
        else:
            if reached is None:
                reached = next(t for t in range(now - FRAME, now + 1) if math.dist(walk.at(turn), walk.at(t)) >= DISPLACEMENT)
            if now - reached >= WRONG_HOLD:
                found[-1][1] = max(turn, found[-1][0])
                origin, reached, turn = now, None, None
    if found and found[-1][1] is None and reached is not None and turn is not None:
        found[-1][1] = max(turn, found[-1][0])
    return found


def stops(walk):
    """(stopped, moved or None) of every stop."""
    bounds = (LEEWAY, LEEWAY, math.log1p(SIZE_LEEWAY), math.log1p(SIZE_LEEWAY))
    found, floor, rest, away, away_frame = [], walk.start, None, None, None

    def is_away(time):
        return any(abs(v - m) > b for v, m, b in zip(walk.numbers(time), rest, bounds))

    for now in walk.frames():
        if rest is None:
            low, high, since = list(walk.numbers(now)), list(walk.numbers(now)), now
            while since > floor:
                values = walk.numbers(since - 1)
                low, high = [min(a, b) for a, b in zip(low, values)], [max(a, b) for a, b in zip(high, values)]
                if any(h - l > b for h, l, b in zip(high, low, bounds)):
                    break
                since -= 1
            if now - since >= STOPPED:
                found.append([since + STOPPED, None])
                values = [walk.numbers(t) for t in range(since, now + 1)]
                rest = [(min(v[i] for v in values) + max(v[i] for v in values)) / 2 for i in range(4)]
            continue
        if not is_away(now):
            away = away_frame = None
            continue
        if away is None:
            away, away_frame = next(t for t in range(now - FRAME, now + 1) if is_away(t)), now
        if now - away >= MOVED_HOLD:
            found[-1][1] = max(away, found[-1][0])
            rest, floor, away = None, away_frame, None
    if rest is not None and away is not None:
        found[-1][1] = max(away, found[-1][0])
    return found


def main():
    tracks = read(sys.argv[1])
    end = (max(max(rows) for rows in tracks.values()) - 1) * FRAME
    answers = []

    def add(rule, kind, track, time, **more):
        answers.append({"rule": rule, "type": kind, "track": track, "time": time, **more})

    walks = {track: Walk(rows) for track, rows in tracks.items()}
    for rule, is_so in [("busy", lambda n: n >= BUSY), ("quiet", lambda n: n <= QUIET)]:
        for start, over, reason in occupancy(walks.values(), end, is_so):
            add(rule, "zone.occupancy", None, start, phase="start")
            add(rule, "zone.occupancy", None, over, phase="end", reason=reason)
    for track, walk in sorted(walks.items()):
        for start, over in wrong_ways(walk):
            add("wrong", "object.wrong_direction", track, start, phase="start")
            add("wrong", "object.wrong_direction", track, walk.end if over is None else over, phase="end")
        for start, over in stops(walk):
            add("stopped", "object.stopped", track, start)
            add("stopped", "object.moved", track, walk.end if over is None else over)
        for came, left, _, reason in visits(walk):
            if reason == "lost" and walk.end == end:
                reason = "end_of_stream"
            add("yard", "zone.entered", track, came)
            add("yard", "zone.exited", track, left, reason=reason, dwell=left - came)
            if left - came >= LOITER:
                add("waits", "zone.loitering", track, came + LOITER)
        for time, direction in crossings(walk):
            add("gate", "line.crossed", track, time, direction=direction)
    answers.sort(key=lambda a: (a["rule"], a["track"] or 0, a["time"], a["type"]))
    print("[\n" + ",\n".join(json.dumps(a) for a in answers) + "\n]")


main()
