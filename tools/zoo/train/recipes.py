"""What is trained: three models of the same size on the same tokens in the same order."""

import dataclasses

from zoo import sparse, training

VOCABULARY = 4096
CACHE = 256

DENSE = sparse.Config(vocabulary=VOCABULARY, d_model=128, layers=3, heads=4, head_size=32, d_ff=2048)


@dataclasses.dataclass(frozen=True)
class Recipe:
    """One model. The last `settle` steps of the schedule use the activation of the decode step."""

    name: str
    does: str
    config: sparse.Config
    schedule: training.Schedule
    settle: int = 0


SCHEDULE = training.Schedule(steps=800, batch=16, length=128, rate=4e-3, warm_up=60, seed=1)

RECIPES = (
    Recipe(
        name="topk",
        does="feed-forward layers keep 128 of 2,048 neurons (6.25%), rotary positions",
        config=dataclasses.replace(DENSE, k=128),
        schedule=SCHEDULE,
        settle=80,
    ),
    Recipe(name="relu", does="ReLU feed-forward layers, rotary positions", config=DENSE, schedule=SCHEDULE),
    Recipe(
        name="fire",
        does="ReLU feed-forward layers, FIRE position encoding",
        config=dataclasses.replace(DENSE, fire=True),
        schedule=SCHEDULE,
    ),
)


def find(name):
    """The recipe of that name."""
    return next(recipe for recipe in RECIPES if recipe.name == name)


def steps_of(recipe):
    """`(first step, last step, configuration)` of each stretch of the schedule."""
    turn = recipe.schedule.steps - recipe.settle
    yield 1, turn, recipe.config
    if recipe.settle:
        yield turn + 1, recipe.schedule.steps, sparse.explicitly(recipe.config)
