// Constants of every element type and in every form.

func.func @scalars() {
  %0 = stablehlo.constant dense<true> : tensor<i1>
  %1 = stablehlo.constant dense<-2> : tensor<i2>
  %2 = stablehlo.constant dense<-8> : tensor<i4>
  %3 = stablehlo.constant dense<-128> : tensor<i8>
  %4 = stablehlo.constant dense<-32768> : tensor<i16>
  %5 = stablehlo.constant dense<-2147483648> : tensor<i32>
  %6 = stablehlo.constant dense<-9223372036854775808> : tensor<i64>
  %7 = stablehlo.constant dense<3> : tensor<ui2>
  %8 = stablehlo.constant dense<15> : tensor<ui4>
  %9 = stablehlo.constant dense<255> : tensor<ui8>
  %10 = stablehlo.constant dense<65535> : tensor<ui16>
  %11 = stablehlo.constant dense<4294967295> : tensor<ui32>
  %12 = stablehlo.constant dense<18446744073709551615> : tensor<ui64>
  %13 = stablehlo.constant dense<1.500000e+00> : tensor<f4E2M1FN>
  %14 = stablehlo.constant dense<7.500000e+00> : tensor<f6E2M3FN>
  %15 = stablehlo.constant dense<2.800000e+01> : tensor<f6E3M2FN>
  %16 = stablehlo.constant dense<1.550000e+01> : tensor<f8E3M4>
  %17 = stablehlo.constant dense<2.400000e+02> : tensor<f8E4M3>
  %18 = stablehlo.constant dense<0x7F> : tensor<f8E4M3FN>
  %19 = stablehlo.constant dense<0x80> : tensor<f8E4M3FNUZ>
  %20 = stablehlo.constant dense<3.000000e+01> : tensor<f8E4M3B11FNUZ>
  %21 = stablehlo.constant dense<0x7C> : tensor<f8E5M2>
  %22 = stablehlo.constant dense<5.734400e+04> : tensor<f8E5M2FNUZ>
  %23 = stablehlo.constant dense<5.877470e-39> : tensor<f8E8M0FNU>
  %24 = stablehlo.constant dense<0xFF80> : tensor<bf16>
  %25 = stablehlo.constant dense<9.997550e-02> : tensor<f16>
  %26 = stablehlo.constant dense<0.333333343> : tensor<f32>
  %27 = stablehlo.constant dense<0x4CEB79A3> : tensor<f32>
  %28 = stablehlo.constant dense<0.33333333333333331> : tensor<f64>
  %29 = stablehlo.constant dense<(1.000000e+00,-0.000000e+00)> : tensor<complex<f32>>
  %30 = stablehlo.constant dense<(0x7FF8000000000000,1.7976931348623157E+308)> : tensor<complex<f64>>
  return
}

func.func @tensors() {
  %0 = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %1 = stablehlo.constant dense<[[[true], [false]], [[false], [true]]]> : tensor<2x2x1xi1>
  %2 = stablehlo.constant dense<[0x7F800000, 0xFFC00000, 1.000000e+00, 3.40282347E+38]> : tensor<4xf32>
  %3 = stablehlo.constant dense<[(1.000000e+00,2.000000e+00), (3.000000e+00,4.000000e+00)]> : tensor<2xcomplex<f64>>
  %4 = stablehlo.constant dense<> : tensor<0x3xf32>
  %5 = stablehlo.constant dense<1.000000e+00> : tensor<3x0xf32>
  %6 = stablehlo.constant dense<7> : tensor<100x100xi64>
  %7 = stablehlo.constant dense<"0x000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F6061626364"> : tensor<101xi8>
  %8 = stablehlo.constant dense_resource<weights> : tensor<2xf32>
  %9 = stablehlo.constant {mhlo.note} dense<[-1, 255]> : tensor<2xi64>
  return
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803F00000040"
    }
  }
#-}
