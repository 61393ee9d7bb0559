"""Vectors and postings in Milvus, for corpora past one machine.

connection    the client, and its failures as errors of this project
collection    one build: a row an entry with its dense vector and its sparse lexical weights
stores        the collection as the vector store and the lexical stores that retrieval reads
builds        the builds that lie in one Milvus: written aside, then swapped by alias
parts         an index's vectors and postings, written to a build and found again at a load

pymilvus is imported only when `MILVUS_URI` is set (extra `milvus`).
"""
