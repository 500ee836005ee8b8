//! [`Image`]: a picture at the size of the network's input.
//!
//! Planar, because that is what the network reads, and in [0, 1], because that is what every step before the
//! normalisation agrees on.

/// A square RGB picture, values in [0, 1].
///
/// # Shapes
///
/// `3 × side × side` values: the red plane, the green, the blue; rows from the top in each.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    side: usize,
    planes: Vec<f32>,
}

impl Image {
    /// `planes` has `3 × side × side` values in [0, 1].
    pub(crate) fn from_planes(side: usize, planes: Vec<f32>) -> Self {
        debug_assert_eq!(planes.len(), 3 * side * side);
        Self { side, planes }
    }

    /// The opposite of [`Image::to_rgb8_planar`]: every value is `byte / 255`.
    ///
    /// # Shapes
    ///
    /// `3 × side × side` bytes, one plane after the other.
    ///
    /// # Panics
    ///
    /// With another number of bytes. They come from this crate's own cache or data set, whose reader has checked them.
    pub fn from_rgb8_planar(side: usize, bytes: &[u8]) -> Self {
        assert_eq!(
            bytes.len(),
            3 * side * side,
            "an image of side {side} has another number of bytes"
        );
        Self { side, planes: bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect() }
    }

    /// Width and height, in pixels.
    pub fn side(&self) -> usize {
        self.side
    }

    /// The values: `3 × side × side`, channels first, see [`Image`].
    pub fn planes(&self) -> &[f32] {
        &self.planes
    }

    /// As [`Image::planes`], to be changed in place. They must stay in [0, 1].
    pub(crate) fn planes_mut(&mut self) -> &mut [f32] {
        &mut self.planes
    }

    /// For display: opaque pixels, each value rounded to the nearest of 256 steps.
    ///
    /// # Shapes
    ///
    /// `side × side × 4` bytes, the layout of the browser's `ImageData`.
    pub fn to_rgba8(&self) -> Vec<u8> {
        let (red, rest) = self.planes.split_at(self.side * self.side);
        let (green, blue) = rest.split_at(self.side * self.side);
        let pixels = red.iter().zip(green).zip(blue);
        pixels.flat_map(|((&r, &g), &b)| [to_byte(r), to_byte(g), to_byte(b), 255]).collect()
    }

    /// For the trainer's cache: each value rounded to the nearest of 256 steps.
    ///
    /// # Shapes
    ///
    /// `3 × side × side` bytes, one plane after the other.
    pub fn to_rgb8_planar(&self) -> Vec<u8> {
        self.planes.iter().map(|&value| to_byte(value)).collect()
    }
}

/// The three planes of `3 × side × side` values.
pub(super) fn split(values: &mut [f32]) -> [&mut [f32]; 3] {
    let plane = values.len() / 3;
    let (red, rest) = values.split_at_mut(plane);
    let (green, blue) = rest.split_at_mut(plane);
    [red, green, blue]
}

/// The cast saturates, so a value that strayed out of [0, 1] cannot wrap around.
fn to_byte(value: f32) -> u8 {
    (value * 255.0 + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        let bytes: Vec<u8> = (0..3 * 16 * 16).map(|i| (i % 256) as u8).collect();
        let image = Image::from_rgb8_planar(16, &bytes);
        assert_eq!((image.side(), image.planes()[51], image.planes()[255]), (16, 0.2, 1.0));
        assert_eq!(image.to_rgb8_planar(), bytes);
    }

    #[test]
    fn display_interleaves_rounds_and_is_opaque() {
        let planes = vec![0.0, 1.0, 0.5, 0.499, 0.1, 0.2, 0.3, 0.4, 1.0, 0.9, 0.8, 2.0];
        let image = Image::from_planes(2, planes);
        // 0.5 · 255 = 127.5 goes up, 0.499 · 255 = 127.245 goes down, and 2 stays white.
        assert_eq!(
            image.to_rgba8(),
            [0, 26, 255, 255, 255, 51, 230, 255, 128, 77, 204, 255, 127, 102, 255, 255]
        );
    }

    #[test]
    #[should_panic(expected = "another number of bytes")]
    fn a_wrong_number_of_bytes_is_a_bug() {
        Image::from_rgb8_planar(2, &[0; 11]);
    }
}
