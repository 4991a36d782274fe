//! Which site an operation of the scheduled program belongs to.
//!
//! XLA keeps JAX's name stack of an operation in `metadata.op_name` (`jit(step)/layers.0/ffn/dot_general`), and of a fusion
//! that of its last operation. A site's scope is its name without its last part, which names one product of several. An
//! operation without a name (copies, sorts that XLA makes of a top-k) belongs to whoever uses its result first, an
//! asynchronous copy of a weight therefore to the product that it feeds.

use std::collections::HashMap;

use hire_runtime::hlo::{HloError, HloModule};

/// How far the users of a nameless operation are followed.
const FOLLOWED: usize = 8;

/// The sites of a module's operations.
pub(super) struct Scopes {
    sites: HashMap<i64, usize>,
}

impl Scopes {
    /// Matches the entry's operations with sites by their names.
    pub(super) fn of(module: &HloModule, names: &[String]) -> Result<Self, HloError> {
        let scopes: Vec<Vec<&str>> = names.iter().map(|name| scope(name)).collect();
        let entry = module.entry()?;
        let mut first_user = HashMap::new();
        for instruction in &entry.instructions {
            for &operand in &instruction.operands {
                first_user.entry(operand).or_insert(instruction);
            }
        }
        let mut sites = HashMap::new();
        for instruction in &entry.instructions {
            let mut named = instruction;
            for _ in 0..FOLLOWED {
                if is_named(&named.op_name) {
                    break;
                }
                let Some(user) = first_user.get(&named.id) else { break };
                named = user;
            }
            if let Some(site) = best(&scopes, &named.op_name) {
                sites.insert(instruction.id, site);
            }
        }
        Ok(Scopes { sites })
    }

    /// The index of an operation's site.
    pub(super) fn site(&self, id: i64) -> Option<usize> {
        self.sites.get(&id).copied()
    }
}

/// Whether a name says where an operation comes from; those of arguments do not.
fn is_named(op_name: &str) -> bool {
    op_name.contains('/')
}

/// A site's name without what names one product of several: `layers.0/ffn`.
fn scope(name: &str) -> Vec<&str> {
    let parts: Vec<&str> = name.split('/').collect();
    let is_product = |part: &str| part.contains("->") || part.contains("dot_general");
    let end = parts.iter().position(|part| is_product(part)).unwrap_or(parts.len());
    parts[..end.max(1)].to_vec()
}

/// The site with the longest scope that the name has in it. XLA joins the names of what it fused by semicolons; the
/// first decides.
fn best(scopes: &[Vec<&str>], op_name: &str) -> Option<usize> {
    let first = op_name.split(';').next().unwrap_or_default();
    let parts: Vec<&str> = first.split('/').collect();
    let within = |scope: &Vec<&str>| parts.windows(scope.len().max(1)).any(|window| window == scope.as_slice());
    let fitting = scopes.iter().enumerate().filter(|(_, scope)| within(scope));
    fitting.max_by_key(|(at, scope)| (scope.len(), usize::MAX - at)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_scope_wins_and_parts_match_whole() {
        let names = ["layers.1/ffn/...i,oi->...o", "layers.10/ffn/...i,oi->...o", "layers.10/ffn/inner", "head"];
        let scopes: Vec<Vec<&str>> = names.iter().map(|name| scope(name)).collect();
        let site = |op_name: &str| best(&scopes, op_name);
        assert_eq!(site("jit(step)/layers.1/ffn/top_k"), Some(0));
        assert_eq!(site("jit(step)/layers.10/ffn/mul"), Some(1));
        assert_eq!(site("jit(step)/layers.10/ffn/inner/mul"), Some(2));
        assert_eq!(site("jit(step)/layers.1/attention/mul;jit(step)/head/x"), None);
        assert_eq!(site("jit(step)/head/bd,vd->bv/dot_general"), Some(3));
        assert_eq!(site(""), None);
    }
}
