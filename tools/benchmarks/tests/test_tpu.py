"""The TPU benchmark's plans and table."""

import json

from benchmarks import tpu


def test_plans_hold_one_kind_of_site_each(tmp_path):
    """A softmax layer goes to one plan, feed-forward layers to the other, as they were compiled."""
    sites = [
        {"name": "layers.0/ffn", "predictor": "lr:128", "k_prime": 520, "group": 8, "k": 346},
        {"name": "head", "predictor": "lr:128:q8", "k_prime": 512, "group": 8, "k": 1},
    ]
    (tmp_path / "manifest.json").write_text(json.dumps({"sites": sites}))
    tpu.plans(tmp_path, tmp_path)
    softmax = json.loads((tmp_path / "softmax.plan.json").read_text())
    ffn = json.loads((tmp_path / "ffn.plan.json").read_text())
    assert softmax == {
        "version": 1,
        "sites": {"head": {"predictor": "lr:128:q8", "k_prime": 512, "group": 8}},
    }
    assert list(ffn["sites"]) == ["layers.0/ffn"]


def test_the_table_has_a_row_for_each_answer(tmp_path):
    """Ratios and bytes come from the answers."""
    versus = {
        "step_estimate_us": 2000.0,
        "copies_side_by_side_us": 1500.0,
        "hbm_bytes": 2e9,
        "ratio": 2.0,
        "copies_side_by_side_ratio": 1.5,
    }
    answer = {
        "step_estimate_us": 1000.0,
        "copies_side_by_side_us": 1000.0,
        "hbm_bytes": 4e8,
        "peak_bytes": 2e9,
        "versus": versus,
    }
    for name in tpu.ROWS:
        (tmp_path / f"{name}.json").write_text(json.dumps(answer))
    table = tpu.table(tmp_path)
    assert [row[0] for row in table.rows] == ["softmax and top-k FFN", "softmax alone", "top-k FFN alone"]
    assert table.rows[0][1:5] == ["1,000 (1,000)", "2,000 (1,500)", "2.00 (1.50)", "1.8"]
