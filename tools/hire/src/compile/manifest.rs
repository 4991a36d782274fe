//! The manifest of a compiled program.

use std::collections::BTreeMap;
use std::path::Path;

use hire_artifact::manifest::{
    BytesPerStep, FORMAT, Head, MODEL, ModelId, PROGRAM, ProgramFile, Site, SiteBytes, VERSION, WEIGHTS, WeightsFile,
};
use hire_artifact::{Argument, ArgumentRole, ElementType, Interface, Manifest, ResultRole, ResultValue, Target};
use hire_compiler::ir::{Attr, Func, Module, TensorType};
use hire_passes::hire::RewrittenSite;
use hire_passes::hire::plan::{Guarantee, Plan};
use hire_passes::hire::prepare::NAME_ATTR;
use hire_passes::signature::{Role, Signature};

use crate::failure::{Failure, Outcome};

/// Arguments and results of the program's entry.
pub(crate) fn interface(program: &Module, signature: &Signature) -> Outcome<Interface> {
    let entry = program.entry().expect("the program's signature was read from it");
    let func = &program.funcs[entry];
    let mut arguments = Vec::new();
    for argument in &signature.arguments {
        let (dtype, shape) = buffer_type(&argument.name, argument.ty.as_ref())?;
        let (role, alias_result) = match argument.role {
            Role::Parameter => (ArgumentRole::Parameter, None),
            Role::State { result } => (ArgumentRole::State, Some(result)),
            Role::Input => (ArgumentRole::Input, None),
        };
        arguments.push(Argument { name: argument.name.to_string(), role, dtype, shape, alias_result });
    }
    let mut results = Vec::new();
    for (index, ty) in func.ty.results.iter().enumerate() {
        let state = arguments.iter().find(|a| a.alias_result == Some(index));
        let name = state.map_or_else(|| result_name(func, index), |s| s.name.clone());
        let role = if state.is_some() { ResultRole::State } else { ResultRole::Output };
        let (dtype, shape) = buffer_type(&name, ty.as_tensor())?;
        results.push(ResultValue { name, role, dtype, shape });
    }
    Ok(Interface { arguments, results })
}

/// What a pass or JAX calls a result (`result[0]`), or `resultN`.
fn result_name(func: &Func, index: usize) -> String {
    let attr = |name: &str| func.result_attrs.get(index).and_then(|a| a.get(name)).and_then(Attr::as_str);
    match attr(NAME_ATTR).or_else(|| attr("jax.result_info")) {
        Some(info) if !info.is_empty() => info.to_owned(),
        _ => format!("result{index}"),
    }
}

/// Element type and shape of a buffer.
pub(crate) fn buffer_type(name: &str, ty: Option<&TensorType>) -> Outcome<(ElementType, Vec<u64>)> {
    let refuse = |what: &str| {
        Failure::with_remedy(
            format!("`{name}` is {what}, which cannot be an argument or result of a compiled program"),
            "export the model with static shapes and plain tensors",
        )
    };
    let ty = ty.ok_or_else(|| refuse("no tensor"))?;
    let sizes = ty.sizes().ok_or_else(|| refuse(&format!("of dynamic type {ty}")))?;
    let text = ty.element.to_string();
    let dtype = ElementType::all().find(|e| e.name() == text).ok_or_else(|| refuse(&format!("of type {ty}")))?;
    Ok((dtype, sizes.to_vec()))
}

/// What the manifest says of a model besides its interface.
pub(crate) struct Described<'a> {
    /// The target.
    pub target: &'a Target,
    /// The module's file.
    pub file: &'a Path,
    /// The digest of module and weights.
    pub fingerprint: String,
    /// The sites.
    pub sites: &'a [RewrittenSite],
    /// The plan that they were rewritten by.
    pub plan: Option<&'a Plan>,
    /// Bytes that a step reads, and that it would read without rewrites.
    pub bytes: (u64, u64),
}

/// The manifest.
pub(crate) fn manifest(described: Described<'_>, interface: Interface) -> Manifest {
    let (total, dense_total) = described.bytes;
    let has_parameters = interface.arguments.iter().any(|a| a.role == ArgumentRole::Parameter);
    let model = described.file.parent().unwrap_or(Path::new(".")).join(MODEL);
    let text = std::fs::read(&model).ok().and_then(|t| serde_json::from_slice::<serde_json::Value>(&t).ok());
    let field = |key: &str| text.as_ref().and_then(|d| d.get(key)).cloned();
    let stem = described.file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let name = field("name").and_then(|n| n.as_str().map(str::to_owned)).unwrap_or(stem);
    let head = field("head").and_then(|h| {
        Some(Head { kind: h.get("kind")?.as_str()?.to_owned(), k: h.get("k").and_then(serde_json::Value::as_u64) })
    });
    Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        producer: format!("hire {}", env!("CARGO_PKG_VERSION")),
        target: described.target.clone(),
        model: ModelId { name, fingerprint: described.fingerprint },
        program: ProgramFile { file: PROGRAM.to_owned(), entry: "main".to_owned() },
        weights: has_parameters.then(|| WeightsFile { file: WEIGHTS.to_owned() }),
        arguments: interface.arguments,
        results: interface.results,
        bytes_per_step: BytesPerStep { total, dense_total },
        sites: described.sites.iter().map(|s| site(s, described.plan)).collect(),
        devices: None,
        ahead: None,
        head,
        files: BTreeMap::new(),
    }
}

/// `exact`, or the recall that the plan was measured to have, while it is the plan that was measured; where that was not
/// with its selection in two stages, times what this is expected to find of an exact one's, which is less than it finds of
/// the entries with the highest scores.
fn guarantee(site: &RewrittenSite, plan: Option<&Plan>) -> String {
    if site.plan.guarantee == Guarantee::Exact {
        return Guarantee::Exact.to_string();
    }
    let measured = plan.and_then(|plan| plan.measured.get(&site.name));
    match measured.filter(|m| m.bytes == site.predicted_bytes) {
        Some(measured) if measured.two_stage == site.plan.two_stage => format!("recall:{}", measured.recall),
        Some(measured) => format!("recall:{}", measured.recall * site.plan.select_recall(site.vocabulary)),
        None => "recall:unmeasured".to_owned(),
    }
}

fn site(site: &RewrittenSite, plan: Option<&Plan>) -> Site {
    Site {
        name: site.name.clone(),
        predictor: site.plan.predictor.to_string(),
        k: site.k,
        k_prime: site.plan.k_prime,
        group: site.plan.group,
        guarantee: guarantee(site, plan),
        shapes: BTreeMap::from([
            ("weight".to_owned(), vec![site.vocabulary, site.d]),
            ("hidden".to_owned(), vec![site.rows, site.d]),
        ]),
        bytes: SiteBytes { dense: site.dense_bytes, predicted: site.predicted_bytes },
    }
}
