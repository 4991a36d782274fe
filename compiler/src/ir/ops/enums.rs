//! The enumerations that attributes draw from.

macro_rules! enums {
    ($($(#[$doc:meta])* $variant:ident $dialect:literal $name:literal [$($case:literal)*])*) => {
        /// An enumeration of StableHLO or CHLO.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EnumKind {
            $($(#[$doc])* $variant,)*
        }

        impl EnumKind {
            /// Every enumeration.
            pub const ALL: &'static [EnumKind] = &[$(EnumKind::$variant,)*];

            /// The dialect that prints it, as in `#stablehlo<comparison_direction LT>`.
            pub fn dialect(self) -> &'static str {
                match self { $(EnumKind::$variant => $dialect,)* }
            }

            /// The mnemonic, as in `comparison_direction`.
            pub fn mnemonic(self) -> &'static str {
                match self { $(EnumKind::$variant => $name,)* }
            }

            /// The cases, in the order of their numbers.
            pub fn cases(self) -> &'static [&'static str] {
                match self { $(EnumKind::$variant => &[$($case),*],)* }
            }
        }
    };
}

enums! {
    /// How `compare` compares.
    ComparisonDirection "stablehlo" "comparison_direction" ["EQ" "NE" "GE" "GT" "LE" "LT"]
    /// In what order `compare` compares.
    ComparisonType "stablehlo" "comparison_type" ["NOTYPE" "FLOAT" "TOTALORDER" "SIGNED" "UNSIGNED"]
    /// How precisely a product is computed.
    Precision "stablehlo" "precision" ["DEFAULT" "HIGH" "HIGHEST"]
    /// The kind of Fourier transform.
    FftType "stablehlo" "fft_type" ["FFT" "IFFT" "RFFT" "IRFFT"]
    /// What `triangular_solve` does to its matrix.
    Transpose "stablehlo" "transpose" ["TRANSPOSE_INVALID" "NO_TRANSPOSE" "TRANSPOSE" "ADJOINT"]
    /// The distribution of `rng`.
    RngDistribution "stablehlo" "rng_distribution" ["" "UNIFORM" "NORMAL"]
    /// The generator of `rng_bit_generator`.
    RngAlgorithm "stablehlo" "rng_algorithm" ["DEFAULT" "THREE_FRY" "PHILOX"]
    /// How `chlo.broadcast_compare` compares.
    ChloComparisonDirection "chlo" "comparison_direction" ["EQ" "NE" "GE" "GT" "LE" "LT"]
    /// In what order `chlo.broadcast_compare` compares.
    ChloComparisonType "chlo" "comparison_type" ["NOTYPE" "FLOAT" "TOTALORDER" "SIGNED" "UNSIGNED"]
    /// How precisely `chlo.ragged_dot` is computed.
    ChloPrecision "chlo" "precision" ["DEFAULT" "HIGH" "HIGHEST"]
}

impl EnumKind {
    /// The case of this spelling.
    pub fn case(self, text: &str) -> Option<&'static str> {
        self.cases().iter().copied().find(|c| *c == text && !c.is_empty())
    }

    /// The enumeration that `#dialect<mnemonic CASE>` names.
    pub fn from_mnemonic(dialect: &str, mnemonic: &str) -> Option<EnumKind> {
        EnumKind::ALL.iter().copied().find(|k| k.dialect() == dialect && k.mnemonic() == mnemonic)
    }
}
