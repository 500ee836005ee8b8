//! The colours of a map, for terminal and page alike.
//!
//! Orange speaks for the answer and blue against it, a pair that those tell apart, too, who don't see red and green as
//! others do. Both are made in Oklab (Ottosson, "A perceptual color space for image processing", 2020): with the size of
//! a number its colour gets darker and stronger in equal steps, on both sides alike, and less transparent. Nothing is
//! what says nothing.

/// Steps from the largest negative number to the largest positive one; the middle one is 0.
pub const STEPS: usize = 257;

/// Hues in Oklab, as the directions of (a, b).
const FOR: [f32; 2] = [0.64, 0.77];
const AGAINST: [f32; 2] = [-0.17, -0.985];
/// Lightness at 0, and how much of it is lost at the largest number, and what the chroma is there.
const LIGHTNESS: f32 = 0.97;
const DARKER: f32 = 0.35;
const CHROMA: f32 = 0.15;

/// The colour of a number, which is given as a share of the largest: −1 to 1. Red, green, blue and straight alpha.
pub fn colour(share: f32) -> [u8; 4] {
    let size = share.abs().min(1.0);
    let hue = if share < 0.0 { AGAINST } else { FOR };
    let [a, b] = hue.map(|part| part * CHROMA * size);
    let lightness = LIGHTNESS - DARKER * size;
    let long = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let middle = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let short = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    let red = 4.076_741_7 * long - 3.307_711_6 * middle + 0.230_969_93 * short;
    let green = -1.268_438 * long + 2.609_757_4 * middle - 0.341_319_4 * short;
    let blue = -0.004_196_086_3 * long - 0.703_418_6 * middle + 1.707_614_7 * short;
    let [red, green, blue] = [red, green, blue].map(to_byte);
    [red, green, blue, (size.sqrt() * 255.0 + 0.5) as u8]
}

/// From linear light to sRGB.
fn to_byte(light: f32) -> u8 {
    let light = light.clamp(0.0, 1.0);
    let value =
        if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (value * 255.0 + 0.5) as u8
}

/// The legend: all colours, from the largest negative number to the largest positive one.
///
/// # Shapes
///
/// - output: `STEPS × 4` bytes
pub fn legend() -> Vec<u8> {
    let share = |step: usize| step as f32 / (STEPS / 2) as f32 - 1.0;
    (0..STEPS).flat_map(|step| colour(share(step))).collect()
}

/// The colours of numbers.
///
/// # Shapes
///
/// - output: four bytes for each of `values`
pub fn overlay(values: &[f32], limit: f32) -> Vec<u8> {
    let share = |value: &f32| if limit > 0.0 { value / limit } else { 0.0 };
    values.iter().flat_map(|value| colour(share(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_darken_alike_and_nothing_is_invisible() {
        // Relative luminance, as WCAG has it.
        let luminance = |share| {
            let [red, green, blue, _] = colour(share).map(|byte| f32::from(byte) / 255.0);
            0.2126 * red.powf(2.2) + 0.7152 * green.powf(2.2) + 0.0722 * blue.powf(2.2)
        };
        assert_eq!(colour(0.0)[3], 0);
        assert_eq!([colour(1.0)[3], colour(-1.0)[3], colour(7.0)[3]], [255; 3]);
        for step in 1..=10 {
            let share = step as f32 / 10.0;
            for side in [share, -share] {
                let before = side * (1.0 - 1.0 / step as f32);
                assert!(luminance(side) < luminance(before), "{side}");
                assert!(colour(side)[3] > colour(before)[3], "{side}");
            }
            let unlike = (luminance(share) - luminance(-share)).abs();
            assert!(unlike < 0.07, "{unlike} at {share}");
        }
        let ([red, _, blue, _], [r, _, b, _]) = (colour(1.0), colour(-1.0));
        assert!(
            red > 200 && blue < 60 && b > 200 && r < 90,
            "{:?} {:?}",
            colour(1.0),
            colour(-1.0)
        );
    }

    #[test]
    fn the_legend_is_what_numbers_are_shown_in() {
        let legend = legend();
        assert_eq!(legend.len(), STEPS * 4);
        assert_eq!(legend[..4], colour(-1.0));
        assert_eq!(legend[STEPS / 2 * 4..][..4], colour(0.0));
        assert_eq!(overlay(&[-2.0, 0.0, 2.0], 2.0)[8..], legend[STEPS * 4 - 4..]);
        assert_eq!(overlay(&[0.0], 0.0), colour(0.0), "a map of nothing");
    }
}
