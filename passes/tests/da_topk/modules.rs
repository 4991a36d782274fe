//! Programs that select from a sharded dimension.

use hire_compiler::eval::Tensor;

use super::harness::Random;

/// What selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    TopK,
    ArgMax,
    Sort,
    Approximate,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [Kind::TopK, Kind::ArgMax, Kind::Sort, Kind::Approximate];
}

/// How the program says that the dimension is sharded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// By `sdy.sharding` on the argument.
    Automatic,
    /// By `all_gather` in a manual computation.
    Gathered,
    /// By `sdy.sharding` over two axes.
    TwoAxes,
    /// By two gathers, one after the other.
    TwoGathers,
}

/// What the entries are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entries {
    Random,
    /// Few different numbers, so that many are equal.
    Ties,
    /// The largest all on the last shard.
    OneShard,
    Equal,
    Increasing,
    Decreasing,
    /// NaN of both signs, infinities and zeros of both signs among few numbers.
    Special,
    /// NaN with the sign set throughout: the last of the total order.
    LastInOrder,
    MinusInfinity,
}

impl Entries {
    pub(crate) const ADVERSARIAL: [Entries; 8] = [
        Entries::Ties,
        Entries::OneShard,
        Entries::Equal,
        Entries::Increasing,
        Entries::Decreasing,
        Entries::Special,
        Entries::LastInOrder,
        Entries::MinusInfinity,
    ];

    fn make(self, n: u64, shard: u64, random: &mut Random) -> Vec<f32> {
        let special = [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -0.0, 1.0, -1.0, f32::MIN_POSITIVE];
        let entry = |i: u64, random: &mut Random| match self {
            Entries::Random => random.unit(),
            Entries::Ties => random.below(4) as f32,
            Entries::OneShard => random.unit() + if i + shard >= n { 10.0 } else { 0.0 },
            Entries::Equal => 0.5,
            Entries::Increasing => i as f32,
            Entries::Decreasing => -(i as f32),
            Entries::Special => special[random.below(special.len() as u64) as usize],
            Entries::LastInOrder => f32::from_bits(u32::MAX),
            Entries::MinusInfinity => f32::NEG_INFINITY,
        };
        (0..n).map(|i| entry(i, random)).collect()
    }
}

/// A program and its size.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) style: Style,
    pub(crate) devices: u64,
    pub(crate) entries: Entries,
    pub(crate) rows: u64,
    /// Entries of a shard.
    pub(crate) shard: u64,
    pub(crate) k: u64,
    /// Entries that the last shard lacks.
    pub(crate) uneven: u64,
}

const ARGMAX: &str = r#"
  %iota = stablehlo.iota dim = 1 : tensor<RxNxi32>
  %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %s:2 = stablehlo.reduce(%z init: %low), (%iota init: %zero) across dimensions = [1] : (tensor<RxNxf32>, tensor<RxNxi32>, tensor<f32>, tensor<i32>) -> (tensor<Rxf32>, tensor<Rxi32>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%i: tensor<i32>, %j: tensor<i32>) {
    %gt = stablehlo.compare GT, %a, %b, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %nan = stablehlo.compare NE, %a, %a, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %first = stablehlo.or %gt, %nan : tensor<i1>
    %eq = stablehlo.compare EQ, %a, %b, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %lower = stablehlo.compare LT, %i, %j, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %tie = stablehlo.and %eq, %lower : tensor<i1>
    %take = stablehlo.or %first, %tie : tensor<i1>
    %v = stablehlo.select %first, %a, %b : tensor<i1>, tensor<f32>
    %p = stablehlo.select %take, %i, %j : tensor<i1>, tensor<i32>
    stablehlo.return %v, %p : tensor<f32>, tensor<i32>
  }
"#;

const SORT: &str = r#"
  %iota = stablehlo.iota dim = 1 : tensor<RxNxi32>
  %all:2 = "stablehlo.sort"(%z, %iota) <{dimension = 1 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>):
    %gt = stablehlo.compare GT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %gt : tensor<i1>
  }) : (tensor<RxNxf32>, tensor<RxNxi32>) -> (tensor<RxNxf32>, tensor<RxNxi32>)
  %s0 = stablehlo.slice %all#0 [0:R, 0:K] : (tensor<RxNxf32>) -> tensor<RxKxf32>
  %s1 = stablehlo.slice %all#1 [0:R, 0:K] : (tensor<RxNxi32>) -> tensor<RxKxi32>
"#;

const TOP_K: &str = r#"
  %s:2 = chlo.top_k(%z, k = K) : tensor<RxNxf32> -> (tensor<RxKxf32>, tensor<RxKxi32>)
"#;

/// Half of the orders that comparators of `ApproxTopK` give: without an order for NaN.
const APPROXIMATE: &str = r#"
  %iota = stablehlo.iota dim = 1 : tensor<RxNxi32>
  %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %none = stablehlo.constant dense<-1> : tensor<i32>
  %s:2 = stablehlo.custom_call @ApproxTopK(%z, %iota, %low, %none) {called_computations = [@greater], mhlo.backend_config = {aggregate_to_topk = true, is_fallback = true, recall_target = 0.95 : f32, reduction_dim = 1 : i64, reduction_input_size_override = -1 : i64, top_k = K : i64}} : (tensor<RxNxf32>, tensor<RxNxi32>, tensor<f32>, tensor<i32>) -> (tensor<RxKxf32>, tensor<RxKxi32>)
"#;

const GREATER: &str = r#"
func.func private @greater(%a: tensor<f32>, %b: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>) -> tensor<i1> {
  %0 = stablehlo.compare GT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
  return %0 : tensor<i1>
}
"#;

