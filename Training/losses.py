"""What a step asks of the network. Shapes: B windows, N tokens, Q texts, M boxes, C classes; boxes in parts of the window.

- class: each sure box chooses its one to five best tokens (overlap, score, nearness to its centre); their target is near 1
  for the texts that name the box. Targets that followed a still poor overlap (.35 in the first 100,000 windows) taught the
  class head to say ".1 everywhere"; so they start at .7.
- box: GIoU and L1 on those tokens, and a little L1 before the sigmoid: OWL-ViT's prior saturates in the last row and
  column, and only that term has a gradient there.
- cover: every token says which classes cover it (a helper head, not exported).
- hint: every token predicts the teacher's feature maps (a helper head, not exported).
"""
import torch
import torch.nn.functional as F


def corners(boxes):
    return torch.cat([boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2], -1)


def area(boxes):
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])


def pair_overlap(a, b):
    """[B, M, 4], [B, N, 4] -> [B, M, N]"""
    top_left = torch.maximum(a[:, :, None, :2], b[:, None, :, :2])
    shared = (torch.minimum(a[:, :, None, 2:], b[:, None, :, 2:]) - top_left).clamp(min=0).prod(-1)
    return shared / (area(a)[:, :, None] + area(b)[:, None] - shared + 1e-7)


def generalised_overlap(a, b):
    """[n, 4], [n, 4] -> [n], -1...1 (Rezatofighi et al., 2019)"""
    shared = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0).prod(1)
    union = area(a) + area(b) - shared + 1e-7
    hull = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(1) + 1e-7
    return shared / union - (hull - union) / hull


class Losses:
    def __init__(self, asking, grid, device="cpu"):
        line = (torch.arange(grid, device=device) + .5) / grid
        self.centres = torch.stack([line.repeat(grid), line.repeat_interleave(grid)], 1)       # [N, 2]
        self.device = device
        self.names, self.silent, self.needed = (torch.from_numpy(t).to(device) for t in (asking.names, asking.silent, asking.needed))

    def cover(self, logits, batch):
        """logits [B, N, C]. Uncertain boxes say nothing, unknown classes have no negatives."""
        boxes, classes, sure, known = batch
        with torch.no_grad():
            inside = ((self.centres > boxes[:, :, None, :2]) & (self.centres < boxes[:, :, None, 2:])).all(-1)   # [B, M, N]
            inside &= (classes >= 0)[..., None]
            hot = F.one_hot(classes.clamp(min=0), logits.shape[-1]).float()
            yes = torch.einsum("bmn,bmc->bnc", (inside & sure[..., None]).float(), hot) > 0
            doubt = torch.einsum("bmn,bmc->bnc", (inside & ~sure[..., None]).float(), hot) > 0
            score = logits.sigmoid()
            weight = torch.where(yes, (1 - score) ** 1.5, .5 * score ** 2 * (known[:, None] & ~(doubt & ~yes)))
        return (F.binary_cross_entropy_with_logits(logits, yes.float(), reduction="none") * weight).sum() / yes.sum().clamp(min=1)

    def assign(self, score, predicted, boxes, valid, named):
        """-> for every token: does it belong to a box, to which, with what target (0...1); each [B, N]"""
        centre, size = (boxes[..., :2] + boxes[..., 2:]) / 2, boxes[..., 2:] - boxes[..., :2]
        away = (self.centres - centre[:, :, None]).abs()                                    # [B, M, N, 2]
        inside = (away < (size / 2).clamp(min=.062)[:, :, None]).all(-1)
        asked = torch.einsum("bnq,bmq->bmn", score, named.float()) / named.sum(-1).clamp(min=1)[..., None]
        overlap = pair_overlap(boxes, predicted)
        near = torch.exp(-((away / (size / 2 + .03)[:, :, None]) ** 2).sum(-1) / 1.5)
        merit = (asked + .02) ** .5 * (overlap + .05) ** 3 * near * inside * valid[..., None]
        # large boxes take up to five tokens, small ones one
        count = (size.prod(-1) * len(self.centres) * .4).clamp(1, 5).round().long()
        top, tokens = merit.topk(5, -1)
        chosen = (torch.arange(5, device=self.device) < count[..., None]) & (top > 0)
        merit = torch.zeros_like(merit).scatter_(-1, tokens, top * chosen)
        best, owner = merit.max(1)
        belongs = best > 0
        most, closest = merit.amax(-1), (overlap * (merit > 0)).amax(-1)
        target = (best / most.gather(1, owner).clamp(min=1e-9)).sqrt() * closest.gather(1, owner).clamp(min=.7)
        return belongs, owner, torch.where(belongs, target.clamp(.1, 1), 0.), inside

    def detection(self, logits, raw, batch, words):
        """logits [B, N, Q], raw boxes [B, N, 4] before the sigmoid, words: indices [Q] -> class loss, box loss"""
        boxes, classes, sure, known = batch
        words = torch.from_numpy(words).to(self.device)
        names, silent, needed = self.names[words], self.silent[words], self.needed[words]     # [Q, C]
        answerable = ~(needed[None] & ~known[:, None]).any(2)                              # [B, Q]
        numbers, valid, doubt = classes.clamp(min=0), (classes >= 0) & sure, (classes >= 0) & ~sure
        named, unsaid = names.T[numbers], silent.T[numbers]                                # [B, M, Q]
        predicted = corners(raw.sigmoid())
        with torch.no_grad():
            score = logits.sigmoid()
            belongs, owner, target, inside = self.assign(score, predicted, boxes, valid, named)
            of_owner = owner[..., None].expand(-1, -1, logits.shape[-1])
            positive = named.gather(1, of_owner) & belongs[..., None]
            quiet = unsaid.gather(1, of_owner) & belongs[..., None]
            grey = torch.einsum("bmn,bmq->bnq", inside.float(), ((named | unsaid) & doubt[..., None]).float()) > 0
            negative = answerable[:, None] & ~grey & ~quiet
            wanted = target[..., None] * positive
            weight = torch.where(positive, wanted, .75 * score ** 2 * negative)
            total = wanted.sum().clamp(min=1)
        class_loss = (F.binary_cross_entropy_with_logits(logits, wanted, reduction="none") * weight).sum() / total
        b, n = belongs.nonzero(as_tuple=True)
        if len(b) == 0:
            return class_loss, raw.sum() * 0
        truth, guess, share = boxes[b, owner[b, n]], predicted[b, n], target[b, n] / target[b, n].sum().clamp(min=1)
        size = truth[:, 2:] - truth[:, :2]
        before = torch.logit(torch.cat([truth[:, :2] + size / 2, size], 1).clamp(.005, .995))
        unsaturated = F.smooth_l1_loss(raw[b, n], before, reduction="none").sum(1)
        distance = (guess - truth).abs().sum(1)
        box_loss = 2 * (1 - generalised_overlap(guess, truth)) + 2 * distance + .15 * unsaturated
        return class_loss, (box_loss * share).sum()
