"""Run a graph by onnxruntime on the processor's cores, in as little memory as it needs."""

import ctypes
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

from ingest.compute_slots import OutsideCalls

if TYPE_CHECKING:
    from numpy.typing import NDArray

_QUIET_SECONDS = 1.0
"""Memory is given back once in this time at most: it takes some 5 ms of a core."""

_giving_back = Lock()


class OnnxGraph:
    """A graph, opened from its file or its bytes; several threads may run it.

    `threads` are the cores for one run, 0 for all; `tensors` are weights that it does not hold
    itself. What opening and running it took is given back to the system a moment later.
    """

    def __init__(
        self,
        graph: Path | bytes,
        threads: int,
        tensors: "Mapping[str, NDArray[Any]] | None" = None,
    ) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Its own store of memory grows to what the longest text took, and never shrinks.
        options.enable_cpu_mem_arena = False
        # Threads that spin while they wait take the core another process needs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if tensors:
            values = [onnxruntime.OrtValue.ortvalue_from_numpy(one) for one in tensors.values()]
            options.add_external_initializers(list(tensors), values)
        self._session = onnxruntime.InferenceSession(
            graph if isinstance(graph, bytes) else str(graph), options, ["CPUExecutionProvider"]
        )
        self._runs = OutsideCalls()
        self.inputs: Sequence[str] = [one.name for one in self._session.get_inputs()]
        _give_back_soon()

    def run(self, given: "Mapping[str, NDArray[Any]]") -> "NDArray[Any]":
        """Return the first output; of what is given, what the graph does not take is left out."""
        taken = {name: given[name] for name in self.inputs}
        with self._runs.one():
            first: NDArray[Any] = self._session.run(None, taken)[0]
        _give_back_soon()
        return first


def _give_back_soon() -> None:
    """Give back what is freed by then, unless that is to be done already."""
    if _giving_back.acquire(blocking=False):
        timer = Timer(_QUIET_SECONDS, _give_back)
        timer.daemon = True
        timer.start()


def _give_back() -> None:
    """Give the system what was freed, which glibc keeps where anything beside it is in use."""
    _giving_back.release()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # elsewhere nothing is done
        trim(0)
