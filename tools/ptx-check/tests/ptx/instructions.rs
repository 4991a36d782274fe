//! Single instructions, against what the PTX manual says and what Rust computes.

use hire_ptx_check::{Argument, Buffer, Launch, Module, Order, run};

/// What `code` leaves in `%o` for these values in `%a`, `%b` and `%c`.
fn computed(code: &str, a: u64, b: u64, c: u64) -> u64 {
    let text = format!(
        ".version 8.6\n.target sm_100\n.address_size 64\n.visible .entry k(.param .u64 o, .param .u64 pa, .param .u64 pb, .param .u64 pc)\n{{\n\
         .reg .b64 %o, %a, %b, %c, %to;\n.reg .b32 %x, %y;\n.reg .pred %p;\nld.param.u64 %to, [o];\nld.param.u64 %a, [pa];\n\
         ld.param.u64 %b, [pb];\nld.param.u64 %c, [pc];\n{code}\nst.global.u64 [%to], %o;\nret;\n}}"
    );
    let module = Module::parse(&text).unwrap_or_else(|e| panic!("{code}: {e}"));
    let arguments = vec![Argument::Buffer(0, 0), Argument::Value(a), Argument::Value(b), Argument::Value(c)];
    let launch = Launch { kernel: "k".to_owned(), grid: [1; 3], block: [1; 3], arguments };
    let outcome = run(&module, &launch, &[Buffer::Result(8)], Order::Forward).unwrap_or_else(|e| panic!("{code}: {e}"));
    u64::from_le_bytes(outcome.buffers[0][..].try_into().unwrap())
}

fn f(x: f32) -> u64 {
    u64::from(x.to_bits())
}

#[test]
fn integers() {
    let minus = |n: i64| n as u64 & 0xFFFF_FFFF;
    for (code, [a, b, c], want) in [
        ("add.s32 %o, %a, %b;", [0xFFFF_FFFF, 2, 0], 1),
        ("sub.s32 %o, %a, %b;", [1, 2, 0], minus(-1)),
        ("mul.lo.s32 %o, %a, %b;", [0x1_0001, 0x1_0001, 0], 0x2_0001),
        ("mul.hi.u32 %o, %a, %b;", [0x8000_0000, 6, 0], 3),
        ("mul.wide.s32 %o, %a, %b;", [minus(-3), 5, 0], (-15i64) as u64),
        ("mul.wide.u32 %o, %a, %b;", [minus(-1), 2, 0], 0x1_FFFF_FFFE),
        ("mad.lo.s32 %o, %a, %b, %c;", [7, 6, 5], 47),
        ("mad.wide.u32 %o, %a, %b, %c;", [minus(-1), 1, 1], 0x1_0000_0000),
        ("div.s32 %o, %a, %b;", [minus(-7), 2, 0], minus(-3)),
        ("rem.s32 %o, %a, %b;", [minus(-7), 2, 0], minus(-1)),
        ("div.u32 %o, %a, %b;", [minus(-2), 2, 0], 0x7FFF_FFFF),
        ("min.s32 %o, %a, %b;", [minus(-7), 2, 0], minus(-7)),
        ("max.u32 %o, %a, %b;", [minus(-7), 2, 0], minus(-7)),
        ("abs.s32 %o, %a;", [minus(-7), 0, 0], 7),
        ("neg.s32 %o, %a;", [7, 0, 0], minus(-7)),
        ("shl.b32 %o, %a, %b;", [3, 33, 0], 0),
        ("shr.s32 %o, %a, %b;", [minus(-8), 99, 0], minus(-1)),
        ("shr.u32 %o, %a, %b;", [minus(-8), 28, 0], 15),
        ("not.b32 %o, %a;", [0, 0, 0], minus(-1)),
        ("popc.b64 %o, %a;", [u64::MAX, 0, 0], 64),
        ("clz.b32 %o, %a;", [1, 0, 0], 31),
        ("brev.b32 %o, %a;", [1, 0, 0], 1 << 31),
        ("bfe.u32 %o, %a, %b, %c;", [0xABCD, 4, 8], 0xBC),
        ("bfe.s32 %o, %a, %b, %c;", [0xABCD, 4, 8], minus(0xFFFF_FFBC)),
        ("bfi.b32 %o, %a, %b, 8, 8;", [0x12, 0xFFFF_FFFF, 0], 0xFFFF_12FF),
        ("prmt.b32 %o, %a, %b, 0x7610U;", [0x3322_1100, 0x7766_5544, 0], 0x7766_1100),
        ("prmt.b32 %o, %a, %b, 0x8880U;", [0x80, 0, 0], 0xFFFF_FF80),
        ("shf.l.wrap.b32 %o, %a, %b, 8;", [0xAB00_0000, 0x12, 0], 0x12AB),
        ("shf.r.wrap.b32 %o, %a, %b, 8;", [0xAB00, 0x12, 0], 0x1200_00AB),
        ("lop3.b32 %o, %a, %b, %c, 0x96;", [0b1100, 0b1010, 0b1111], 0b1001),
        ("cvt.s64.s32 %o, %a;", [minus(-2), 0, 0], (-2i64) as u64),
        ("cvt.u64.u32 %o, %a;", [minus(-2), 0, 0], minus(-2)),
        ("cvt.u32.u8 %o, %a;", [0x1FE, 0, 0], 0xFE),
        ("cvt.sat.s8.s32 %x, %a; cvt.u64.u32 %o, %x; and.b64 %o, %o, 255;", [300, 0, 0], 127),
        ("setp.lt.s32 %p, %a, %b; selp.b64 %o, 1, 2, %p;", [minus(-1), 0, 0], 1),
        ("setp.lt.u32 %p, %a, %b; selp.b64 %o, 1, 2, %p;", [minus(-1), 0, 0], 2),
        ("mov.b64 {%x, %y}, %a; mov.b64 %o, {%y, %x};", [0x1_0000_0002, 0, 0], 0x2_0000_0001),
        ("setp.eq.b32 %p, %a, %b; mov.b64 %o, 1; @!%p mov.b64 %o, 2;", [3, 3, 0], 1),
    ] {
        assert_eq!(computed(code, a, b, c), want, "{code} of {a:#x}, {b:#x}, {c:#x}");
    }
}

