// error: all_gather_c1
func.func @main(%arg0: tensor<2x2xf32>) {
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x2xf32>) -> tensor<2x4xf32>
  return
}

// -----

// error: all_gather_c1
func.func @main(%arg0: tensor<2x2xf32>) {
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = -1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x2xf32>) -> tensor<2x4xf32>
  return
}

// -----

// error: all_gather_c1
func.func @main(%arg0: tensor<2x0xf32>) {
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x0xf32>) -> tensor<2x0xf32>
  return
}

// -----

// error: all_gather_c2
func.func @main(%arg0: tensor<2x2xf32>) {
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 0]]> : tensor<1x2xi64>}> : (tensor<2x2xf32>) -> tensor<2x4xf32>
  return
}

// -----

// error: all_gather_c4
func.func @main(%arg0: tensor<2x2xf32>) {
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 2]]> : tensor<1x2xi64>}> : (tensor<2x2xf32>) -> tensor<2x4xf32>
  return
}

// -----

// error: all_gather_c4
func.func @main(%arg0: tensor<2x2xf32>) {
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, -1]]> : tensor<1x2xi64>}> : (tensor<2x2xf32>) -> tensor<2x4xf32>
  return
}

// -----

// error: all_gather_c5
func.func @main(%arg0: tensor<2x2xf32>) {
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, channel_handle = #stablehlo.channel_handle<handle = -1, type = 0>, use_global_device_ids}> : (tensor<2x2xf32>) -> tensor<2x4xf32>
  return
}

// -----

// error: all_gather_c6
func.func @main(%arg0: tensor<2x2xf32>) {
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x2xf32>) -> tensor<3x4xf32>
  return
}

// -----

// error: all_gather_c6
func.func @main(%arg0: tensor<2x2xf32>) {
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: all_gather_c6
func.func @main(%arg0: tensor<2x2xf32>) {
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x2xf32>) -> tensor<2x4x1xf32>
  return
}

// -----

// error: all_gather_i3
func.func @main(%arg0: tensor<2x2xf32>) {
  %0 = "stablehlo.all_gather"(%arg0) <{all_gather_dim = 1 : i64, replica_groups = dense<[0, 1]> : tensor<2xi64>}> : (tensor<2x2xf32>) -> tensor<2x4xf32>
  return
}

// -----

// error: all_reduce_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[1, 1]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: all_reduce_c3
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[1, 2]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: all_reduce_c4
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, use_global_device_ids}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: all_reduce_c5
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<i32>, %x1: tensor<i32>):
      %1 = stablehlo.add %x0, %x1 : tensor<i32>
      stablehlo.return %1 : tensor<i32>
    }) : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: all_reduce_c6
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

// error: all_reduce_i2
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[0, 1]> : tensor<2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: all_to_all_c1
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.all_to_all"(%arg0) <{split_dimension = 2 : i64, concat_dimension = 0 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x4xf32>) -> tensor<4x2xf32>
  return
}

// -----

// error: all_to_all_c2
func.func @main(%arg0: tensor<2x3xf32>) {
  %0 = "stablehlo.all_to_all"(%arg0) <{split_dimension = 1 : i64, concat_dimension = 0 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x3xf32>) -> tensor<4x2xf32>
  return
}

// -----

// error: all_to_all_c3
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.all_to_all"(%arg0) <{split_dimension = 1 : i64, concat_dimension = -1 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x4xf32>) -> tensor<4x2xf32>
  return
}

// -----

// error: all_to_all_c4
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.all_to_all"(%arg0) <{split_dimension = 1 : i64, concat_dimension = 0 : i64, split_count = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x4xf32>) -> tensor<4x2xf32>
  return
}

// -----

// error: all_to_all_c5
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.all_to_all"(%arg0) <{split_dimension = 1 : i64, concat_dimension = 0 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 0]]> : tensor<1x2xi64>}> : (tensor<2x4xf32>) -> tensor<4x2xf32>
  return
}

// -----

// error: all_to_all_c7
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.all_to_all"(%arg0) <{split_dimension = 1 : i64, concat_dimension = 0 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 3]]> : tensor<1x2xi64>}> : (tensor<2x4xf32>) -> tensor<4x2xf32>
  return
}

// -----

// error: all_to_all_c8
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.all_to_all"(%arg0) <{split_dimension = 1 : i64, concat_dimension = 0 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 1, 2]]> : tensor<1x3xi64>}> : (tensor<2x4xf32>) -> tensor<4x2xf32>
  return
}

// -----

// error: all_to_all_c9
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.all_to_all"(%arg0) <{split_dimension = 1 : i64, concat_dimension = 0 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

// error: collective_broadcast_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.collective_broadcast"(%arg0) <{replica_groups = dense<[[0, 0]]> : tensor<1x2xi64>}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: collective_broadcast_c2
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.collective_broadcast"(%arg0) <{replica_groups = dense<[[0, -2]]> : tensor<1x2xi64>}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: collective_broadcast_c3
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.collective_broadcast"(%arg0) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

// error: collective_permute_i2
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.collective_permute"(%arg0) <{source_target_pairs = dense<[0, 1]> : tensor<2xi64>}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: collective_permute_c1
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.collective_permute"(%arg0) <{source_target_pairs = dense<[[0, 1, 2]]> : tensor<1x3xi64>}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: collective_permute_c2
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.collective_permute"(%arg0) <{source_target_pairs = dense<[[0, 1], [0, 2]]> : tensor<2x2xi64>}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: collective_permute_c3
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.collective_permute"(%arg0) <{source_target_pairs = dense<[[0, 1], [2, 1]]> : tensor<2x2xi64>}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: collective_permute_c4
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.collective_permute"(%arg0) <{source_target_pairs = dense<[[0, -1]]> : tensor<1x2xi64>}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// error: collective_permute_c5
func.func @main(%arg0: tensor<2xf32>) {
  %0 = "stablehlo.collective_permute"(%arg0) <{source_target_pairs = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2xf32>) -> tensor<2xf64>
  return
}

// -----

// error: reduce_scatter_c2
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x4xf32>) -> tensor<2x2xf32>
  return
}

// -----

// error: reduce_scatter_c3
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 0]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x4xf32>) -> tensor<2x2xf32>
  return
}

// -----

// error: reduce_scatter_c5
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 3]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x4xf32>) -> tensor<2x2xf32>
  return
}

// -----

// error: reduce_scatter_c6
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, use_global_device_ids}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x4xf32>) -> tensor<2x2xf32>
  return
}

// -----

// error: reduce_scatter_c7
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<i32>, %x1: tensor<i32>):
      %1 = stablehlo.add %x0, %x1 : tensor<i32>
      stablehlo.return %1 : tensor<i32>
    }) : (tensor<2x4xf32>) -> tensor<2x2xf32>
  return
}

// -----

// error: reduce_scatter_c8
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x4xf32>) -> tensor<3x2xf32>
  return
}

// -----

// error: reduce_scatter_c8
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x4xf32>) -> tensor<2x3xf32>
  return
}

// -----

// error: reduce_scatter_c8
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x4xf32>) -> tensor<2xf32>
  return
}

// -----

// error: reduce_scatter_c8
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x4xf32>) -> tensor<2x0xf32>
  return
}

// -----

// error: reduce_scatter_c9
func.func @main(%arg0: tensor<2x4xf32>) {
  %0 = "stablehlo.reduce_scatter"(%arg0) <{scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
    ^bb0(%x0: tensor<f32>, %x1: tensor<f32>):
      %1 = stablehlo.add %x0, %x1 : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<2x4xf32>) -> tensor<2x2xf64>
  return
}
