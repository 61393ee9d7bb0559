"""A curator's loop: from what was asked and not answered well to stored questions, and what that changed.

The queue is read from the question log and the ratings whenever it is shown, and is kept nowhere: what the
log's rules and `forget` delete is gone from it. Only what is decided is written.

What curators change of the corpus folder in a chat stands beside it, in `editor`.
"""
