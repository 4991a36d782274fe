// Programs on a grid of devices.

func.func private @f(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "stablehlo.all_reduce"(%x) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %c = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %c : tensor<i32>
  }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %in2 = stablehlo.constant dense<[100, 200]> : tensor<2xi32>
  %in3 = stablehlo.constant dense<[1000, 2000]> : tensor<2xi32>
  %out:4 = "interpreter.run_parallel"(%in0, %in1, %in2, %in3) {programs = [[@f, @f], [@f, @f]]} : (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<[101, 202]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[1010, 2020]> : tensor<2xi32>
  check.expect_eq_const %out#2, dense<[101, 202]> : tensor<2xi32>
  check.expect_eq_const %out#3, dense<[1010, 2020]> : tensor<2xi32>
  func.return
}

// -----

func.func private @f(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "stablehlo.all_reduce"(%x) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %c = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %c : tensor<i32>
  }) {replica_groups = dense<[[0], [1]]> : tensor<2x1xi64>, channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>} : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %in2 = stablehlo.constant dense<[100, 200]> : tensor<2xi32>
  %in3 = stablehlo.constant dense<[1000, 2000]> : tensor<2xi32>
  %out:4 = "interpreter.run_parallel"(%in0, %in1, %in2, %in3) {programs = [[@f, @f], [@f, @f]]} : (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<[11, 22]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[11, 22]> : tensor<2xi32>
  check.expect_eq_const %out#2, dense<[1100, 2200]> : tensor<2xi32>
  check.expect_eq_const %out#3, dense<[1100, 2200]> : tensor<2xi32>
  func.return
}

// -----

func.func private @f(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "stablehlo.all_reduce"(%x) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %c = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %c : tensor<i32>
  }) {replica_groups = dense<[[0, 3], [1, 2]]> : tensor<2x2xi64>, channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, use_global_device_ids} : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %in2 = stablehlo.constant dense<[100, 200]> : tensor<2xi32>
  %in3 = stablehlo.constant dense<[1000, 2000]> : tensor<2xi32>
  %out:4 = "interpreter.run_parallel"(%in0, %in1, %in2, %in3) {programs = [[@f, @f], [@f, @f]]} : (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<[1001, 2002]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[110, 220]> : tensor<2xi32>
  check.expect_eq_const %out#2, dense<[110, 220]> : tensor<2xi32>
  check.expect_eq_const %out#3, dense<[1001, 2002]> : tensor<2xi32>
  func.return
}

// -----

func.func private @f(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "stablehlo.all_reduce"(%x) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %c = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %c : tensor<i32>
  }) {replica_groups = #stablehlo.replica_group_mesh_axes<mesh = #stablehlo.mesh<axes = [#stablehlo.mesh_axis<name = "x", size = 2>, #stablehlo.mesh_axis<name = "y", size = 2>]>, axes = [#stablehlo.axis_ref<name = "y">]>, channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>} : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %in2 = stablehlo.constant dense<[100, 200]> : tensor<2xi32>
  %in3 = stablehlo.constant dense<[1000, 2000]> : tensor<2xi32>
  %out:4 = "interpreter.run_parallel"(%in0, %in1, %in2, %in3) {programs = [[@f, @f], [@f, @f]]} : (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<[11, 22]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[11, 22]> : tensor<2xi32>
  check.expect_eq_const %out#2, dense<[1100, 2200]> : tensor<2xi32>
  check.expect_eq_const %out#3, dense<[1100, 2200]> : tensor<2xi32>
  func.return
}

// -----

sdy.mesh @grid = <["x"=2, "y"=2], device_ids=[3, 2, 1, 0]>
func.func private @f(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "stablehlo.all_reduce"(%x) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %c = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %c : tensor<i32>
  }) {replica_groups = #stablehlo.replica_group_mesh_axes<mesh = @grid, axes = [#stablehlo.axis_ref<name = "x">]>, channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>} : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %in2 = stablehlo.constant dense<[100, 200]> : tensor<2xi32>
  %in3 = stablehlo.constant dense<[1000, 2000]> : tensor<2xi32>
  %out:4 = "interpreter.run_parallel"(%in0, %in1, %in2, %in3) {programs = [[@f, @f], [@f, @f]]} : (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<[101, 202]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[1010, 2020]> : tensor<2xi32>
  check.expect_eq_const %out#2, dense<[101, 202]> : tensor<2xi32>
  check.expect_eq_const %out#3, dense<[1010, 2020]> : tensor<2xi32>
  func.return
}

// -----

sdy.mesh @line = <["x"=4]>
func.func private @f(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "stablehlo.all_reduce"(%x) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %c = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %c : tensor<i32>
  }) {replica_groups = #stablehlo.replica_group_mesh_axes<mesh = @line, axes = [#stablehlo.axis_ref<name = "x", sub_axis_info = (1)2>]>, channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>} : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %in2 = stablehlo.constant dense<[100, 200]> : tensor<2xi32>
  %in3 = stablehlo.constant dense<[1000, 2000]> : tensor<2xi32>
  %out:4 = "interpreter.run_parallel"(%in0, %in1, %in2, %in3) {programs = [[@f, @f], [@f, @f]]} : (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<[101, 202]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[1010, 2020]> : tensor<2xi32>
  check.expect_eq_const %out#2, dense<[101, 202]> : tensor<2xi32>
  check.expect_eq_const %out#3, dense<[1010, 2020]> : tensor<2xi32>
  func.return
}

// -----

func.func private @f(%x: tensor<2xi32>) -> tensor<4xi32> {
  %0 = "stablehlo.all_gather"(%x) {all_gather_dim = 0 : i64, replica_groups = dense<[[1, 0]]> : tensor<1x2xi64>} : (tensor<2xi32>) -> tensor<4xi32>
  func.return %0 : tensor<4xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %out:2 = "interpreter.run_parallel"(%in0, %in1) {programs = [[@f], [@f]]} : (tensor<2xi32>, tensor<2xi32>) -> (tensor<4xi32>, tensor<4xi32>)
  check.expect_eq_const %out#0, dense<[10, 20, 1, 2]> : tensor<4xi32>
  check.expect_eq_const %out#1, dense<[10, 20, 1, 2]> : tensor<4xi32>
  func.return
}

// -----

func.func private @f(%x: tensor<4xi32>) -> tensor<2xi32> {
  %0 = "stablehlo.reduce_scatter"(%x) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %c = stablehlo.maximum %a, %b : tensor<i32>
    stablehlo.return %c : tensor<i32>
  }) {scatter_dimension = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 8, 3, 6]> : tensor<4xi32>
  %in1 = stablehlo.constant dense<[5, 2, 7, 4]> : tensor<4xi32>
  %out:2 = "interpreter.run_parallel"(%in0, %in1) {programs = [[@f], [@f]]} : (tensor<4xi32>, tensor<4xi32>) -> (tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<[5, 8]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[7, 6]> : tensor<2xi32>
  func.return
}

