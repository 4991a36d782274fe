"""The trained models that the repository ships: they speak, and their steps agree with sequences."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax._src.interpreters import mlir
from jaxlib.mlir.dialects import stablehlo
from tokenizers import Tokenizer

from zoo import export, heads, models, sparse, training
from zoo.train import __main__ as command
from zoo.train import corpus, curves, loop, recipes

FOLDER = models.REPOSITORY / "testdata" / "trained"
NAMES = [recipe.name for recipe in recipes.RECIPES]


def params(name):
    """The parameters of a model."""
    model = models.find(f"trained-{name}")
    return model.weights.params(model.name, model.architecture, model.config, None)


@pytest.fixture(scope="module")
def held_out():
    """Windows of the held-out text, [8, 129]."""
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    ids = np.array(tokenizer.encode((FOLDER / "held_out.txt").read_text("utf-8")).ids, np.int32)
    return jnp.asarray(ids[: 8 * 1290].reshape(8, 1290)[:, :129])


@pytest.mark.parametrize("name", NAMES)
def test_it_has_learned_english(name, held_out):
    """Its loss on text that it has not seen is far below that of guessing, ln 4096 = 8.3 nats a token."""
    config = sparse.explicitly(recipes.find(name).config)
    assert float(training.loss(sparse, config, params(name), held_out)) < 5.2


def test_top_k_keeps_as_many_as_it_says():
    """The statistical threshold leaves about k normal values above it."""
    h = jax.random.normal(jax.random.PRNGKey(0), (64, 2048))
    kept = jnp.sum(sparse.statistical_top_k(h, 128) > 0, axis=-1)
    assert abs(float(jnp.mean(kept)) - 128) < 8


@pytest.mark.parametrize("name", NAMES)
def test_decode_steps_agree_with_sequences(name, held_out):
    """Feeding tokens one by one gives the hidden states of the whole sequence."""
    config, weights = recipes.find(name).config, params(name)
    tokens = held_out[:1, :24]
    whole = sparse.forward(sparse.explicitly(config), weights, tokens)
    step = export.Step(sparse, config, heads.parse("logits", config.vocabulary), "f32", 32, 1)
    cache = step.empty_cache()
    for position in range(tokens.shape[1]):
        hidden, cache = sparse.decode(config, weights, cache, tokens[:, position], jnp.array([position]))
        np.testing.assert_allclose(hidden, whole[:, position], rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("name", command.SHIPPED)
def test_the_shipped_step_is_current(name):
    """It is what the code exports; else: `command.write_module(recipes.find(name), folder)`."""
    artifact = (FOLDER / name / "model.mlirbc").read_bytes()
    expected = export.portable_artifact(command.shipped_step(recipes.find(name)).lower())
    assert plain(artifact) == plain(expected)


def plain(artifact):
    """The text of a portable artifact, without locations, which hold line numbers."""
    with mlir.make_ir_context() as context:
        module = stablehlo.deserialize_portable_artifact(context, artifact)
        return module.operation.get_asm(enable_debug_info=False)


def test_curves_are_of_the_recipes():
    """Every model has a curve that ends at the last step, lower than it began."""
    found = curves.read(FOLDER)
    assert [curve["recipe"] for curve in found] == NAMES
    for curve, recipe in zip(found, recipes.RECIPES, strict=True):
        points = curve["points"]
        assert points[-1]["step"] == recipe.schedule.steps
        assert points[-1]["held_out"] < points[0]["held_out"] - 1
    assert json.dumps(curves.table(found)).count("topk") == 1
    assert curves.drawing(found).count("<polyline") == len(NAMES)


def test_an_interrupted_run_goes_on(tmp_path):
    """A run that was stopped and started again ends with the weights of one that was not."""
    config = sparse.Config(vocabulary=64, d_model=16, layers=1, heads=2, head_size=8, d_ff=32, k=4)
    schedule = training.Schedule(steps=4, batch=2, length=8, warm_up=2)
    recipe = recipes.Recipe("small", "", config, schedule, settle=1)
    tokens = np.arange(4000, dtype=np.int32) % 64
    first, _ = loop.train(recipe, tokens, tokens, tmp_path / "a", print)
    state = loop.State.open(recipe, tmp_path / "b")
    advance = loop.compiled_step()
    for step in (1, 2):
        state.advance(
            lambda *args: advance(config, schedule, *args), loop.batch(schedule, tokens, step), step
        )
    state.curve.append({"step": 2})
    state.keep()
    again, curve = loop.train(recipe, tokens, tokens, tmp_path / "b", print)
    assert [point["step"] for point in curve] == [2, 3, 4]
    for one, other in zip(jax.tree.leaves(first), jax.tree.leaves(again), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_pod_and_html_become_prose():
    """Formatting codes, code and headings go; what links show stays."""
    assert corpus.plain_pod("Use B<C<open>> or L<the manual|perlfunc>, E<lt>FILEE<gt>.") == (
        "Use open or the manual, <FILE>."
    )
    reader = corpus.Paragraphs()
    reader.feed("<h2>Title</h2><p>One <code>two</code></p><pre>three</pre><p>four</p>")
    assert reader.paragraphs == ["One two", "four"]
    assert corpus.joined(["short", "0x0 " * 30, "word " * 20]) == ("word " * 20).strip()
