//! Compiles for TPUs through libtpu, on a machine that need not have any.

use std::path::{Path, PathBuf};

use hire_artifact::devices::{Devices, Form};
use hire_artifact::manifest::{Ahead, DeviceMemory, EXECUTABLE, SCHEDULED};
use hire_artifact::{Manifest, Target};
use hire_compiler::ir::Module;
use hire_compiler::print;
use hire_passes::Stage;
use hire_passes::context::PassContext;
use hire_passes::hire::ffn::find::find_ffn_sites;
use hire_passes::hire::find::find_logits_sites;
use hire_passes::pipeline;
use hire_passes::signature::Signature;
use hire_runtime::hlo::HloModule;
use hire_runtime::pjrt::{self, AheadExecutable, CompileOptions, OptionValue, Plugin, Topology, packaged_version};
use hire_runtime::tpu::{self, LIBTPU_VERSION, Rates};

use crate::cli::CompileArgs;
use crate::failure::{Failure, Outcome};
use crate::module_file::ModuleFile;
use crate::opt::run_passes;

/// Libtpu, ready to compile for a topology.
pub(super) struct Compiler {
    topology: Topology,
    name: String,
    version: String,
}

/// What libtpu made of a program.
pub(super) struct Compiled {
    /// What the manifest says of it.
    pub ahead: Ahead,
    /// The serialized executable.
    pub executable: Vec<u8>,
    /// The scheduled program.
    pub scheduled: Vec<u8>,
    module: HloModule,
}

impl Compiler {
    /// Finds libtpu where the target is a TPU.
    pub(super) fn find(args: &CompileArgs) -> Outcome<Option<Self>> {
        let Target::Tpu(name) = &args.target else {
            return match (args.shapes_only, &args.libtpu) {
                (true, _) => Err(Failure::with_remedy(
                    format!("--shapes-only compiles for TPUs, not for {}", args.target),
                    "give the weights, or a target such as tpu:v5e:1x1",
                )),
                (false, Some(_)) => Err(Failure::with_remedy(
                    format!("--libtpu is for tpu targets, not for {}", args.target),
                    "leave it out, or give a target such as tpu:v5e:1x1",
                )),
                (false, None) => Ok(None),
            };
        };
        let plugin = Plugin::load_ahead(&libtpu(args.libtpu.as_deref())?).map_err(Failure::new)?;
        let topology = Topology::create(&plugin, name).map_err(Failure::new)?;
        let version = version(&plugin, &topology)?;
        Ok(Some(Compiler { topology, name: name.clone(), version }))
    }

    /// Compiles a program under each of the [`option_sets`], and keeps what the estimate says is shortest.
    pub(super) fn compile(
        &self,
        program: &Module,
        scopes: Vec<String>,
        devices: Option<&Devices>,
    ) -> Outcome<Compiled> {
        let options = print::Options { locations: true, ..print::Options::default() };
        let text = print::print_module(program, &options);
        let bytes_per_cycle = self.streaming_rate()?;
        let mut best: Option<(f64, Scheduled)> = None;
        for overrides in option_sets() {
            let candidate = self.schedule(&text, overrides, devices)?;
            let cycles =
                tpu::estimate(&candidate.module, Rates::streaming(bytes_per_cycle)).map_err(Failure::new)?.cycles;
            if best.as_ref().is_none_or(|(shortest, _)| cycles < *shortest) {
                best = Some((cycles, candidate));
            }
        }
        let (_, Scheduled { executable, scheduled, module, options }) = best.expect("there is a set of options");
        let memory = executable.memory_stats().map_err(Failure::new)?;
        let bytes = |count: i64| u64::try_from(count).unwrap_or(0);
        let ahead = Ahead {
            topology: self.name.clone(),
            compiler: format!("libtpu {}", self.version),
            options: options.into_iter().map(|(name, value)| (name, value.to_string())).collect(),
            executable: EXECUTABLE.to_owned(),
            scheduled: SCHEDULED.to_owned(),
            bytes_per_cycle,
            memory: DeviceMemory {
                arguments: bytes(memory.arguments),
                outputs: bytes(memory.outputs),
                temporary: bytes(memory.temporary),
                generated_code: bytes(memory.generated_code),
                peak: bytes(memory.peak),
            },
            scopes,
        };
        Ok(Compiled { ahead, executable: executable.serialize().map_err(Failure::new)?, scheduled, module })
    }

    fn schedule(
        &self,
        text: &str,
        overrides: Vec<(String, OptionValue)>,
        devices: Option<&Devices>,
    ) -> Outcome<Scheduled> {
        let layout = devices.map_or_else(CompileOptions::default, |devices| match devices.form {
            Form::Replicas => CompileOptions::replicated(devices.count() as usize),
            Form::Partitions => CompileOptions::partitioned(devices.count() as usize),
        });
        let options = CompileOptions { overrides: overrides.clone(), ..layout };
        let executable = self.topology.compile(text.as_bytes(), &options).map_err(Failure::new)?;
        let (_, scheduled) = executable.optimized_program().map_err(Failure::new)?;
        let module = HloModule::read_with_config(&scheduled).map_err(Failure::new)?;
        Ok(Scheduled { executable, scheduled, module, options: overrides })
    }

