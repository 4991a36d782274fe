// Control flow, calls, tokens, tuples.

func.func @if_runs_one_branch() {
  %yes = stablehlo.constant dense<true> : tensor<i1>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %two = stablehlo.constant dense<2> : tensor<i32>
  %result = "stablehlo.if"(%yes) ({
    stablehlo.return %one : tensor<i32>
  }, {
    %sum = stablehlo.add %one, %two : tensor<i32>
    stablehlo.return %sum : tensor<i32>
  }) : (tensor<i1>) -> tensor<i32>
  check.expect_eq_const %result, dense<1> : tensor<i32>
  func.return
}

// -----

func.func @case_outside_runs_the_last_branch() {
  %index = stablehlo.constant dense<-7> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %two = stablehlo.constant dense<2> : tensor<i32>
  %result = "stablehlo.case"(%index) ({
    stablehlo.return %one : tensor<i32>
  }, {
    stablehlo.return %two : tensor<i32>
  }) : (tensor<i32>) -> tensor<i32>
  check.expect_eq_const %result, dense<2> : tensor<i32>
  func.return
}

// -----

func.func @while_updates_in_place_what_nobody_else_sees() {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %five = stablehlo.constant dense<5> : tensor<i32>
  %start = stablehlo.constant dense<0> : tensor<5xi32>
  %count, %filled = stablehlo.while(%i = %zero, %buffer = %start) : tensor<i32>, tensor<5xi32>
    cond {
      %more = stablehlo.compare LT, %i, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %more : tensor<i1>
    } do {
      %next = stablehlo.add %i, %one : tensor<i32>
      %square = stablehlo.multiply %next, %next : tensor<i32>
      %update = stablehlo.reshape %square : (tensor<i32>) -> tensor<1xi32>
      %written = stablehlo.dynamic_update_slice %buffer, %update, %i : (tensor<5xi32>, tensor<1xi32>, tensor<i32>) -> tensor<5xi32>
      stablehlo.return %next, %written : tensor<i32>, tensor<5xi32>
    }
  check.expect_eq_const %count, dense<5> : tensor<i32>
  check.expect_eq_const %filled, dense<[1, 4, 9, 16, 25]> : tensor<5xi32>
  check.expect_eq_const %start, dense<0> : tensor<5xi32>
  func.return
}

// -----

func.func private @factorial(%n: tensor<i64>) -> tensor<i64> {
  %one = stablehlo.constant dense<1> : tensor<i64>
  %ends = stablehlo.compare LE, %n, %one : (tensor<i64>, tensor<i64>) -> tensor<i1>
  %result = "stablehlo.if"(%ends) ({
    stablehlo.return %one : tensor<i64>
  }, {
    %less = stablehlo.subtract %n, %one : tensor<i64>
    %rest = func.call @factorial(%less) : (tensor<i64>) -> tensor<i64>
    %product = stablehlo.multiply %n, %rest : tensor<i64>
    stablehlo.return %product : tensor<i64>
  }) : (tensor<i1>) -> tensor<i64>
  func.return %result : tensor<i64>
}
func.func @main() {
  %n = stablehlo.constant dense<10> : tensor<i64>
  %result = func.call @factorial(%n) : (tensor<i64>) -> tensor<i64>
  check.expect_eq_const %result, dense<3628800> : tensor<i64>
  func.return
}

// -----

