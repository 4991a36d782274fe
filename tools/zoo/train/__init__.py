"""Trains the small models of `testdata/trained`: `python -m zoo.train`.

`corpus` finds English text, `recipes` says what is trained, `loop` trains, `curves` draws what came of it.
"""