// -----

func.func private @f(%x: tensor<2x2xi32>) -> tensor<4x1xi32> {
  %0 = "stablehlo.all_to_all"(%x) {split_dimension = 1 : i64, concat_dimension = 0 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<2x2xi32>) -> tensor<4x1xi32>
  func.return %0 : tensor<4x1xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %in1 = stablehlo.constant dense<[[5, 6], [7, 8]]> : tensor<2x2xi32>
  %out:2 = "interpreter.run_parallel"(%in0, %in1) {programs = [[@f], [@f]]} : (tensor<2x2xi32>, tensor<2x2xi32>) -> (tensor<4x1xi32>, tensor<4x1xi32>)
  check.expect_eq_const %out#0, dense<[[1], [3], [5], [7]]> : tensor<4x1xi32>
  check.expect_eq_const %out#1, dense<[[2], [4], [6], [8]]> : tensor<4x1xi32>
  func.return
}

// -----

func.func private @f(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "stablehlo.collective_permute"(%x) {source_target_pairs = dense<[[0, 1], [1, 2], [2, 0]]> : tensor<3x2xi64>} : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %in2 = stablehlo.constant dense<[100, 200]> : tensor<2xi32>
  %in3 = stablehlo.constant dense<[1000, 2000]> : tensor<2xi32>
  %out:4 = "interpreter.run_parallel"(%in0, %in1, %in2, %in3) {programs = [[@f], [@f], [@f], [@f]]} : (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<[100, 200]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[1, 2]> : tensor<2xi32>
  check.expect_eq_const %out#2, dense<[10, 20]> : tensor<2xi32>
  check.expect_eq_const %out#3, dense<0> : tensor<2xi32>
  func.return
}

// -----

func.func private @f(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "stablehlo.collective_broadcast"(%x) {replica_groups = dense<[[2, 1]]> : tensor<1x2xi64>} : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %in2 = stablehlo.constant dense<[100, 200]> : tensor<2xi32>
  %out:3 = "interpreter.run_parallel"(%in0, %in1, %in2) {programs = [[@f], [@f], [@f]]} : (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<0> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[100, 200]> : tensor<2xi32>
  check.expect_eq_const %out#2, dense<[100, 200]> : tensor<2xi32>
  func.return
}

// -----

func.func private @f(%x: tensor<2xi32>) -> tensor<2xi32> {
  %root = stablehlo.constant dense<1> : tensor<1xi32>
  %0 = "stablehlo.collective_broadcast"(%x, %root) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, has_dynamic_root} : (tensor<2xi32>, tensor<1xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %out:2 = "interpreter.run_parallel"(%in0, %in1) {programs = [[@f], [@f]]} : (tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<[10, 20]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[10, 20]> : tensor<2xi32>
  func.return
}

// -----

func.func private @f(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "stablehlo.collective_reduce"(%x) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %c = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %c : tensor<i32>
  }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %out:2 = "interpreter.run_parallel"(%in0, %in1) {programs = [[@f], [@f]]} : (tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<[11, 22]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<0> : tensor<2xi32>
  func.return
}

// -----

func.func private @f() -> (tensor<ui32>, tensor<ui32>) {
  %0 = stablehlo.replica_id : tensor<ui32>
  %1 = stablehlo.partition_id : tensor<ui32>
  func.return %0, %1 : tensor<ui32>, tensor<ui32>
}
func.func @main() {
  %out:4 = "interpreter.run_parallel"() {programs = [[@f, @f]]} : () -> (tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>)
  check.expect_eq_const %out#0, dense<0> : tensor<ui32>
  check.expect_eq_const %out#1, dense<0> : tensor<ui32>
  check.expect_eq_const %out#2, dense<0> : tensor<ui32>
  check.expect_eq_const %out#3, dense<1> : tensor<ui32>
  func.return
}

// -----

func.func private @f(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "stablehlo.cross-replica-sum"(%x) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %out:2 = "interpreter.run_parallel"(%in0, %in1) {programs = [[@f], [@f]]} : (tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<[11, 22]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[11, 22]> : tensor<2xi32>
  func.return
}

// -----

func.func private @f(%x: tensor<2xi32>) -> tensor<4xi32> {
  %0 = "stablehlo.async_start"(%x) ({
  ^bb0(%y: tensor<2xi32>):
    %1 = "stablehlo.all_gather"(%y) {all_gather_dim = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<2xi32>) -> tensor<4xi32>
    stablehlo.return %1 : tensor<4xi32>
  }) : (tensor<2xi32>) -> !stablehlo.future<tensor<4xi32>>
  %2 = "stablehlo.async_done"(%0) : (!stablehlo.future<tensor<4xi32>>) -> tensor<4xi32>
  func.return %2 : tensor<4xi32>
}
func.func @main() {
  %in0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %in1 = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %out:2 = "interpreter.run_parallel"(%in0, %in1) {programs = [[@f], [@f]]} : (tensor<2xi32>, tensor<2xi32>) -> (tensor<4xi32>, tensor<4xi32>)
  check.expect_eq_const %out#0, dense<[1, 2, 10, 20]> : tensor<4xi32>
  check.expect_eq_const %out#1, dense<[1, 2, 10, 20]> : tensor<4xi32>
  func.return
}

// -----

func.func private @sender(%x: tensor<2xi32>) -> tensor<2xi32> {
  %token = stablehlo.after_all : !stablehlo.token
  %0 = "stablehlo.send"(%x, %token) {channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>} : (tensor<2xi32>, !stablehlo.token) -> !stablehlo.token
  func.return %x : tensor<2xi32>
}
func.func private @receiver(%x: tensor<2xi32>) -> tensor<2xi32> {
  %token = stablehlo.after_all : !stablehlo.token
  %0, %1 = "stablehlo.recv"(%token) {channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>} : (!stablehlo.token) -> (tensor<2xi32>, !stablehlo.token)
  %2 = stablehlo.add %0, %x : tensor<2xi32>
  func.return %2 : tensor<2xi32>
}
func.func @main() {
  %a = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %b = stablehlo.constant dense<[10, 20]> : tensor<2xi32>
  %out:2 = "interpreter.run_parallel"(%a, %b) {programs = [[@receiver], [@sender]]} : (tensor<2xi32>, tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi32>)
  check.expect_eq_const %out#0, dense<[11, 22]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[10, 20]> : tensor<2xi32>
  func.return
}

// -----

func.func private @first() -> tensor<2xi32> {
  %0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func private @second() -> tensor<2xi32> {
  %0 = stablehlo.constant dense<[3, 4]> : tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
func.func private @f(%token: !stablehlo.token) -> (tensor<2xi32>, tensor<2xi32>, !stablehlo.token) {
  %a, %t = "stablehlo.infeed"(%token) {infeed_config = "", layout = [[0]]} : (!stablehlo.token) -> (tensor<2xi32>, !stablehlo.token)
  %b, %u = "stablehlo.infeed"(%t) {infeed_config = "", layout = [[0]]} : (!stablehlo.token) -> (tensor<2xi32>, !stablehlo.token)
  %v = "stablehlo.outfeed"(%b, %u) {outfeed_config = ""} : (tensor<2xi32>, !stablehlo.token) -> !stablehlo.token
  func.return %a, %b, %v : tensor<2xi32>, tensor<2xi32>, !stablehlo.token
}
func.func @main() {
  %token = stablehlo.after_all : !stablehlo.token
  %out:3 = "interpreter.run_parallel"(%token) {infeed = [@first, @second], programs = [[@f]]} : (!stablehlo.token) -> (tensor<2xi32>, tensor<2xi32>, !stablehlo.token)
  check.expect_eq_const %out#0, dense<[1, 2]> : tensor<2xi32>
  check.expect_eq_const %out#1, dense<[3, 4]> : tensor<2xi32>
  func.return
}
