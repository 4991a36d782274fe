//! Writing modules in binary form. Text is printed by [`crate::print`].

pub mod bytecode;
