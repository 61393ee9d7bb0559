"""Question → Answer: evidence, fusion, verdict, citations."""
