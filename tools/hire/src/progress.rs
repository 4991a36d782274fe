//! Progress of long work, on standard error.
//!
//! Silent with `--quiet`, and when standard error is no terminal.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Shows what is being done.
pub(crate) struct Progress {
    bar: ProgressBar,
    quiet: bool,
}

impl Progress {
    /// A progress display, hidden when `quiet` or when nobody watches.
    pub(crate) fn new(quiet: bool) -> Self {
        let bar =
            if quiet || !std::io::stderr().is_terminal() { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
        bar.set_style(style.expect("the template is fixed and valid"));
        Self { bar, quiet }
    }

    /// Says what is being done now.
    pub(crate) fn step(&self, what: impl Into<String>) {
        self.bar.set_message(what.into());
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }

    /// Shows a counter of `total` units from here on.
    pub(crate) fn count(&self, total: u64) {
        let style = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta}");
        self.bar.set_style(style.expect("the template is fixed and valid"));
        self.bar.set_length(total);
        self.bar.set_position(0);
    }

    /// One more unit is done.
    pub(crate) fn advance(&self) {
        self.bar.inc(1);
    }

    /// A remark for people, on its own line; silent with `--quiet`.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            self.bar.suspend(|| eprint!("{text}"));
        }
    }

    /// Removes the display.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
