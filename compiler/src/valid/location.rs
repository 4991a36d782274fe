//! Where something came from, in a few words.

use crate::ir::{LocId, Location, Locations};

/// Deepest nesting that is followed.
const DEEPEST: usize = 64;

/// The place in a source file that a location leads to, and the name on the way there; `None` for unknown
/// locations.
pub(super) fn describe(locs: &Locations, id: LocId) -> Option<String> {
    let (mut name, mut at) = (None, id);
    for _ in 0..DEEPEST {
        match locs.get(at) {
            Location::Unknown => break,
            Location::File { file, start: (line, column), .. } => {
                let place = format!("{file}:{line}:{column}");
                return Some(name.map_or(place.clone(), |name| format!("\"{name}\" ({place})")));
            }
            Location::Name { name: inner, child } => {
                name = name.or(Some(inner));
                at = *child;
            }
            Location::CallSite { callee, .. } => at = *callee,
            Location::Fused { parts, .. } => match parts.first() {
                Some(&first) => at = first,
                None => break,
            },
        }
    }
    name.map(|name| format!("\"{name}\""))
}
