//! The `hire` command.

fn main() {}
