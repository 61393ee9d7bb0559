"""Rows of entries: which of them scores are asked for."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64] | slice
ALL: Final = slice(None)
NONE: Final[NDArray[np.int64]] = np.empty(0, dtype=np.int64)
Scores = NDArray[np.float32]
