"""The gallery: what answers look like on each platform, drawn from what the real renderers give.

    python docs/gallery/shots.py    pictures of it, by a headless Chromium

The site is built with it (docs/hooks.py); nothing of it is written by hand or kept.
"""
