"""From where on a corpus or an index counts as large.

From `MANY_ENTRIES` entries on, vectors take a byte a dimension and lie in lists, terms that many
entries hold have no postings, and only the entries of passages that a search finds are scored.
From `MANY_PASSAGES` passages on, passages go without most kinds of entries.
"""

from __future__ import annotations

MANY_ENTRIES = 20_000
MANY_PASSAGES = 20_000
# Of a large index, the share of entries above which a word has no postings.
COMMON_WORDS = 0.1
