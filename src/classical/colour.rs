//! Colour histograms: which colours there are, in each quarter of a picture.

/// Steps of each channel.
const STEPS: usize = 3;
/// How many colours are told apart.
const COLOURS: usize = STEPS * STEPS * STEPS;

/// How many numbers [`histogram`] makes of a picture.
pub const LENGTH: usize = 4 * COLOURS;

/// The share of each of 27 colours in each quarter of a picture, as its square root: so a little of a colour counts for
/// more than a little more of a colour (Hellinger's distance).
///
/// # Shapes
///
/// - `planes`: `[3, height, width]`, values in `[0, 1]`
/// - output: `[LENGTH]`, in `[0, 1]`
///
/// # Panics
///
/// If there are not `3 * width * height` values, or the picture has no four quarters.
pub fn histogram(planes: &[f32], width: usize, height: usize) -> Vec<f32> {
    assert_eq!(planes.len(), 3 * width * height, "three channels");
    assert!(width > 1 && height > 1, "a picture of four quarters");
    let mut counts = vec![0f32; LENGTH];
    let mut pixels = [0f32; 4];
    let step = |value: f32| ((value * STEPS as f32) as usize).min(STEPS - 1);
    for y in 0..height {
        for x in 0..width {
            let at = |channel: usize| step(planes[(channel * height + y) * width + x]);
            let quarter = 2 * (2 * y / height) + 2 * x / width;
            counts[quarter * COLOURS + (at(0) * STEPS + at(1)) * STEPS + at(2)] += 1.0;
            pixels[quarter] += 1.0;
        }
    }
    for (quarter, all) in counts.chunks_exact_mut(COLOURS).zip(pixels) {
        quarter.iter_mut().for_each(|count| *count = (*count / all).sqrt());
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_quarter_has_the_shares_of_its_colours() {
        // Black above, and below red on the left and half white, half blue on the right.
        let colour = |x: usize, y: usize| match (x, y) {
            (_, 0..2) => [0.0, 0.0, 0.0],
            (0..2, _) => [1.0, 0.0, 0.1],
            (2, _) => [1.0, 0.9, 0.8],
            _ => [0.2, 0.3, 0.5],
        };
        let planes: Vec<f32> = (0..48).map(|at| colour(at % 4, at / 4 % 4)[at / 16]).collect();
        let found = histogram(&planes, 4, 4);
        let some: Vec<(usize, f32)> =
            found.into_iter().enumerate().filter(|(_, share)| *share > 0.0).collect();
        let half = 0.5f32.sqrt();
        assert_eq!(some, [(0, 1.0), (27, 1.0), (54 + 18, 1.0), (81 + 1, half), (81 + 26, half)]);
    }
}
