"""A network's matrices as small integers, as they are shipped, and what they are run as.

A matrix is stored within a few steps of zero, with a scale for every 64 of a row that was chosen
to err least, and deflated by Huffman's code alone, which finds no repeats in it: 3.5 bits a weight
where the steps are 5. In a file of arrays it is two, `NAME.codes` and `NAME.scales`.
"""

import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
Floats = NDArray[np.float32]

GROUP = 64
NARROWED = np.linspace(0.7, 1.0, 7)
"""Scales tried, as shares of the one at which nothing is cut off."""

MATMUL_MAX = 64
"""Weights within 64: processors without VNNI add two products of uint8 and int8 in 16 bits."""

_CODES, _SCALES = ".codes", ".scales"


def packed(name: str, weight: Floats, steps: int, scales: Floats | None = None) -> Arrays:
    """Return a matrix (rows, columns) as it is stored; by `scales`, where those are settled.

    The columns are a multiple of `GROUP`, the steps at most 127.
    """
    if scales is None:
        codes, kept = rounded(weight, steps)
    else:
        kept = scales.astype(np.float16)
        groups = weight.reshape(*scales.shape, GROUP) / scales[..., None]
        codes = np.clip(np.rint(groups), -steps, steps).reshape(weight.shape).astype(np.int8)
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_HUFFMAN_ONLY)
    deflated = packer.compress(codes.tobytes()) + packer.flush()
    return {name + _CODES: np.frombuffer(deflated, dtype=np.uint8), name + _SCALES: kept}


def rounded(weight: Floats, steps: int) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Return the codes of a matrix (rows, columns) and their scales (rows, columns / GROUP)."""
    groups = weight.reshape(len(weight), -1, GROUP)
    widest = np.maximum(np.abs(groups).max(-1, keepdims=True), 1e-6)
    best = np.zeros_like(groups)
    scales = np.zeros_like(widest)
    least = np.full_like(widest, np.inf)
    for share in NARROWED:
        scale = (widest * share / steps).astype(np.float16).astype(np.float32)
        codes = np.clip(np.rint(groups / scale), -steps, steps)
        error = ((codes * scale - groups) ** 2).sum(-1, keepdims=True)
        better = error < least
        best, scales = np.where(better, codes, best), np.where(better, scale, scales)
        least = np.where(better, error, least)
    return best.reshape(weight.shape).astype(np.int8), scales[..., 0].astype(np.float16)


def inflated(stored: Mapping[str, NDArray[Any]]) -> Arrays:
    """Return the arrays with the codes as int8 matrices (rows, columns)."""
    return {
        name: np.frombuffer(zlib.decompress(value.tobytes()), dtype=np.int8).reshape(
            len(stored[name.removesuffix(_CODES) + _SCALES]), -1
        )
        if name.endswith(_CODES)
        else value
        for name, value in stored.items()
    }


def tensors(stored: Mapping[str, NDArray[Any]]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield a graph's tensors of inflated arrays: int8 matrices with a scale a column, floats."""
    for name, value in stored.items():
        base = name.removesuffix(_CODES)
        if base != name:
            scales = stored[base + _SCALES].astype(np.float32)
            weight = (value.reshape(*scales.shape, -1) * scales[..., None]).reshape(value.shape)
            widest = np.maximum(np.abs(weight).max(axis=1), 1e-9) / MATMUL_MAX
            small = np.rint(weight / widest[:, None]).astype(np.int8)
            yield base + ".w", np.ascontiguousarray(small.T)
            yield base + ".s", widest.astype(np.float32)
        elif not name.endswith(_SCALES):
            yield name, np.ascontiguousarray(value, dtype=np.float32)
