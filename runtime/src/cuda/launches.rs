//! A schedule as a flat sequence of launches and copies.

use hire_artifact::kernels::Kernels;
use hire_artifact::schedule::{Place, Schedule, Step};

use super::error::Error;

/// Launches and copies, in order.
#[derive(Debug)]
pub(super) enum Item {
    /// A kernel: its number, blocks, threads of a block, and where its tensors are.
    Launch { kernel: usize, grid: u32, block: u32, tensors: Vec<Place> },
    /// A copy.
    Copy { from: Place, to: Place, bytes: usize },
}

/// The sequence of a program.
///
/// # Errors
/// When the schedule has steps that the host would have to decide on, or does not fit its kernels.
pub(super) fn sequence(schedule: &Schedule, kernels: &Kernels) -> Result<Vec<Item>, Error> {
    let wrong = |what: String| Error::File { file: "schedule.json", what };
    let names = kernels.kernels.iter().map(|k| &k.symbol);
    if !names.eq(&schedule.kernels) {
        return Err(wrong("its kernels are not those of kernels.json".to_owned()));
    }
    let item = |step: &Step| match step {
        Step::Dispatch { kernel, grid, buffers, .. } => {
            let kernel = *kernel as usize;
            let grid = u32::try_from(*grid).map_err(|_| wrong(format!("{grid} blocks are too many")))?;
            let tensors = buffers.iter().map(|tensor| tensor.place).collect();
            Ok(Item::Launch { kernel, grid, block: kernels.kernels[kernel].block, tensors })
        }
        Step::Copy { from, to, bytes } => {
            Ok(Item::Copy { from: *from, to: *to, bytes: usize::try_from(*bytes).unwrap_or(usize::MAX) })
        }
        Step::While { .. } | Step::Case { .. } | Step::Call(_) => {
            Err(wrong("it holds a step that is no launch and no copy".to_owned()))
        }
    };
    // A launch of no blocks is an error for the driver.
    let runs = |item: &Result<Item, Error>| !matches!(item, Ok(Item::Launch { grid: 0, .. }));
    schedule.steps.iter().map(item).filter(runs).collect()
}

#[cfg(test)]
mod tests {
    use hire_artifact::ElementType;
    use hire_artifact::kernels::{Estimate, KERNELS_VERSION, KernelLaunch};
    use hire_artifact::schedule::{SCHEDULE_VERSION, TensorAt};

    use super::*;

    fn program(steps: Vec<Step>, names: &[&str]) -> (Schedule, Kernels) {
        let schedule = Schedule {
            version: SCHEDULE_VERSION,
            arch: "nvptx64:sm_90".to_owned(),
            cpu_features: Vec::new(),
            arena_bytes: 64,
            constant_bytes: 0,
            kernels: vec!["map_0".to_owned()],
            steps,
        };
        let launch = |name: &&str| KernelLaunch {
            symbol: (*name).to_owned(),
            grid: 3,
            block: 128,
            estimate: Estimate::default(),
        };
        let kernels = names.iter().map(launch).collect();
        (schedule, Kernels { version: KERNELS_VERSION, arch: "sm_90".to_owned(), kernels })
    }

    fn copy() -> Step {
        Step::Copy { from: Place::Arena(0), to: Place::Result(0), bytes: 64 }
    }

    #[test]
    fn branches_and_strange_kernels_are_refused() {
        let tensor = TensorAt { place: Place::Arena(0), dtype: ElementType::F32, shape: vec![4] };
        let (schedule, kernels) = program(vec![copy()], &["map_0"]);
        assert!(matches!(sequence(&schedule, &kernels).unwrap()[..], [Item::Copy { bytes: 64, .. }]));
        let (schedule, kernels) = program(vec![copy()], &["map_1"]);
        assert!(sequence(&schedule, &kernels).unwrap_err().to_string().contains("kernels.json"));
        let branch = Step::Case { index: tensor.place, is_predicate: true, branches: vec![vec![]] };
        let (schedule, kernels) = program(vec![branch], &["map_0"]);
        assert!(sequence(&schedule, &kernels).unwrap_err().to_string().contains("no launch"));
    }
}
