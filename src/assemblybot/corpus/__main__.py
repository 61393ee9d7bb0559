"""`python -m assemblybot.corpus FILE`: what `bounded.py` starts to read one file."""

from assemblybot.corpus.bounded import main

main()