#[test]
fn floats() {
    let third = 1.0f32 / 3.0;
    for (code, [a, b, c], want) in [
        ("add.rn.f32 %o, %a, %b;", [f(third), f(1e-9), 0], f(third + 1e-9)),
        ("mul.rn.f32 %o, %a, %b;", [f(third), f(1e-40), 0], f(third * 1e-40)),
        ("mul.rn.ftz.f32 %o, %a, %b;", [f(third), f(1e-40), 0], 0),
        ("div.rn.f32 %o, %a, %b;", [f(2.0), f(3.0), 0], f(2.0 / 3.0)),
        ("fma.rn.f32 %o, %a, %b, %c;", [f(third), f(3.0), f(-1.0)], f(third.mul_add(3.0, -1.0))),
        ("sqrt.rn.f32 %o, %a;", [f(2.0), 0, 0], f(2f32.sqrt())),
        ("max.f32 %o, %a, %b;", [f(f32::NAN), f(3.0), 0], f(3.0)),
        ("max.NaN.f32 %o, %a, %b;", [f(f32::NAN), f(3.0), 0], f(f32::NAN)),
        ("min.f32 %o, %a, %b;", [f(0.0), f(-0.0), 0], f(-0.0)),
        ("max.f32 %o, %a, %b;", [f(-0.0), f(0.0), 0], f(0.0)),
        ("neg.f32 %o, %a;", [f(0.0), 0, 0], f(-0.0)),
        ("copysign.f32 %o, %a, %b;", [f(-1.0), f(3.0), 0], f(-3.0)),
        ("setp.neu.f32 %p, %a, %b; selp.b64 %o, 1, 2, %p;", [f(f32::NAN), f(1.0), 0], 1),
        ("setp.ne.f32 %p, %a, %b; selp.b64 %o, 1, 2, %p;", [f(f32::NAN), f(1.0), 0], 2),
        ("setp.nan.f32 %p, %a, %b; selp.b64 %o, 1, 2, %p;", [f(f32::NAN), f(1.0), 0], 1),
        ("cvt.rzi.s32.f32 %o, %a;", [f(-2.7), 0, 0], 0xFFFF_FFFE),
        ("cvt.rzi.s32.f32 %o, %a;", [f(1e20), 0, 0], 0x7FFF_FFFF),
        ("cvt.rzi.s32.f32 %o, %a;", [f(f32::NAN), 0, 0], 0),
        ("cvt.rni.f32.f32 %o, %a;", [f(2.5), 0, 0], f(2.0)),
        ("cvt.rn.f32.s32 %o, %a;", [16_777_217, 0, 0], f(16_777_216.0)),
        ("cvt.rn.f32.s64 %o, %a;", [(1 << 53) + 1, 0, 0], f(9_007_199_254_740_992.0)),
        ("cvt.f64.f32 %o, %a;", [f(third), 0, 0], f64::from(third).to_bits()),
        ("cvt.rn.f32.f64 %o, %a;", [0.1f64.to_bits(), 0, 0], f(0.1)),
        ("add.rn.f64 %o, %a, %b;", [0.1f64.to_bits(), 0.2f64.to_bits(), 0], (0.1f64 + 0.2).to_bits()),
        // A tie but for the last of the bits that are dropped.
        ("cvt.rn.bf16.f32 %o, %a;", [0x3F80_8001, 0, 0], 0x3F81),
        ("cvt.rn.bf16.f32 %o, %a;", [0x3F80_8000, 0, 0], 0x3F80),
        ("cvt.rn.f16.f32 %o, %a;", [f(65520.0), 0, 0], 0x7C00),
        ("cvt.f32.bf16 %o, %a;", [0x3F81, 0, 0], 0x3F81_0000),
        ("cvt.rn.bf16x2.f32 %o, %a, %b;", [f(1.0), f(2.0), 0], 0x3F80_4000),
        ("fma.rn.f32x2 %o, %a, %b, %c;", [f(2.0) | f(3.0) << 32, f(5.0) | f(7.0) << 32, 0], f(10.0) | f(21.0) << 32),
        ("ex2.approx.ftz.f32 %o, %a;", [f(10.0), 0, 0], f(1024.0)),
    ] {
        let have = computed(code, a, b, c);
        let both_nan = f32::from_bits(want as u32).is_nan() && f32::from_bits(have as u32).is_nan();
        assert!(have == want || (code.contains("NaN") && both_nan), "{code}: {have:#x}, not {want:#x}");
    }
}

