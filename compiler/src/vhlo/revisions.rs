//! Which revision of an operation belongs to which version, and what its attributes are.
//!
//! `vhlo.NAME_vN` is revision N of `stablehlo.NAME`. Most operations have had one revision since
//! 0.9.0; [`EVOLVED`] lists the others.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fields;
use super::version::Version;
use crate::ir::{AttrKind, Opcode};

/// The `vhlo` names that are not those of a StableHLO operation.
pub(crate) const FUNC: &str = "func_v1";
/// A call, which becomes `func.call`.
pub(crate) const CALL: &str = "call_v1";
/// The end of a region, which becomes `func.return` or `stablehlo.return`.
pub(crate) const RETURN: &str = "return_v1";

/// The attributes of `vhlo.func_v1`, in the order of their names.
pub(crate) const FUNC_FIELDS: &[&str] = &["arg_attrs", "function_type", "res_attrs", "sym_name", "sym_visibility"];

/// When the first revision appeared, and when the second.
type History = (Opcode, Version, Option<Version>);

/// The operations that are younger than 0.9.0 or have changed since.
const EVOLVED: &[History] = &[
    (Opcode::CollectiveBroadcast, Version::new(0, 16), Some(Version::new(1, 20))),
    (Opcode::Composite, Version::new(0, 19), Some(Version::new(1, 14))),
    (Opcode::DynamicConv, Version::MINIMUM, Some(Version::new(0, 20))),
    (Opcode::Gather, Version::MINIMUM, Some(Version::new(1, 1))),
    (Opcode::DynamicGather, Version::MINIMUM, Some(Version::new(1, 1))),
    (Opcode::Scatter, Version::MINIMUM, Some(Version::new(1, 1))),
    (Opcode::AllGather, Version::MINIMUM, Some(Version::new(1, 5))),
    (Opcode::AllReduce, Version::MINIMUM, Some(Version::new(1, 5))),
    (Opcode::AllToAll, Version::MINIMUM, Some(Version::new(1, 5))),
    (Opcode::DotGeneral, Version::MINIMUM, Some(Version::new(1, 6))),
    (Opcode::Exponential, Version::MINIMUM, Some(Version::new(1, 9))),
    (Opcode::Cbrt, Version::MINIMUM, Some(Version::new(1, 10))),
    (Opcode::Cosine, Version::MINIMUM, Some(Version::new(1, 10))),
    (Opcode::ExponentialMinusOne, Version::MINIMUM, Some(Version::new(1, 10))),
    (Opcode::Log, Version::MINIMUM, Some(Version::new(1, 10))),
    (Opcode::LogPlusOne, Version::MINIMUM, Some(Version::new(1, 10))),
    (Opcode::Logistic, Version::MINIMUM, Some(Version::new(1, 10))),
    (Opcode::Rsqrt, Version::MINIMUM, Some(Version::new(1, 10))),
    (Opcode::Sine, Version::MINIMUM, Some(Version::new(1, 10))),
    (Opcode::Sqrt, Version::MINIMUM, Some(Version::new(1, 10))),
    (Opcode::Tan, Version::new(1, 4), Some(Version::new(1, 10))),
    (Opcode::Tanh, Version::MINIMUM, Some(Version::new(1, 10))),
    (Opcode::Recv, Version::MINIMUM, Some(Version::new(1, 12))),
    (Opcode::Send, Version::MINIMUM, Some(Version::new(1, 12))),
    (Opcode::AsyncStart, Version::new(1, 15), None),
    (Opcode::AsyncDone, Version::new(1, 15), None),
    (Opcode::CustomCall, Version::MINIMUM, Some(Version::new(1, 18))),
    (Opcode::CollectiveReduce, Version::new(1, 19), None),
];

fn history(opcode: Opcode) -> History {
    let listed = EVOLVED.iter().find(|(op, ..)| *op == opcode).copied();
    listed.unwrap_or((opcode, Version::MINIMUM, None))
}

/// A revision of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Revision {
    /// The operation.
    pub(crate) opcode: Opcode,
    /// 1 or 2.
    pub(crate) number: u8,
}

static BY_NAME: LazyLock<HashMap<String, Revision>> = LazyLock::new(|| {
    let stablehlo = Opcode::ALL.iter().filter(|op| op.info().dialect() == "stablehlo" && **op != Opcode::Return);
    let mut names: HashMap<String, Revision> = stablehlo
        .flat_map(|&opcode| {
            let last = if history(opcode).2.is_some() { 2 } else { 1 };
            (1..=last).map(move |number| Revision { opcode, number })
        })
        .map(|revision| (revision.name(), revision))
        .collect();
    names.insert(CALL.to_owned(), Revision { opcode: Opcode::Call, number: 1 });
    names.insert(RETURN.to_owned(), Revision { opcode: Opcode::Return, number: 1 });
    names
});

