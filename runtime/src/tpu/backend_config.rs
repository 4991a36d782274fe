//! What libtpu writes into an instruction's `backend_config`: JSON, with numbers as strings.

use serde_json::Value;

/// The cycles that libtpu states for the instruction.
pub(super) fn estimated_cycles(config: &str) -> Option<f64> {
    number(config, "estimated_cycles", |value| value)
}

/// How often a loop runs, where libtpu knows it.
pub(super) fn trip_count(config: &str) -> Option<f64> {
    number(config, "known_trip_count", |value| value.get("n").unwrap_or(value))
}

/// The number under `key`, at the top or one level down.
fn number(config: &str, key: &str, inner: impl Fn(&Value) -> &Value) -> Option<f64> {
    if !config.contains(key) {
        return None;
    }
    let config: Value = serde_json::from_str(config).ok()?;
    let found = config.get(key).or_else(|| config.as_object()?.values().find_map(|value| value.get(key)))?;
    let found = inner(found);
    let number = found.as_f64().or_else(|| found.as_str()?.parse().ok())?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_where_libtpu_puts_them() {
        assert_eq!(estimated_cycles(r#"{"window_config":{"estimated_cycles":"21910"}}"#), Some(21910.0));
        assert_eq!(estimated_cycles(r#"{"estimated_cycles":7}"#), Some(7.0));
        assert_eq!(trip_count(r#"{"known_trip_count":{"n":"65"}}"#), Some(65.0));
        for broken in ["", "{", r#"{"estimated_cycles":"-1"}"#, r#"{"estimated_cycles":"1e999"}"#, "[[[["] {
            assert_eq!(estimated_cycles(broken), None, "{broken}");
        }
    }
}
