//! What a pass gets besides the module, and where it leaves what it has to say.

use hire_compiler::diag::Diagnostic;
use hire_compiler::ir::{TensorType, Type};
use hire_compiler::rewrite::Ledger;

use crate::compress::{Compressed, Compression};
use crate::distribute::{DistributeOptions, Distributed};
use crate::hire::{HireOptions, RewrittenSite};

/// A tensor of the weights file.
#[derive(Clone, Debug)]
pub struct Weight<'a> {
    /// Its type: static shape and element type.
    pub ty: TensorType,
    /// Its elements, row-major and little-endian.
    pub data: &'a [u8],
}

/// The weights of a model, by parameter name (`params['layers'][0]['w1']`).
pub trait Weights {
    /// The tensor of this name, if the file has it.
    fn weight(&self, name: &str) -> Option<Weight<'_>>;
}

/// The second moment of the vectors that reached a site: `C = (1 / count) sum h h^T`.
#[derive(Clone, Copy, Debug)]
pub struct SecondMoment<'a> {
    /// C, [d, d], row-major.
    pub values: &'a [f32],
    /// How many vectors it is the mean of.
    pub count: u64,
}

/// What samples showed of the vectors that reach sites.
pub trait Calibration {
    /// The second moment of a site's hidden vectors, if it was measured.
    fn second_moment(&self, site: &str) -> Option<SecondMoment<'_>>;

    /// The share of the positions at which each neuron of a feed-forward layer was active, [F], if it was measured.
    fn activity(&self, site: &str) -> Option<&[f32]>;
}

/// Something that a pass found worth telling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The pass.
    pub pass: &'static str,
    /// What and where.
    pub diagnostic: Diagnostic,
}

/// Options, inputs and notes of a run of passes.
#[derive(Default)]
pub struct PassContext<'a> {
    /// Counts changes and says when to stop.
    pub ledger: Ledger,
    /// The model's weights, when the caller has them.
    pub weights: Option<&'a dyn Weights>,
    /// What samples showed, when the caller has them.
    pub calibration: Option<&'a dyn Calibration>,
    /// The types that the entry's arguments are refined to, when the caller knows better than the program.
    pub argument_types: Option<Vec<Type>>,
    /// What the HiRE passes are to do.
    pub hire: HireOptions,
    /// What the passes that distribute work are to do.
    pub distribute: DistributeOptions,
    /// The selections that were distributed.
    pub distributed: Vec<Distributed>,
    /// What weights are stored as; as they are where it is `None`.
    pub compression: Option<Compression>,
    /// The matrices that were compressed.
    pub compressed: Vec<Compressed>,
    /// The sites that were rewritten.
    pub rewritten: Vec<RewrittenSite>,
    /// The feed-forward layers that were found, by name: plans may name them.
    pub ffn_sites: Vec<String>,
    /// Why candidates for a HiRE rewrite are none.
    pub rejected: Vec<Diagnostic>,
    /// What the passes had to tell, in order.
    pub remarks: Vec<Remark>,
    /// The pass that runs; the pipeline keeps it.
    pub pass: &'static str,
}

impl<'a> PassContext<'a> {
    /// A context without weights or limit.
    pub fn new() -> Self {
        Self::default()
    }

    /// With weights.
    pub fn with_weights(mut self, weights: &'a dyn Weights) -> Self {
        self.weights = Some(weights);
        self
    }

    /// Stopping after `limit` changes over all passes.
    pub fn stop_after(mut self, limit: usize) -> Self {
        self.ledger = Ledger::limited(limit);
        self
    }

    /// Leaves a remark in the name of the running pass.
    pub fn remark(&mut self, diagnostic: Diagnostic) {
        self.remarks.push(Remark { pass: self.pass, diagnostic });
    }
}