    fn streaming_rate(&self) -> Outcome<f64> {
        let program = tpu::calibration_program();
        let compiled = self.topology.compile(program.as_bytes(), &CompileOptions::default()).map_err(Failure::new)?;
        let (_, scheduled) = compiled.optimized_program().map_err(Failure::new)?;
        let module = HloModule::read_with_config(&scheduled).map_err(Failure::new)?;
        tpu::streaming_rate(&module).map_err(Failure::new)?.ok_or_else(|| {
            Failure::with_remedy(
                format!("libtpu states no cycles for a plain product on {}", self.name),
                format!("use a topology that libtpu {LIBTPU_VERSION} has a cost model for, such as v5e:1x1"),
            )
        })
    }
}

/// A program under one set of options.
struct Scheduled {
    executable: AheadExecutable,
    scheduled: Vec<u8>,
    module: HloModule,
    options: Vec<(String, OptionValue)>,
}

/// Options of libtpu that are tried: its own; and no prefetch of a weight between programs, which fetches all of a weight
/// even if rows of it are gathered, together with prefetches in one piece, of which each piece has a fixed cost.
fn option_sets() -> Vec<Vec<(String, OptionValue)>> {
    let option = |name: &str, value| (name.to_owned(), OptionValue::Integer(value));
    let no_prefetch = option("xla_max_cross_program_prefetches", 0);
    let whole = option("xla_tpu_sliced_prefetch_max_slices", 1);
    vec![Vec::new(), vec![no_prefetch, whole]]
}

impl Compiled {
    /// Forms that cost what a rewrite was to save.
    pub(super) fn defects(&self, manifest: &Manifest) -> Vec<String> {
        if manifest.sites.is_empty() {
            return Vec::new();
        }
        let found = tpu::defects(&self.module).unwrap_or_default();
        found.iter().map(ToString::to_string).collect()
    }
}

/// The names of the places in a module that could be rewritten, whether or not they are.
pub(super) fn scopes(input: &ModuleFile, is_weight: Option<&dyn Fn(&str) -> bool>) -> Outcome<Vec<String>> {
    let mut module = input.module.clone();
    let cleanup: Vec<_> =
        pipeline::for_target(None).into_iter().filter(|pass| pass.stage_in == Stage::Imported).collect();
    run_passes(input, &mut module, &cleanup, &mut PassContext::new(), |_, _| {})?;
    let Some(entry) = module.entry() else { return Ok(Vec::new()) };
    let signature = Signature::of(&module, &module.funcs[entry], is_weight);
    let layers = find_ffn_sites(&module, &module.funcs[entry], &signature).sites.into_iter().map(|site| site.name);
    let heads = find_logits_sites(&module, &module.funcs[entry], &signature).sites.into_iter().map(|site| site.name);
    Ok(layers.chain(heads).collect())
}

const INSTALL: &str = "run `./x setup tpu`, or install the Python package libtpu";

/// The path of libtpu.
fn libtpu(given: Option<&Path>) -> Outcome<PathBuf> {
    match given {
        Some(path) if path.is_file() => Ok(path.to_owned()),
        Some(path) => Err(Failure::with_remedy(
            format!("{}: no such file, but --libtpu names it", path.display()),
            format!("name libtpu.so; {INSTALL}=={LIBTPU_VERSION} to have it"),
        )),
        None => pjrt::find("tpu").map_err(|error| match error {
            pjrt::Error::NotFound { .. } => Failure::with_remedy(
                "libtpu, which compiles for TPUs, is not installed",
                format!("{INSTALL}=={LIBTPU_VERSION} and name its libtpu.so by --libtpu or HIRE_PJRT_PLUGIN_TPU"),
            ),
            other => Failure::new(other),
        }),
    }
}

/// The version of libtpu, which must be the one that forms and estimates were made for.
fn version(plugin: &Plugin, topology: &Topology) -> Outcome<String> {
    let stated = || topology.platform_version().unwrap_or_default();
    let version = packaged_version(plugin.path()).unwrap_or_else(|| first_version(&stated()));
    if version == LIBTPU_VERSION {
        return Ok(version);
    }
    let shown = if version.is_empty() { "of an unknown version".to_owned() } else { format!("version {version}") };
    Err(Failure::with_remedy(
        format!(
            "{} is {shown}; hire chooses forms and reads schedules of libtpu {LIBTPU_VERSION}",
            plugin.path().display()
        ),
        format!("{INSTALL}=={LIBTPU_VERSION}"),
    ))
}

/// The first word of a text that looks like a version.
fn first_version(text: &str) -> String {
    let is_version = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.');
    text.split_whitespace().find(is_version).unwrap_or_default().to_owned()
}