impl Revision {
    /// The revision that `vhlo.NAME` names; [`Opcode::Return`] for both kinds of return.
    pub(crate) fn from_name(name: &str) -> Option<Revision> {
        BY_NAME.get(name).copied()
    }

    /// The revision that an artifact of this version uses, or the version that introduced the
    /// operation when that is later.
    pub(crate) fn at(opcode: Opcode, version: Version) -> Result<Revision, Version> {
        let (_, first, second) = history(opcode);
        if !version.reaches(first) {
            return Err(first);
        }
        let number = if second.is_some_and(|since| version.reaches(since)) { 2 } else { 1 };
        Ok(Revision { opcode, number })
    }

    /// The version that introduced the second revision.
    pub(crate) fn second(opcode: Opcode) -> Option<Version> {
        history(opcode).2
    }

    /// The name after `vhlo.`.
    pub(crate) fn name(self) -> String {
        match self.opcode {
            Opcode::FuncReturn => RETURN.to_owned(),
            opcode => format!("{}_v{}", opcode.info().mnemonic(), self.number),
        }
    }

    /// The names of its attributes, sorted: the order in which bytecode stores them.
    pub(crate) fn fields(self) -> Vec<&'static str> {
        if self.opcode == Opcode::Call {
            return vec!["callee"];
        }
        let mut names: Vec<&'static str> = self
            .opcode
            .info()
            .attributes
            .iter()
            .flat_map(|spec| fields::names(self.opcode, spec).iter().copied())
            .filter(|name| self.number >= first_revision_with(self.opcode, name))
            .collect();
        if self == (Revision { opcode: Opcode::DynamicConv, number: 1 }) {
            names.push("padding");
        }
        names.sort_unstable();
        names
    }
}

/// The revision that gained an attribute.
fn first_revision_with(opcode: Opcode, field: &str) -> u8 {
    let second = match opcode {
        Opcode::Gather | Opcode::DynamicGather => {
            matches!(field, "operand_batching_dims" | "start_indices_batching_dims")
        }
        Opcode::Scatter => matches!(field, "input_batching_dims" | "scatter_indices_batching_dims"),
        Opcode::DotGeneral => fields::DOT_ALGORITHM.contains(&field),
        Opcode::Send | Opcode::Recv => field == "source_target_pairs",
        Opcode::CustomCall => field == "result_tilings",
        Opcode::CollectiveBroadcast => field == "has_dynamic_root",
        _ => opcode.info().attribute(field).is_some_and(|spec| spec.kind == AttrKind::ResultAccuracy),
    };
    if second { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_revisions() {
        for (name, revision) in BY_NAME.iter() {
            assert_eq!(revision.name(), *name);
        }
        assert_eq!(Revision::from_name("gather_v3"), None);
        assert_eq!(Revision::from_name("add_v2"), None);
        assert_eq!(Revision::from_name("cross-replica-sum_v1").map(|r| r.opcode), Some(Opcode::CrossReplicaSum));
    }

    #[test]
    fn the_version_decides_the_revision() {
        let at = |opcode, minor| Revision::at(opcode, Version::new(1, minor)).map(|r| r.number);
        assert_eq!(at(Opcode::Gather, 0), Ok(1));
        assert_eq!(at(Opcode::Gather, 1), Ok(2));
        assert_eq!(at(Opcode::Tan, 3), Err(Version::new(1, 4)));
        assert_eq!(at(Opcode::CollectiveReduce, 20), Ok(1));
    }

    #[test]
    fn fields_are_those_of_the_revision() {
        let fields = |opcode, number| Revision { opcode, number }.fields().join(" ");
        assert_eq!(
            fields(Opcode::Gather, 1),
            "collapsed_slice_dims index_vector_dim indices_are_sorted offset_dims slice_sizes start_index_map"
        );
        assert_eq!(fields(Opcode::Recv, 1), "channel_id channel_type is_host_transfer");
        assert_eq!(fields(Opcode::Cosine, 1), "");
        assert_eq!(fields(Opcode::Cosine, 2), "result_accuracy");
        assert!(fields(Opcode::DynamicConv, 1).contains(" padding "));
        assert!(!fields(Opcode::DynamicConv, 2).contains("padding"));
    }
}
