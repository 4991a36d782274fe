//! Any text is read to a module or to errors; a module's text is read back to the same text.
#![no_main]

use hire_compiler::diag::Source;
use hire_compiler::front::text;
use hire_compiler::print::{Form, Options, print_module};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match hire_fuzz::watched(text.len(), hire_fuzz::TEXT, || text::parse(text)) {
        Err(errors) => drop(Source { name: "input", text }.render_all(&errors)),
        Ok(module) => {
            let options = Options { form: Form::Generic, locations: true, ..Options::default() };
            let printed = print_module(&module, &options);
            match text::parse(&printed) {
                Ok(again) => assert_eq!(print_module(&again, &options), printed, "another text"),
                Err(errors) => panic!("{}", Source { name: "printed", text: &printed }.render_all(&errors)),
            }
        }
    }
});
