"""Models of any size with random weights whose activations are spread as in trained ones.

transformers' own initialisation is of no use for comparing: with it the heads saturate (every box is a corner, every score
0.5) and a mistake anywhere before them cannot be seen. Here every layer keeps its input's spread, attention is neither flat
nor one-hot, and boxes, scores and objectness stay in the middle of their sigmoids.
"""
import torch


def fill(model, seed):
    generator = torch.Generator().manual_seed(seed)

    def normal(tensor, spread, mean=0.0):
        tensor.copy_(torch.randn(tensor.shape, generator=generator) * spread + mean)

    with torch.no_grad():
        for name, tensor in sorted(model.named_parameters()):
            last = name.split(".")[-2] if "." in name else name
            if name.endswith("bias"):
                normal(tensor, 0.1)
            elif "norm" in last and tensor.dim() == 1:
                normal(tensor, 0.2, mean=1.0)
            elif tensor.dim() < 2:
                normal(tensor, 0.5)
            elif "embedding" in name and "patch" not in name:
                normal(tensor, 0.7)
            else:
                fan_in = tensor[0].numel()
                gain = {"q_proj": 1.3, "k_proj": 1.3, "out_proj": 0.7, "fc2": 0.7, "dense2": 1.0}.get(last, 1.0)
                normal(tensor, gain * fan_in ** -0.5)
        heads = dict(model.named_parameters())
        normal(heads["class_head.logit_shift.weight"], 0.4 * heads["class_head.logit_shift.weight"].shape[1] ** -0.5)
        normal(heads["class_head.logit_scale.weight"], heads["class_head.logit_scale.weight"].shape[1] ** -0.5)
        heads["class_head.logit_scale.bias"].fill_(2.0)
        normal(heads["box_head.dense2.weight"], 1.5 * heads["box_head.dense2.weight"].shape[1] ** -0.5)
    return model.eval()
