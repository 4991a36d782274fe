//! The exponentially scaled modified Bessel function of order one, by Chebyshev series of S. Moshier,
//! "Methods and Programs for Mathematical Functions" (1989).

use hire_compiler::ir::ValueId;

use super::math::Math;

/// `e^-|x| I1(x)`. The series for f32 are the ends of those for f64, whose other terms it cannot tell.
pub(super) fn bessel_i1e(m: &mut Math<'_, '_>, x: ValueId) -> ValueId {
    let (small, large) = if m.is_f64() { (&SMALL[..], &LARGE[..]) } else { (&SMALL[12..], &LARGE[18..]) };
    let z = m.abs(x);
    let half = m.scale(z, 0.5);
    let argument = m.shift(half, -2.0);
    let series = chebyshev(m, argument, small);
    let near = m.mul(z, series);
    let scale = m.c(32.0);
    let quotient = m.div(scale, z);
    let argument = m.shift(quotient, -2.0);
    let series = chebyshev(m, argument, large);
    let root = m.sqrt(z);
    let far = m.div(series, root);
    let is_near = m.compare_to("LE", z, 8.0);
    let value = m.select(is_near, near, far);
    let sign = m.sign(x);
    m.mul(value, sign)
}

/// Clenshaw's recurrence, the coefficient of the highest order first.
fn chebyshev(m: &mut Math<'_, '_>, x: ValueId, coefficients: &[f64]) -> ValueId {
    let zero = m.c(0.0);
    let (mut b0, mut b1, mut b2) = (zero, zero, zero);
    for &coefficient in coefficients {
        (b2, b1) = (b1, b0);
        let product = m.mul(x, b1);
        let difference = m.sub(product, b2);
        b0 = m.shift(difference, coefficient);
    }
    let difference = m.sub(b0, b2);
    m.scale(difference, 0.5)
}

const SMALL: [f64; 29] = [
    2.777_914_112_761_046e-18,
    -2.111_421_214_358_166e-17,
    1.553_631_957_736_200_5e-16,
    -1.105_596_947_735_386_2e-15,
    7.600_684_294_735_408e-15,
    -5.042_185_504_727_912e-14,
    3.223_793_365_945_575e-13,
    -1.983_974_397_764_943_6e-12,
    1.173_618_629_889_090_1e-11,
    -6.663_489_723_502_027e-11,
    3.625_590_281_552_117e-10,
    -1.887_249_751_722_829_4e-9,
    9.381_537_386_495_773e-9,
    -4.445_059_128_796_328e-8,
    2.003_294_753_552_135_3e-7,
    -8.568_720_264_695_455e-7,
    3.470_251_308_137_678_5e-6,
    -1.327_316_365_603_943_6e-5,
    4.781_565_107_550_054e-5,
    -0.000_161_760_815_825_896_74,
    0.000_512_285_956_168_575_8,
    -0.001_513_572_450_631_253_2,
    0.004_156_422_944_312_888,
    -0.010_564_084_894_626_197,
    0.024_726_449_030_626_516,
    -0.052_945_981_208_094_99,
    0.102_643_658_689_847_1,
    -0.176_416_518_357_834_06,
    0.252_587_186_443_633_65,
];

const LARGE: [f64; 25] = [
    7.517_296_310_842_105e-18,
    4.414_348_323_071_708e-18,
    -4.650_305_368_489_358e-17,
    -3.209_525_921_993_424e-17,
    2.962_628_997_645_95e-16,
    3.308_202_310_920_928_5e-16,
    -1.880_354_775_510_782_5e-15,
    -3.814_403_072_437_007_5e-15,
    1.042_027_698_412_880_4e-14,
    4.272_440_016_711_951e-14,
    -2.101_541_842_772_664_3e-14,
    -4.083_551_111_092_197_4e-13,
    -7.198_551_776_245_908e-13,
    2.035_628_544_147_089_6e-12,
    1.412_580_743_661_378e-11,
    3.252_603_583_015_488e-11,
    -1.897_495_812_350_541_3e-11,
    -5.589_743_462_196_584e-10,
    -3.835_380_385_964_237e-9,
    -2.631_468_846_889_519_6e-8,
    -2.512_236_237_870_209e-7,
    -3.882_564_808_877_691e-6,
    -0.000_110_588_938_762_623_71,
    -0.009_761_097_491_361_469,
    0.778_576_235_018_280_1,
];
