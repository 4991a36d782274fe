"""Language models as StableHLO decode steps: plain JAX, one file per architecture.

`python -m zoo export MODEL …` writes a module, its weights, its tokenizer and a description to a
directory that `hire compile` and `hire generate` read. docs/zoo.md describes the step's signature.
"""