#[test]
fn shuffles_follow_the_manual() {
    let modes =
        [("bfly", 5, 31), ("down", 3, 31), ("up", 3, 0), ("idx", 7, 31), ("down", 1, 0x1C1F), ("up", 1, 0x1C00)];
    for (mode, by, clamp) in modes {
        let text = format!(
            ".version 7.8\n.target sm_90\n.address_size 64\n.visible .entry k(.param .u64 o)\n{{\n.reg .b64 %to, %at;\n.reg .b32 %x;\n\
             .reg .pred %p;\nld.param.u64 %to, [o];\nmov.u32 %x, %tid.x;\nmul.wide.u32 %at, %x, 4;\nadd.s64 %to, %to, %at;\n\
             shfl.sync.{mode}.b32 %x|%p, %x, {by}, {clamp}, -1;\n@!%p or.b32 %x, %x, 256;\nst.global.u32 [%to], %x;\nret;\n}}"
        );
        let module = Module::parse(&text).unwrap();
        let launch =
            Launch { kernel: "k".to_owned(), grid: [1; 3], block: [32, 1, 1], arguments: vec![Argument::Buffer(0, 0)] };
        let outcome = run(&module, &launch, &[Buffer::Result(128)], Order::Reverse).unwrap();
        let have: Vec<u32> =
            outcome.buffers[0].chunks_exact(4).map(|b| u32::from_le_bytes(b.try_into().unwrap())).collect();
        // The segment of the last two has 4 lanes.
        let width = if clamp > 31 { 4 } else { 32 };
        let want = |lane: u32| {
            let (first, last) = (lane / width * width, lane / width * width + width - 1);
            let from = match mode {
                "bfly" => lane ^ by,
                "down" => lane + by,
                "up" => lane.wrapping_sub(by),
                _ => by,
            };
            if (first..=last).contains(&from) { from } else { lane | 256 }
        };
        assert_eq!(have, (0..32).map(want).collect::<Vec<_>>(), "{mode} {by} {clamp:#x}");
    }
}
