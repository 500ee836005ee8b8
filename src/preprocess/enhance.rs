//! Enhancement: noise, colour casts, flat contrast.
//!
//! Every step works on the [`Image`], at the resolution of the network's input, not on the photo. A photo of
//! thousands of pixels is denoised by shrinking already, since each output pixel is the mean of many; what noise is
//! left is what the network would see. Means and percentiles hardly change with the resolution. And so the cost does
//! not depend on the size of the photo.
//!
//! The order is denoise, colour balance, contrast: a speckle should not move the means, nor the percentiles, and the
//! gains of the colour balance move the percentiles.
//!
//! A network must be trained with the steps it is used with: like everything here they are part of the weights file.

use serde::{Deserialize, Serialize};

use super::Step;
use super::image::{Image, split};

/// Which steps are taken; none by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Enhance {
    /// A 3 × 3 median filter on each channel: removes speckles, keeps edges (Tukey, *Exploratory Data Analysis*,
    /// 1977; Gonzalez and Woods, *Digital Image Processing*, "Order-statistic filters").
    pub denoise: bool,
    /// Stretches the luminance between its 1st and its 99th percentile to the full range (Gonzalez and Woods,
    /// *Digital Image Processing*, "Contrast stretching").
    pub contrast: bool,
    /// Takes out a colour cast, by the grey-world assumption that the mean of a scene is grey (Buchsbaum, *A Spatial
    /// Processor Model for Object Colour Perception*, 1980).
    pub colour_balance: bool,
}

/// The gains of the colour balance are kept in this range: a picture of a lawn is green for a reason.
const GAINS: (f64, f64) = (0.5, 2.0);

/// Luminances that lie closer together than this are a flat picture: stretched, it would show nothing but noise.
const FLAT: f32 = 8.0 / 255.0;

impl Enhance {
    /// Takes the steps in place, and shows the image after each. Values in [0, 1] stay there.
    pub(super) fn apply(self, image: &mut Image, show: &mut dyn FnMut(Step, &Image)) {
        if self.denoise {
            denoise(image);
            show(Step::Denoise, image);
        }
        if self.colour_balance {
            balance_colours(image);
            show(Step::ColourBalance, image);
        }
        if self.contrast {
            stretch_contrast(image);
            show(Step::Contrast, image);
        }
    }
}

/// The 3 × 3 median of each channel; pixels beyond the edge repeat the edge.
fn denoise(image: &mut Image) {
    let side = image.side();
    if side == 0 {
        return;
    }
    for plane in split(image.planes_mut()) {
        // With the edge repeated in memory every pixel has nine neighbours, and the loop below becomes SIMD.
        let wide = side + 2;
        let inside = |at: usize| at.saturating_sub(1).min(side - 1);
        let padded: Vec<f32> =
            (0..wide * wide).map(|i| plane[inside(i / wide) * side + inside(i % wide)]).collect();
        for (y, row) in plane.chunks_exact_mut(side).enumerate() {
            let near: [&[f32]; 9] =
                std::array::from_fn(|k| &padded[(y + k / 3) * wide + k % 3..][..side]);
            for (x, value) in row.iter_mut().enumerate() {
                *value = median_of_9(near.map(|shifted| shifted[x]));
            }
        }
    }
}

/// By a sorting network that leaves out what the middle does not need (Paeth, *Median Finding on a 3 × 3 Grid*,
/// Graphics Gems, 1990).
#[inline(always)]
fn median_of_9(mut v: [f32; 9]) -> f32 {
    // Written out, since a loop over the pairs is not unrolled in time to become SIMD. Two choices instead of one
    // swap, and comparisons instead of `f32::min`, for the same reason; there is no NaN here that could tell.
    macro_rules! order {
        ($(($low:literal, $high:literal)),*) => {
            $(
                let (a, b) = (v[$low], v[$high]);
                v[$low] = if b < a { b } else { a };
                v[$high] = if b < a { a } else { b };
            )*
        };
    }
    order!((1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3));
    order!((5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2));
    v[4]
}