impl Case {
    pub(crate) fn random(number: u64, random: &mut Random) -> Self {
        let styles = [Style::Automatic, Style::Gathered, Style::TwoAxes, Style::TwoGathers];
        let style = styles[(number / 20 % 4) as usize];
        let two = matches!(style, Style::TwoAxes | Style::TwoGathers);
        let devices = if two { [4, 6, 8][random.below(3) as usize] } else { super::DEVICES[(number % 5) as usize] };
        let kind = Kind::ALL[(number / 5 % 4) as usize];
        let shard = 4 + random.below(40);
        let entries = [Entries::Random, Entries::Ties, Entries::Special][random.below(3) as usize];
        let may_pad = style == Style::Automatic && matches!(kind, Kind::TopK | Kind::ArgMax);
        let uneven = if may_pad { random.below(devices.min(3)) } else { 0 };
        let n = shard * devices - uneven;
        let k = 1 + random.below(n.min(12) - 1);
        Self { kind, style, devices, entries, rows: 1 + random.below(3), shard, k, uneven }
    }

    fn n(&self) -> u64 {
        self.shard * self.devices - self.uneven
    }

    pub(crate) fn inputs(&self, random: &mut Random) -> Vec<Tensor> {
        let numbers: Vec<f32> = (0..self.rows).flat_map(|_| self.entries.make(self.n(), self.shard, random)).collect();
        vec![Tensor::f32s(&[self.rows, self.n()], &numbers).expect("as many numbers as entries")]
    }

    fn selection(&self) -> (String, &'static str, &'static str) {
        let (text, names) = match self.kind {
            Kind::TopK => (TOP_K, "%s#0, %s#1"),
            Kind::ArgMax => (ARGMAX, "%s#0, %s#1"),
            Kind::Sort => (SORT, "%s0, %s1"),
            Kind::Approximate => (APPROXIMATE, "%s#0, %s#1"),
        };
        let types =
            if self.kind == Kind::ArgMax { "tensor<Rxf32>, tensor<Rxi32>" } else { "tensor<RxKxf32>, tensor<RxKxi32>" };
        (text.to_owned(), names, types)
    }

    /// The axes of the mesh, the major one first.
    fn axes(&self) -> Vec<(&'static str, u64)> {
        match self.style {
            Style::TwoAxes | Style::TwoGathers => vec![("x", 2), ("y", self.devices / 2)],
            _ => vec![("x", self.devices)],
        }
    }

    pub(crate) fn text(&self) -> String {
        let (selection, names, types) = self.selection();
        let axes = self.axes();
        let mesh: Vec<String> = axes.iter().map(|(name, size)| format!("\"{name}\"={size}")).collect();
        let over: Vec<String> = axes.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let sharding = format!("<@mesh, [{{}}, {{{}}}]>", over.join(", "));
        let manual = matches!(self.style, Style::Gathered | Style::TwoGathers);
        let body = if manual {
            let out = if self.kind == Kind::ArgMax { "<@mesh, [{}]>" } else { "<@mesh, [{}, {}]>" };
            format!(
                "  %m:2 = sdy.manual_computation(%arg) in_shardings=[{sharding}] out_shardings=[{out}, {out}] manual_axes={{{}}} (%part: tensor<RxSxf32>) {{\n{}{selection}  sdy.return {names} : {types}\n  }} : (tensor<RxNxf32>) -> ({types})\n  return %m#0, %m#1 : {types}\n",
                over.join(", "),
                self.gathers(),
            )
        } else {
            format!("  %z = stablehlo.tanh %arg : tensor<RxNxf32>\n{selection}  return {names} : {types}\n")
        };
        let text = format!(
            "sdy.mesh @mesh = <[{}]>\nfunc.func public @main(%arg: tensor<RxNxf32> {{sdy.sharding = #sdy.sharding{sharding}}}) -> ({types}) {{\n{body}}}\n{}",
            mesh.join(", "),
            if self.kind == Kind::Approximate { GREATER } else { "" }
        );
        text.replace("xSx", &format!("x{}x", self.shard))
            .replace("xNx", &format!("x{}x", self.n()))
            .replace("xKx", &format!("x{}x", self.k))
            .replace("<Rx", &format!("<{}x", self.rows))
            .replace("0:R,", &format!("0:{},", self.rows))
            .replace("0:K]", &format!("0:{}]", self.k))
            .replace("k = K", &format!("k = {}", self.k))
    }

    /// From the shard to all entries, with steps that work on each entry alone between.
    fn gathers(&self) -> String {
        let gather = |from: &str, to: &str, (s, t): (u64, u64), groups: Vec<Vec<u64>>| {
            let (rows, size) = (groups.len(), groups[0].len());
            format!(
                "  {to} = \"stablehlo.all_gather\"({from}) <{{all_gather_dim = 1 : i64, channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<{groups:?}> : tensor<{rows}x{size}xi64>, use_global_device_ids}}> : (tensor<Rx{s}xf32>) -> tensor<Rx{t}xf32>\n"
            )
        };
        let n = self.n();
        let steps = "  %half = stablehlo.constant dense<5.0e-01> : tensor<RxNxf32>\n  %y = stablehlo.multiply %g, %half : tensor<RxNxf32>\n  %z = stablehlo.tanh %y : tensor<RxNxf32>\n";
        if self.style == Style::Gathered {
            return gather("%part", "%g", (self.shard, n), vec![(0..self.devices).collect()]) + steps;
        }
        let inner = self.devices / 2;
        let rows = (0..2).map(|x| (x * inner..(x + 1) * inner).collect()).collect();
        let columns = (0..inner).map(|y| vec![y, y + inner]).collect();
        gather("%part", "%g0", (self.shard, self.shard * inner), rows)
            + &gather("%g0", "%g", (self.shard * inner, n), columns)
            + steps
    }
}
