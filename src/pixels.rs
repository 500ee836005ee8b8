//! [`Pixels`]: a checked RGBA8 image, the only way in.
//!
//! A picture reaches the classifier from a canvas, a webcam frame, a file or a data set. Each of them can be empty,
//! too large, or something else than it says. All of that is found out here, once, so that the code behind this
//! door can index pixels without asking again. An error that a user can cause is a sentence that the user can read.
//!
//! The browser decodes files by itself and hands over the bytes of a canvas; the companion binary decodes them in
//! `decode`.

use std::fmt;

/// A picture of at least one pixel: 8 bits per channel, red, green, blue and straight (not premultiplied) alpha, sRGB.
///
/// # Shapes
///
/// `rgba` holds `height × width × 4` bytes, rows from the top, pixels from the left: the layout of the browser's
/// `ImageData`.
#[derive(Clone, PartialEq, Eq)]
pub struct Pixels {
    width: u32,
    height: u32,
    rgba: Vec<u8>,
}

/// Why something is not a picture that this crate accepts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PixelsError {
    /// Width or height is zero.
    #[error("The picture is empty: {width} × {height} pixels.")]
    NoPixels {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
    },

    /// More than [`Pixels::MAX_PIXELS`] in all, or more than [`Pixels::MAX_SIDE`] along one side.
    #[error(
        "The picture is too large: {width} × {height} pixels. At most {} million pixels, and {} along one side, are accepted.",
        Pixels::MAX_PIXELS / 1_000_000,
        Pixels::MAX_SIDE
    )]
    TooLarge {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
    },

    /// The byte count does not belong to the size.
    #[error(
        "A picture of {width} × {height} pixels has {expected} bytes of colour, but {actual} bytes were given."
    )]
    WrongLength {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
        /// Bytes that such a picture has.
        expected: u64,
        /// Bytes that were given.
        actual: u64,
    },
}

impl Pixels {
    /// The most pixels that one picture may have: more than a large camera's 61 megapixels, and 256 MB in memory.
    pub const MAX_PIXELS: u64 = 64_000_000;

    /// The most pixels along one side: what a JPEG file can express. It bounds the work and the memory that the
    /// resampling of a very long, thin picture takes.
    pub const MAX_SIDE: u32 = 65_535;

    /// Takes `height × width × 4` bytes of straight-alpha sRGB, in rows from the top.
    ///
    /// # Errors
    ///
    /// [`PixelsError::NoPixels`], [`PixelsError::TooLarge`] or [`PixelsError::WrongLength`].
    pub fn new(width: u32, height: u32, rgba: Vec<u8>) -> Result<Self, PixelsError> {
        check_length(width, height, 4, rgba.len())?;
        Ok(Self { width, height, rgba })
    }

    /// Takes `height × width × 3` bytes of sRGB, in rows from the top; every pixel becomes opaque.
    ///
    /// # Errors
    ///
    /// As [`Pixels::new`].
    pub fn from_rgb(width: u32, height: u32, rgb: &[u8]) -> Result<Self, PixelsError> {
        check_length(width, height, 3, rgb.len())?;
        let (rgb, _) = rgb.as_chunks::<3>();
        let rgba = rgb.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
        Ok(Self { width, height, rgba })
    }

    /// Pixels from left to right, at least 1.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels from top to bottom, at least 1.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The bytes: `height × width × 4`, see [`Pixels`].
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }
}

/// Without the bytes: a failed assertion should not print a million numbers.
impl fmt::Debug for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pixels")
            .field("width", &self.width)
            .field("height", &self.height)
            .finish_non_exhaustive()
    }
}

pub(crate) fn check_size(width: u32, height: u32) -> Result<u64, PixelsError> {
    let count = u64::from(width) * u64::from(height);
    if count == 0 {
        return Err(PixelsError::NoPixels { width, height });
    }
    if count > Pixels::MAX_PIXELS || width.max(height) > Pixels::MAX_SIDE {
        return Err(PixelsError::TooLarge { width, height });
    }
    Ok(count)
}

fn check_length(width: u32, height: u32, channels: u64, actual: usize) -> Result<(), PixelsError> {
    let expected = check_size(width, height)? * channels;
    let actual = actual as u64;
    if actual != expected {
        return Err(PixelsError::WrongLength { width, height, expected, actual });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_must_fit_the_size() {
        let pixels = Pixels::new(2, 1, (0..8).collect()).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (2, 1));
        assert_eq!(pixels.rgba(), [0, 1, 2, 3, 4, 5, 6, 7]);
        for actual in [0, 7, 9] {
            let error = PixelsError::WrongLength { width: 2, height: 1, expected: 8, actual };
            assert_eq!(Pixels::new(2, 1, vec![0; actual as usize]), Err(error));
        }
    }

    #[test]
    fn rgb_becomes_opaque() {
        let pixels = Pixels::from_rgb(1, 2, &[1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!(pixels.rgba(), [1, 2, 3, 255, 4, 5, 6, 255]);
        let error = PixelsError::WrongLength { width: 1, height: 2, expected: 6, actual: 8 };
        assert_eq!(Pixels::from_rgb(1, 2, &[0; 8]), Err(error));
    }

    #[test]
    fn sizes_have_limits() {
        for (width, height) in [(0, 5), (5, 0), (0, 0)] {
            let error = PixelsError::NoPixels { width, height };
            assert_eq!(Pixels::new(width, height, vec![]), Err(error));
        }
        // The last would overflow, counted in 32 bits, to a single pixel of four bytes.
        for (width, height) in [(8001, 8000), (65_536, 1), (1, 65_536), (u32::MAX, u32::MAX)] {
            let error = PixelsError::TooLarge { width, height };
            assert_eq!(Pixels::new(width, height, vec![0; 4]), Err(error));
        }
        assert_eq!(check_size(8000, 8000), Ok(Pixels::MAX_PIXELS));
        assert!(Pixels::new(65_535, 1, vec![0; 65_535 * 4]).is_ok());
    }

    #[test]
    fn errors_are_sentences() {
        let text = PixelsError::TooLarge { width: 90_000, height: 2 }.to_string();
        let expected = "The picture is too large: 90000 × 2 pixels. \
            At most 64 million pixels, and 65535 along one side, are accepted.";
        assert_eq!(text, expected);
    }
}
