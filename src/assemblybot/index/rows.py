"""Rows of views: which of them scores are asked for."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64] | slice
ALL: Final = slice(None)
Scores = NDArray[np.float32]
