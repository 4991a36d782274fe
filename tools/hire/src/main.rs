//! The `hire` command: an ahead-of-time compiler for memory-bound decoding.
//!
//! This crate only composes: it reads files, runs the passes of `hire-passes` on the IR of
//! `hire-compiler`, and hands programs to `hire-runtime`. Results go to standard output, everything
//! for people to standard error. Exit codes: 0 success, 1 the input or the environment, 2 usage.

mod bench;
mod calibration;
mod cli;
mod compile;
mod decoder;
mod eval;
mod failure;
mod generate;
mod inspect;
mod mesh;
mod module_file;
mod native;
mod nvptx;
mod opt;
mod output;
mod plan;
mod progress;
mod run;
mod sites;
mod statistics;
mod weights_file;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let progress = progress::Progress::new(cli.quiet);
    let outcome = match cli.command {
        Command::Opt(args) => opt::run(&args, &progress),
        Command::Sites(args) => sites::run(&args, &progress),
        Command::Compile(args) => compile::run(&args, &progress),
        Command::Plan(args) => plan::run(&args, &progress),
        Command::Run(args) => run::run(&args, &progress),
        Command::Eval(args) => eval::run(&args, &progress),
        Command::Generate(args) => generate::run(&args, &progress),
        Command::Inspect(args) => inspect::run(&args, &progress),
        Command::Bench(args) => bench::run(&args, &progress),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            progress.clear();
            eprint!("{failure}");
            ExitCode::from(1)
        }
    }
}