func.func private @decomposition(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = stablehlo.multiply %x, %x : tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
func.func @main() {
  %x = stablehlo.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %result = stablehlo.composite "example.square" %x {decomposition = @decomposition} : (tensor<2xf32>) -> tensor<2xf32>
  check.expect_eq_const %result, dense<[4.0, 9.0]> : tensor<2xf32>
  func.return
}

// -----

func.func @tuples_and_tokens() {
  %x = stablehlo.constant dense<1> : tensor<i32>
  %y = stablehlo.constant dense<2.0> : tensor<f32>
  %pair = stablehlo.tuple %x, %y : tuple<tensor<i32>, tensor<f32>>
  %second = stablehlo.get_tuple_element %pair[1] : (tuple<tensor<i32>, tensor<f32>>) -> tensor<f32>
  %a = stablehlo.create_token : !stablehlo.token
  %b = stablehlo.after_all %a : !stablehlo.token
  %p, %q = stablehlo.optimization_barrier %x, %y : tensor<i32>, tensor<f32>
  %c = builtin.unrealized_conversion_cast %p : tensor<i32> to tensor<i32>
  check.expect_eq_const %second, dense<2.0> : tensor<f32>
  check.expect_eq_const %c, dense<1> : tensor<i32>
  check.expect_eq %q, %y : tensor<f32>
  func.return
}

// -----

sdy.mesh @mesh = <["x"=1]>
func.func @shardings_change_no_value() {
  %x = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %a = stablehlo.custom_call @Sharding(%x) {mhlo.sharding = "{replicated}"} : (tensor<2xf32>) -> tensor<2xf32>
  %b = stablehlo.custom_call @annotate_device_placement(%a) {has_side_effect = true} : (tensor<2xf32>) -> tensor<2xf32>
  %c = sdy.sharding_constraint %b <@mesh, [{}]> : tensor<2xf32>
  %d = sdy.reshard %c <@mesh, [{}]> : tensor<2xf32>
  %e = sdy.propagation_barrier %d allowed_direction = NONE : tensor<2xf32>
  %f = sdy.data_flow_edge %e : tensor<2xf32>
  %g = sdy.func_data_flow_edge %f : tensor<2xf32>
  sdy.sharding_group %g group_id = 3 : tensor<2xf32>
  %h = sdy.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %i = sdy.named_computation<"double">(%g) (%arg: tensor<2xf32>) {
    %sum = stablehlo.add %arg, %arg : tensor<2xf32>
    sdy.return %sum : tensor<2xf32>
  } : (tensor<2xf32>) -> tensor<2xf32>
  check.expect_eq %g, %h : tensor<2xf32>
  check.expect_eq_const %i, dense<[2.0, 4.0]> : tensor<2xf32>
  func.return
}

// -----

func.func @probes_keep_what_they_see() {
  %one = stablehlo.constant dense<1> : tensor<i32>
  %two = stablehlo.constant dense<2> : tensor<i32>
  %a = interpreter.probe %one, probe_id = "p" : tensor<i32>
  %b = interpreter.probe %two, probe_id = "p" : tensor<i32>
  interpreter.print %b : tensor<i32>
  check.expect_serialized_eq %one, probe_id = "p", iter = 1 : tensor<i32>
  check.expect_serialized_eq %two, probe_id = "p", iter = 2 : tensor<i32>
  func.return
}

// -----

func.func @assertions_hold() {
  %yes = stablehlo.constant dense<true> : tensor<i1>
  %size = stablehlo.constant dense<4> : tensor<i32>
  stablehlo.custom_call @shape_assertion(%yes, %size) {error_message = "size {0} is too small", has_side_effect = true} : (tensor<i1>, tensor<i32>) -> ()
  %x = stablehlo.constant dense<[0.5, -0.25]> : tensor<2xf64>
  %erf = stablehlo.custom_call @mhlo.erf(%x) : (tensor<2xf64>) -> tensor<2xf64>
  %same = chlo.erf %x : tensor<2xf64> -> tensor<2xf64>
  %equal = stablehlo.custom_call @check.eq(%erf, %same) : (tensor<2xf64>, tensor<2xf64>) -> tensor<i1>
  check.expect_eq_const %equal, dense<true> : tensor<i1>
  stablehlo.custom_call @check.expect_close(%erf, %same) {has_side_effect = true} : (tensor<2xf64>, tensor<2xf64>) -> ()
  func.return
}
