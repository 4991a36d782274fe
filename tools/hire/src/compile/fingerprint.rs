//! The digest that artifacts of one model agree in.

use sha2::{Digest, Sha256};

use crate::module_file::ModuleFile;
use crate::weights_file::WeightsFile;

/// SHA-256 over the module's file and over name, type and bytes of every weight in the file's order.
pub(super) fn of(input: &ModuleFile, weights: Option<&WeightsFile>) -> String {
    let mut hash = Sha256::new();
    hash.update(input.bytes());
    for (name, tensor) in weights.into_iter().flat_map(WeightsFile::iter) {
        hash.update(format!("\0{name}\0{}\0", tensor.ty()));
        hash.update(tensor.bytes());
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digest}")
}
