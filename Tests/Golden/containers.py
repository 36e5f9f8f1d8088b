"""Writes Tests/Golden/containers: the weights of owlvit-many-tokens as torch.save writes them, beside tensors that lie oddly in their storage.

    venv/bin/python Tests/Golden/containers.py        (requirements: Tests/Golden/generate.py)
"""
import pathlib

import torch
from safetensors.torch import load_file, save_file

HERE = pathlib.Path(__file__).parent

if __name__ == "__main__":
    torch.manual_seed(1)
    weights = load_file(HERE / "owlvit-many-tokens/model.safetensors")
    shared = torch.randn(6, 10)
    odd = {
        "odd.transposed": torch.randn(5, 3).t(), "odd.permuted": torch.randn(2, 3, 4).permute(2, 0, 1), "odd.rows": shared[2:5],
        "odd.columns": shared[:, 3:7], "odd.every_second": shared[::2, 1::3], "odd.scalar": torch.tensor(2.5), "odd.empty": torch.zeros(0, 4),
        "odd.half": torch.randn(7).half(), "odd.bfloat": torch.randn(7).bfloat16(), "odd.double": torch.randn(3, 2).double(),
        "odd.subnormal": torch.tensor([6e-8, -6e-8, 1e-7, 65504.0, float("inf")]).half(),
        "odd.parameter": torch.nn.Parameter(torch.randn(4)), "odd.one": torch.randn(1, 1, 3).transpose(0, 2),
    }
    folder = HERE / "containers"
    folder.mkdir(exist_ok=True)
    # Every third matrix of the model lies transposed in its storage.
    matrices = [name for name in sorted(weights) if weights[name].dim() == 2][::3]
    laid = {name: (tensor.t().contiguous().t() if name in matrices else tensor) for name, tensor in weights.items()}
    torch.save(laid | odd | {"odd.ids": torch.arange(4)}, folder / "pytorch_model.bin")
    save_file({name: tensor.detach().float().contiguous() for name, tensor in odd.items()}, folder / "odd.safetensors")
    print(sum(p.stat().st_size for p in folder.iterdir()), "bytes")
