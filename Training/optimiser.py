"""What turns gradients into steps: Muon for the matrices inside the image tower, AdamW for everything else.

Muon (Jordan et al., 2024, kellerjordan.github.io/posts/muon): the averaged gradient of a matrix is made orthogonal, so that every
direction in it moves alike, rather than every number. torch.optim.Muon does the same one matrix at a time in one process; here
matrices of one shape are done at once, and the processes of a run share them out.
"""
import torch

BETAS = (.9, .98)
DECAY = .05
SLOW = .1              # the text tower's share of the rate: its words must stay apart while the image tower is still blind
MOMENTUM = .95
LIKE_ADAM = .2         # root mean square of an AdamW step at rate 1; with it one rate serves both (Liu et al., 2025, arXiv 2502.16982)
QUINTIC = (3.4445, -4.775, 2.0315)      # Newton and Schulz' iteration, coefficients of Jordan et al.: singular values end in .7...1.2
ITERATIONS = 5


class Optimiser:
    def __init__(self, net, shared, rank, half):
        """gradients must be where they will stay; half: matrices are made orthogonal in bfloat16"""
        groups, hidden = {}, []
        for name, p in net.named_parameters():
            if p.dim() == 2 and name.startswith(("image.blocks", "box0", "box1")):
                hidden.append((name, p))
                continue
            decays = p.dim() == 2 and "token" not in name and "position" not in name
            groups.setdefault((decays, SLOW if name.startswith("text.") else 1.), []).append(p)
        self.adam = torch.optim.AdamW([dict(params=members, weight_decay=DECAY * decays, share=share)
                                       for (decays, share), members in groups.items()], betas=BETAS, fused=True)
        self.muon = Muon(hidden, shared, rank, torch.bfloat16 if half else torch.float32)

    def step(self, rate):
        for group in self.adam.param_groups:
            group["lr"] = rate * group["share"]
        self.adam.step()
        self.muon.step(rate)

    def state(self):
        return dict(adam=self.adam.state_dict(), moments=self.muon.moments)

    def go_on_from(self, state):
        self.adam.load_state_dict(state["adam"])
        for own, saved in zip(self.muon.moments, state["moments"], strict=True):
            own.copy_(saved)


class Muon:
    def __init__(self, named, shared, rank, kind):
        """named: [(name, parameter with its gradient)]"""
        self.shared, self.kind, self.steps = shared, kind, 0
        # q, k and v are three matrices in one
        parts = [3 if ".qkv." in name else 1 for name, _ in named]
        self.matrices = [m for n, (_, p) in zip(parts, named) for m in p.data.chunk(n)]
        self.gradients = [g for n, (_, p) in zip(parts, named) for g in p.grad.chunk(n)]
        self.moments = [torch.zeros_like(m) for m in self.matrices]
        shapes = {}
        for i, m in enumerate(self.matrices):
            shapes.setdefault(tuple(sorted(m.shape)), []).append(i)
        self.own = [share for members in shapes.values() if (share := members[rank::shared.processes])]
        self.updates = [shared.views(slot, self.matrices) for slot in range(2)]

    @torch.no_grad()
    def step(self, rate):
        torch._foreach_lerp_(self.moments, self.gradients, 1 - MOMENTUM)
        updates = self.updates[self.steps % 2]
        self.steps += 1
        for share in self.own:
            ahead = [self.gradients[i].lerp(self.moments[i], MOMENTUM) for i in share]
            made = orthogonal(torch.stack([_lying(u) for u in ahead]).to(self.kind))
            for i, u in zip(share, made):
                updates[i].copy_(u if u.shape == updates[i].shape else u.T)
        self.shared.wait()
        for m, u in zip(self.matrices, updates):
            m.mul_(1 - rate * DECAY).add_(u, alpha=-rate * LIKE_ADAM * max(m.shape) ** .5)


def _lying(matrix):
    return matrix.T if matrix.shape[0] > matrix.shape[1] else matrix


def orthogonal(x):
    """[n, a, b], a <= b -> matrices of the same singular vectors, whose singular values are all near 1"""
    a, b, c = QUINTIC
    x = x / x.flatten(1).norm(dim=1)[:, None, None].clamp(min=1e-7)
    for _ in range(ITERATIONS):
        gram = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x
