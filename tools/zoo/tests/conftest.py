"""Small configurations of both architectures, and the platform: tests run on four CPU devices."""

import jax
import pytest

from zoo import gemma3, llama

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_num_cpu_devices", 4)

CONFIGS = {
    "gemma3": (
        gemma3,
        gemma3.Config(
            vocabulary=96,
            d_model=24,
            layers=3,
            heads=4,
            kv_heads=1,
            head_size=8,
            d_ff=40,
            window=4,
            global_every=3,
        ),
    ),
    "llama": (
        llama,
        llama.Config(
            vocabulary=80,
            d_model=24,
            layers=2,
            heads=6,
            kv_heads=3,
            head_size=8,
            d_ff=40,
        ),
    ),
    "llama-untied": (
        llama,
        llama.Config(
            vocabulary=80,
            d_model=24,
            layers=2,
            heads=2,
            kv_heads=2,
            head_size=8,
            d_ff=40,
            tied=False,
        ),
    ),
}


@pytest.fixture(params=CONFIGS)
def small(request):
    """An architecture with a small configuration."""
    return CONFIGS[request.param]
