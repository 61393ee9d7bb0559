"""One module a system: how its own documentation builds an index over texts and searches it.

Each has a class `System` with the interface of `base.Peer`.
"""
