//! Texts that are refused, and faults that no compiler makes by itself.

use hire_ptx_check::{Argument, Buffer, Launch, Module, check};

fn refused(body: &str) -> String {
    let text = format!(".version 7.8\n.target sm_90\n.address_size 64\n{body}");
    Module::parse(&text).map(|_| ()).unwrap_err().to_string()
}

fn kernel(body: &str) -> String {
    format!(".visible .entry k(.param .u64 p)\n{{\n.reg .b32 %r<4>;\n.reg .b64 %rd<4>;\n.reg .pred %p<2>;\n{body}\n}}")
}

#[test]
fn unknown_text_is_refused_with_its_line() {
    assert_eq!(refused(&kernel("wgmma.fence;\nret;")), "line 9: `wgmma.fence`: the instruction is unknown");
    assert_eq!(
        refused(&kernel("add.cc.s32 %r1, %r2, %r3;\nret;")),
        "line 9: `add.cc.s32`: the modifier `.cc` is unknown"
    );
    assert_eq!(refused(&kernel("bra $nowhere;")), "line 9: `bra`: there is no label `$nowhere`");
    assert_eq!(refused(&kernel("mov.b32 %r9, 1;\nret;")), "line 9: `mov.b32`: `%r9` is no register");
    assert_eq!(refused(".extern .func sinf;"), "line 4: something outside of the module is declared");
    assert_eq!(refused("\u{e9}"), "line 4: `\u{e9}` is no PTX");
    assert!(refused(&kernel("mov.b32 %r1, 1;")).contains("does not end"));
    assert!(refused(&kernel("ret")).contains("missing"));
    assert!(refused(".visible .entry k(.param .u64 p)\n{\n.shared .b8 s[4000000000];\nret;\n}").contains("too large"));
    assert!(refused(".visible .entry k(.param .u64 p)\n{\n.reg .b32 %r<99999999>;\nret;\n}").contains("too many"));
}

/// Every text that is cut off somewhere is refused or read, and nothing else.
#[test]
fn cut_texts_do_not_panic() {
    let text = crate::gemv::PTX;
    for end in (0..text.len()).step_by(7) {
        drop(Module::parse(&text[..end]));
    }
}

fn fault(body: &str, threads: u32, buffer: Buffer) -> String {
    let text = format!(".version 7.8\n.target sm_90\n.address_size 64\n{}", kernel(body));
    let module = Module::parse(&text).unwrap_or_else(|e| panic!("{e}"));
    let arguments = vec![Argument::Buffer(0, 0)];
    let launch = Launch { kernel: "k".to_owned(), grid: [1, 1, 1], block: [threads, 1, 1], arguments };
    check(&module, &launch, &[buffer]).unwrap_err().to_string()
}

#[test]
fn faults_say_where() {
    let load = "ld.param.u64 %rd1, [p];\n";
    assert_eq!(
        fault(&format!("{load}ld.global.u32 %r1, [%rd1];\nret;"), 1, Buffer::Result(4)),
        "k: line 10: block 0, thread 0: memory at 0x1000000000 (global) is read and was never written"
    );
    assert_eq!(
        fault(&format!("{load}st.global.u32 [%rd1], 1;\nret;"), 1, Buffer::Input(vec![0; 4])),
        "k: line 10: block 0, thread 0: byte 0 of buffer 0 is written, which is an input"
    );
    let nc = format!("{load}ld.global.nc.u32 %r1, [%rd1];\nst.global.u32 [%rd1], %r1;\nret;");
    assert!(fault(&nc, 1, Buffer::State(vec![0; 4])).contains("read as constant data and written"));
    let shared = format!("{load}ld.shared.u32 %r1, [%rd1];\nret;");
    assert!(fault(&shared, 1, Buffer::State(vec![0; 4])).contains("outside of every buffer (shared)"));
    // What lies behind the buffer may be read along, and must not show in a result.
    let beyond = format!("{load}ld.global.v4.u32 {{%r1, %r2, %r3, _}}, [%rd1];\nst.global.u32 [%rd1], %r3;\nret;");
    assert!(fault(&beyond, 1, Buffer::State(vec![0; 4])).contains("differ between orders"));
    let outside = format!("{load}ld.global.u32 %r1, [%rd1+4];\nret;");
    assert!(fault(&outside, 1, Buffer::State(vec![0; 4])).contains("outside of every buffer (global)"));
    let endless = "$again:\nbra $again;\nret;";
    assert!(fault(endless, 1, Buffer::State(vec![])).contains("did not end"));
    assert!(fault("trap;", 1, Buffer::State(vec![])).contains("gave up"));
    let own = format!("{load}mov.u32 %r1, %tid.x;\nst.global.u32 [%rd1], %r1;\nret;");
    assert!(fault(&own, 2, Buffer::Result(4)).contains("by another thread or block"));
    assert!(fault("ret;", 2000, Buffer::State(vec![])).contains("2000 threads"));
}
