"""The gallery: what answers look like on each platform, drawn from what the bots send.

The site is built with it (docs/hooks.py), and pictures are taken of it (docs/screenshots.py).
"""
