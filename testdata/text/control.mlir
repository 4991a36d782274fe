// Control flow, calls and composites.

module @control attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%limit: tensor<i32> {jax.arg_info = "limit"}, %p: tensor<i1>) -> (tensor<i32> {jax.result_info = "result[0]"}, tensor<i32>) {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<1> : tensor<i32>
    %0:2 = stablehlo.while(%i = %c, %sum = %c) : tensor<i32>, tensor<i32> attributes {mhlo.note = "loop"}
    cond {
      %4 = stablehlo.compare LT, %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %4 : tensor<i1>
    } do {
      %4 = stablehlo.add %i, %c_0 : tensor<i32>
      %5 = func.call @twice(%sum) : (tensor<i32>) -> tensor<i32>
      stablehlo.return %4, %5 : tensor<i32>, tensor<i32>
    }
    %1 = "stablehlo.if"(%p) ({
      stablehlo.return %0#0 : tensor<i32>
    }, {
      stablehlo.return %0#1 : tensor<i32>
    }) : (tensor<i1>) -> tensor<i32>
    %2 = "stablehlo.case"(%1) ({
      stablehlo.return %c : tensor<i32>
    }, {
      stablehlo.return %c_0 : tensor<i32>
    }, {
      %4 = stablehlo.negate %1 : tensor<i32>
      stablehlo.return %4 : tensor<i32>
    }) : (tensor<i32>) -> tensor<i32>
    %3 = call @twice(%2) {mhlo.note} : (tensor<i32>) -> tensor<i32>
    return %2, %3 : tensor<i32>, tensor<i32>
  }

  func.func private @twice(%x: tensor<i32>) -> tensor<i32> {
    %0 = stablehlo.composite "hire.twice" %x {composite_attributes = {factor = 2 : i64}, decomposition = @twice.impl, version = 3 : i32} : (tensor<i32>) -> tensor<i32>
    %1 = stablehlo.composite "hire.twice" %x {decomposition = @twice.impl} : (tensor<i32>) -> tensor<i32>
    %2 = stablehlo.composite "hire.with_body" %x ({
    ^bb0(%a: tensor<i32>):
      stablehlo.return %a : tensor<i32>
    }) {decomposition = @twice.impl} : (tensor<i32>) -> tensor<i32>
    return %0 : tensor<i32>
  }

  func.func private @twice.impl(%x: tensor<i32>) -> tensor<i32> {
    %0 = stablehlo.add %x, %x : tensor<i32>
    return %0 : tensor<i32>
  }

  func.func nested @"name in quotes"() attributes {no_inline} {
    stablehlo.while()
    cond {
      %c = stablehlo.constant dense<false> : tensor<i1>
      stablehlo.return %c : tensor<i1>
    } do {
      stablehlo.return
    }
    %0 = builtin.unrealized_conversion_cast to tensor<f32>
    %1 = builtin.unrealized_conversion_cast %0 : tensor<f32> to tensor<1xf32> {mhlo.note}
    return
  }

  func.func private @declared(tensor<?xf32> {mhlo.layout_mode = "default"}, tensor<2xi8>) -> (tensor<f32>, tensor<i1> {mhlo.sharding = "{replicated}"})
}
