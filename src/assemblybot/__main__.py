"""`python -m assemblybot`."""

from assemblybot.cli import main

main()