/// Scales each channel so that its mean becomes the mean of all channels, within [`GAINS`].
fn balance_colours(image: &mut Image) {
    let planes = split(image.planes_mut());
    // In f64, because the sum of a million f32 is not exact to the last grey level.
    let means = planes.each_ref().map(|plane| {
        let sum: f64 = plane.iter().map(|&value| f64::from(value)).sum();
        sum / plane.len().max(1) as f64
    });
    let grey = (means[0] + means[1] + means[2]) / 3.0;
    for (plane, mean) in planes.into_iter().zip(means) {
        // A channel that is black throughout has no gain that would change it.
        if mean > 0.0 {
            let gain = (grey / mean).clamp(GAINS.0, GAINS.1) as f32;
            for value in plane {
                *value = (*value * gain).clamp(0.0, 1.0);
            }
        }
    }
}

/// Maps the 1st percentile of the luminance to 0 and the 99th to 1, with one line for all channels: hues stay.
fn stretch_contrast(image: &mut Image) {
    let [red, green, blue] = split(image.planes_mut());
    let colours = red.iter().zip(green.iter()).zip(blue.iter());
    // The luma of gamma-coded values, ITU-R BT.601.
    let mut luma: Vec<f32> = colours.map(|((r, g), b)| 0.299 * r + 0.587 * g + 0.114 * b).collect();
    let Some(last) = luma.len().checked_sub(1) else {
        return;
    };
    // The nearest rank, in whole numbers: without a fraction there is nothing to round differently.
    let rank = |percent: usize| (last * percent + 50) / 100;
    let low = *luma.select_nth_unstable_by(rank(1), f32::total_cmp).1;
    let high = *luma.select_nth_unstable_by(rank(99), f32::total_cmp).1;
    let range = high - low;
    if range >= FLAT {
        for value in image.planes_mut() {
            *value = ((*value - low) / range).clamp(0.0, 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator, so that the tests need no crate: Park and Miller's.
    fn noise(count: usize) -> Vec<f32> {
        let mut state = 42_u64;
        let next = || {
            state = state * 48_271 % 0x7FFF_FFFF;
            state as f32 / 0x7FFF_FFFF as f32
        };
        std::iter::repeat_with(next).take(count).collect()
    }

    fn image(side: usize, pixel: impl Fn(usize) -> [f32; 3]) -> Image {
        let planes = (0..3).flat_map(|c| (0..side * side).map(move |i| (c, i)));
        Image::from_planes(side, planes.map(|(c, i)| pixel(i)[c]).collect())
    }

    const ALL: Enhance = Enhance { denoise: true, contrast: true, colour_balance: true };

    #[test]
    fn nothing_is_done_by_default() {
        let before = Image::from_planes(9, noise(3 * 81));
        let mut after = before.clone();
        Enhance::default().apply(&mut after, &mut |_, _| ());
        assert_eq!(after, before);
    }

    #[test]
    fn the_sorting_network_finds_every_median() {
        // A comparison network is right for all numbers if it is right for all zeros and ones.
        for bits in 0..512_u32 {
            let values = std::array::from_fn(|i| if bits >> i & 1 == 1 { 1.0 } else { 0.0 });
            assert_eq!(
                median_of_9(values),
                if bits.count_ones() >= 5 { 1.0 } else { 0.0 },
                "{bits:09b}"
            );
        }
        assert_eq!(median_of_9([0.9, 0.1, 0.8, 0.2, 0.5, 0.3, 0.7, 0.4, 0.6]), 0.5);
    }

    #[test]
    fn denoise_removes_a_speckle_and_keeps_an_edge() {
        let edge = image(6, |i| if i % 6 < 3 { [0.2, 0.3, 0.4] } else { [0.8, 0.7, 0.6] });
        let mut speckled = edge.clone();
        // In the corner, where edges are repeated, the speckle itself counts four times of nine: still not enough.
        speckled.planes_mut()[0] = 1.0;
        speckled.planes_mut()[36 + 2 * 6 + 4] = 0.0;
        denoise(&mut speckled);
        assert_eq!(speckled, edge);
    }

    #[test]
    fn denoise_is_the_median_of_the_neighbours() {
        let source = noise(3 * 25);
        let mut image = Image::from_planes(5, source.clone());
        denoise(&mut image);
        for (i, &value) in image.planes().iter().enumerate() {
            let (c, y, x) = (i / 25, (i / 5 % 5) as isize, (i % 5) as isize);
            let near = |at: isize, by: isize| (at + by).clamp(0, 4) as usize;
            let mut around: Vec<f32> = (0..9)
                .map(|k| source[c * 25 + near(y, k / 3 - 1) * 5 + near(x, k % 3 - 1)])
                .collect();
            around.sort_by(f32::total_cmp);
            assert_eq!(value, around[4], "channel {c}, row {y}, column {x}");
        }
    }

    #[test]
    fn a_cast_is_balanced() {
        // Means 0.2, 0.4, 0.3: grey is 0.3, the gains are 1.5, 0.75 and 1.
        let mut cast = image(4, |i| if i % 2 == 0 { [0.1, 0.3, 0.3] } else { [0.3, 0.5, 0.3] });
        balance_colours(&mut cast);
        let expected =
            image(4, |i| if i % 2 == 0 { [0.15, 0.225, 0.3] } else { [0.45, 0.375, 0.3] });
        for (value, expected) in cast.planes().iter().zip(expected.planes()) {
            assert!((value - expected).abs() < 1e-6, "{value} is not {expected}");
        }
    }

    #[test]
    fn gains_are_bounded_and_a_black_channel_stays_black() {
        // Grey is 0.35: the gains would be 0.35 / 0.9 = 0.39 and 0.35 / 0.15 = 2.33.
        let mut strong = image(2, |_| [0.9, 0.15, 0.0]);
        balance_colours(&mut strong);
        assert_eq!(strong, image(2, |_| [0.9 * 0.5, 0.15 * 2.0, 0.0]));
        let mut black = image(2, |_| [0.0; 3]);
        balance_colours(&mut black);
        assert_eq!(black, image(2, |_| [0.0; 3]));
    }

    #[test]
    fn contrast_maps_percentiles_to_black_and_white() {
        // 100 greys from 0.3 to 0.5, one of each: the 1st percentile is the second, the 99th the last but one.
        let grey = |i: usize| 0.3 + 0.2 * i as f32 / 99.0;
        let mut dull = image(10, |i| [grey(i); 3]);
        stretch_contrast(&mut dull);
        let values = &dull.planes()[..100];
        assert_eq!((values[0], values[99]), (0.0, 1.0));
        for (i, &value) in values.iter().enumerate().take(99).skip(1) {
            assert!((value - (i - 1) as f32 / 97.0).abs() < 1e-5, "{i}: {value}");
        }
    }

    #[test]
    fn contrast_ignores_a_few_outliers() {
        let inner = |i: usize| [if i.is_multiple_of(2) { 0.4 } else { 0.6 }; 3];
        let mut picture = image(20, |i| if i < 3 { [1.0; 3] } else { inner(i) });
        stretch_contrast(&mut picture);
        assert_eq!(
            (picture.planes()[10], picture.planes()[11], picture.planes()[0]),
            (0.0, 1.0, 1.0)
        );
    }

    #[test]
    fn luminance_weighs_green_most() {
        // All of the contrast is in blue, 0.114 · 0.05 < FLAT, and then in green, 0.587 · 0.06 > FLAT.
        let blue = image(4, |i| [0.5, 0.5, if i < 8 { 0.5 } else { 0.55 }]);
        let mut stretched = blue.clone();
        stretch_contrast(&mut stretched);
        assert_eq!(stretched, blue);
        let green = image(4, |i| [0.5, if i < 8 { 0.5 } else { 0.56 }, 0.5]);
        let mut stretched = green.clone();
        stretch_contrast(&mut stretched);
        assert_ne!(stretched, green);
    }

    #[test]
    fn a_flat_picture_is_unchanged() {
        for value in [0.0, 0.3, 1.0] {
            let flat = image(5, |_| [value; 3]);
            let mut enhanced = flat.clone();
            ALL.apply(&mut enhanced, &mut |_, _| ());
            assert_eq!(enhanced, flat);
        }
    }

    #[test]
    fn the_order_is_denoise_then_balance_then_contrast() {
        let mut together = Image::from_planes(8, noise(3 * 64));
        let mut apart = together.clone();
        ALL.apply(&mut together, &mut |_, _| ());
        denoise(&mut apart);
        balance_colours(&mut apart);
        stretch_contrast(&mut apart);
        assert_eq!(together, apart);
    }

    #[test]
    fn values_stay_in_range_at_every_size() {
        for side in [0, 1, 2, 3, 17] {
            let mut image = Image::from_planes(side, noise(3 * side * side));
            ALL.apply(&mut image, &mut |_, _| ());
            assert!(image.planes().iter().all(|value| (0.0..=1.0).contains(value)), "side {side}");
        }
    }
}
