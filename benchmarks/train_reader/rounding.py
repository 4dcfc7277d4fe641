"""Train with the weights rounded as they are shipped, so that the reader learns to live with it.

Eleven steps a weight cost the reader a tenth of what it learned; with the rounding in sight of the
training most of that comes back (quantisation-aware training with straight-through gradients:
Jacob et al. 2018, Bengio et al. 2013).
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from assistant.check import packed_weights
from benchmarks.train_reader import export, network


class _Rounded(nn.Module):
    """A matrix as its codes and scales give it back; the gradient is that of the matrix itself."""

    def __init__(self, weight: Tensor, steps: int) -> None:
        super().__init__()
        _, scales = packed_weights.rounded(weight.detach().numpy(), steps)
        self.scales = torch.from_numpy(scales.astype("float32"))[..., None]
        self.steps = steps

    def forward(self, weight: Tensor) -> Tensor:
        with torch.no_grad():
            groups = weight.reshape(len(weight), -1, packed_weights.GROUP)
            codes = (groups / self.scales).round().clamp(-self.steps, self.steps)
            apart = (codes * self.scales).reshape(weight.shape) - weight
        return weight + apart


def rounded(reader: network.Reader, size: export.Size) -> None:
    """Have a reader's matrices rounded from now on; it keeps the scales of each by its name."""
    for name, module in list(_linear(reader)):
        as_shipped = _Rounded(module.weight, size.weight_steps)
        parametrize.register_parametrization(module, "weight", as_shipped)
        reader.scales[name + ".weight"] = as_shipped.scales[..., 0].numpy()
    words = _Rounded(reader.word.weight, size.word_steps)
    with torch.no_grad():
        reader.word.weight.copy_(words(reader.word.weight))
    reader.scales["word.weight"] = words.scales[..., 0].numpy()


def settled(reader: network.Reader) -> None:
    """Put the rounded matrices in the place of those that were trained."""
    for _, module in list(_linear(reader)):
        parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)


def _linear(reader: network.Reader) -> Iterator[tuple[str, nn.Linear]]:
    """Yield the layers whose matrices are stored in steps; the head's is stored as it is."""
    for name, module in reader.named_modules():
        if isinstance(module, nn.Linear) and not name.endswith(".head"):
            yield name, module
