//! Any module, however odd, is verified without harm; what passes is printed and passes again.
#![no_main]

use hire_compiler::diag::Source;
use hire_compiler::front::text;
use hire_compiler::print::{Options, print_module};
use hire_compiler::valid::verify;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some(module) = std::str::from_utf8(data).ok().and_then(|text| text::parse(text).ok()) else { return };
    if hire_fuzz::watched(data.len(), hire_fuzz::TEXT, || verify(&module).is_err()) {
        return;
    }
    let printed = print_module(&module, &Options::default());
    let again = text::parse(&printed).and_then(|again| verify(&again).map(|_| ()));
    if let Err(errors) = again {
        panic!("{}", Source { name: "printed", text: &printed }.render_all(&errors));
    }
});
