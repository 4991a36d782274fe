//! What the text parser says about texts that are wrong.
//!
//! Each file of `parse_errors/` holds cases separated by `// -----`; the first line of a case names
//! it. Every case must fail, and what is said about it is one snapshot a file.

use hire_compiler::diag::Source;
use hire_compiler::front::text;

#[test]
fn every_case_is_refused_with_the_message_of_its_snapshot() {
    insta::glob!("parse_errors/*.mlir", |path| {
        let file = std::fs::read_to_string(path).expect("the case file is readable");
        let mut report = String::new();
        for (_, case) in text::split(&file) {
            let (head, body) = case.split_once('\n').expect("a case has a name and a text");
            let name = head.strip_prefix("// ").expect("the first line of a case is its name");
            let errors = text::parse(body).expect_err(name);
            let source = Source { name: "input.mlir", text: body };
            report.push_str(&format!("### {name}\n{}", source.render_all(&errors)));
        }
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(report);
        });
    });
}
