//! From a picture of any size to the numbers that the network reads.
//!
//! This is the only place that crops, resizes, enhances or normalises. The trainer, the evaluator, the terminal and
//! the browser all come through here, with a [`Preprocessing`] that travels inside the weights file. A network is
//! never shown pixels that were prepared in another way than those it learnt from: preprocessing written once per
//! language is where most browser demos lose their accuracy, without any error to see.
//!
//! ```text
//! Pixels ─ fit: over white, frame, resize ─▶ Image ─ finish: enhance, normalise ─▶ tensor values
//! ```
//!
//! The two halves can be called apart because the trainer keeps fitted images in memory and augments them before it
//! finishes them.
//!
//! The same pixels give the same bits everywhere, natively and in WebAssembly. So the code uses plain single
//! operations in a fixed order: no fused multiply-add, no threads, and no transcendental function of the platform's
//! mathematics library, which is free to round differently.

mod alter;
mod enhance;
mod image;
mod resize;
mod rows;

use serde::{Deserialize, Serialize};

pub use self::alter::{cover, moved};
pub use self::enhance::Enhance;
pub use self::image::Image;
pub use self::resize::{Filter, Framing, Part, Rectangle};
use crate::pixels::Pixels;

/// How pictures are prepared for one network: part of its weights file, fixed when it is trained.
///
/// Unknown fields are refused when it is read. Whoever wrote them meant something to happen to the pixels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preprocessing {
    /// The side of the square that the network reads, in pixels: 1 to [`Preprocessing::MAX_INPUT_SIZE`].
    pub input_size: usize,
    /// Which part of the picture is seen.
    pub framing: Framing,
    /// Which part of it is seen in a second view, where there is one: what the network's backbone makes of the two is
    /// averaged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_framing: Option<Framing>,
    /// How that part is resampled.
    pub filter: Filter,
    /// What is done about noise, colour casts and flat contrast.
    #[serde(default)]
    pub enhance: Enhance,
    /// The last step before the network.
    pub normalisation: Normalisation,
}

/// Why a [`Preprocessing`] cannot be carried out. It comes from a weights file, so from outside.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PreprocessingError {
    /// See [`Preprocessing::input_size`].
    #[error(
        "The input size must be between 1 and {} pixels, not {side}.",
        Preprocessing::MAX_INPUT_SIZE
    )]
    InputSize {
        /// The side that was asked for, in pixels.
        side: usize,
    },
    /// See [`Framing::CentreCrop`].
    #[error("The crop must take more than 0 and at most 1 of the shorter side, not {0}.")]
    CropFraction(f32),
    /// See [`Normalisation::mean`].
    #[error("The means of the normalisation must be finite numbers, not {0:?}.")]
    Mean([f32; 3]),
    /// See [`Normalisation::std`].
    #[error(
        "The standard deviations of the normalisation must be finite numbers above 0, not {0:?}."
    )]
    Std([f32; 3]),
}

/// What became of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// What the network sees, in a form that a person can look at: enhanced, but not normalised.
    pub seen: Image,
    /// What the network reads: normalised values, `3 × input_size × input_size`, channels first.
    pub tensor: Vec<f32>,
}

/// A step on the way to the network, after which there is a picture to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Put on white, framed and resized.
    Resize,
    /// See [`Enhance::denoise`].
    Denoise,
    /// See [`Enhance::colour_balance`].
    ColourBalance,
    /// See [`Enhance::contrast`].
    Contrast,
}

impl Step {
    /// What it is called in the weights file, where it is an option there.
    pub fn name(self) -> &'static str {
        match self {
            Self::Resize => "resize",
            Self::Denoise => "denoise",
            Self::ColourBalance => "colour_balance",
            Self::Contrast => "contrast",
        }
    }
}

impl Preprocessing {
    /// The largest side that a weights file may ask for, in pixels. It keeps a damaged or hostile header from
    /// claiming gigabytes.
    pub const MAX_INPUT_SIZE: usize = 1024;

    /// Checks every value against its range.
    ///
    /// # Errors
    ///
    /// The first value that is out of range, see [`PreprocessingError`].
    pub fn validate(&self) -> Result<(), PreprocessingError> {
        if !(1..=Self::MAX_INPUT_SIZE).contains(&self.input_size) {
            return Err(PreprocessingError::InputSize { side: self.input_size });
        }
        for framing in [Some(self.framing), self.second_framing].into_iter().flatten() {
            match framing {
                // Written so that NaN, which compares false with everything, is refused.
                Framing::CentreCrop { fraction } if !(fraction > 0.0 && fraction <= 1.0) => {
                    return Err(PreprocessingError::CropFraction(fraction));
                }
                Framing::CentreCrop { .. } | Framing::Stretch => {}
            }
        }
        let Normalisation { mean, std } = self.normalisation;
        if !mean.iter().all(|value| value.is_finite()) {
            return Err(PreprocessingError::Mean(mean));
        }
        if !std.iter().all(|&value| value.is_finite() && value > 0.0) {
            return Err(PreprocessingError::Std(std));
        }
        Ok(())
    }

    /// Puts the picture on white, takes the part that [`Preprocessing::framing`] names and resizes it.
    ///
    /// Whoever reads a `Preprocessing` from a file calls [`Preprocessing::validate`] first, once. Here nothing panics
    /// without it, but the picture may make no sense.
    ///
    /// # Shapes
    ///
    /// `height × width` pixels of any size → `3 × input_size × input_size` values in [0, 1]. A picture that has the
    /// input size already comes out unchanged, each value exactly `byte / 255`.
    pub fn fit(&self, pixels: &Pixels) -> Image {
        resize::fit(pixels, self.input_size, self.framing, self.filter)
    }

    /// Enhances the image in place, and returns its normalised values.
    ///
    /// # Shapes
    ///
    /// `3 × side × side` values in [0, 1] → `3 × side × side` normalised values, channels first.
    pub fn finish(&self, image: &mut Image) -> Vec<f32> {
        self.finish_showing(image, &mut |_, _| ())
    }

    fn finish_showing(&self, image: &mut Image, show: &mut dyn FnMut(Step, &Image)) -> Vec<f32> {
        self.enhance.apply(image, show);
        self.normalisation.apply(image)
    }

    /// The preprocessing of each view: of the first, and of the second where there is one.
    pub fn views(&self) -> impl Iterator<Item = Self> + '_ {
        let framings = [Some(self.framing), self.second_framing].into_iter().flatten();
        framings.map(|framing| Self { framing, second_framing: None, ..self.clone() })
    }

    /// All of it: [`Preprocessing::fit`], then [`Preprocessing::finish`].
    ///
    /// # Shapes
    ///
    /// `height × width` pixels of any size → [`Prepared`].
    pub fn apply(&self, pixels: &Pixels) -> Prepared {
        self.apply_showing(pixels, &mut |_, _| ())
    }

    /// As [`Preprocessing::apply`], and shows the picture after each step that is taken: after the last, it is what
    /// [`Prepared::seen`] holds.
    pub fn apply_showing(&self, pixels: &Pixels, show: &mut dyn FnMut(Step, &Image)) -> Prepared {
        let mut seen = self.fit(pixels);
        show(Step::Resize, &seen);
        let tensor = self.finish_showing(&mut seen, show);
        Prepared { seen, tensor }
    }

    /// The part of a picture that [`Preprocessing::fit`] looks at.
    pub fn part(&self, pixels: &Pixels) -> Part {
        resize::part(pixels.width(), pixels.height(), self.framing)
    }
}

/// Shifts and scales each channel to the range that the network was trained on: `(x − mean) / std`.
///
/// Networks whose first convolution has this folded into it carry [`Normalisation::IDENTITY`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Normalisation {
    /// Of red, green and blue, for values in [0, 1]. Finite.
    pub mean: [f32; 3],
    /// Of red, green and blue, for values in [0, 1]. Finite and above 0.
    pub std: [f32; 3],
}

impl Normalisation {
    /// Leaves every value as it is.
    pub const IDENTITY: Self = Self { mean: [0.0; 3], std: [1.0; 3] };

    /// The normalised values of one colour, given in [0, 1].
    pub fn colour(&self, rgb: [f32; 3]) -> [f32; 3] {
        std::array::from_fn(|c| (rgb[c] - self.mean[c]) / self.std[c])
    }

    /// The normalised values of an image.
    ///
    /// # Shapes
    ///
    /// `3 × side × side` values in [0, 1] → as many, channels first.
    pub fn apply(&self, image: &Image) -> Vec<f32> {
        let mut values = image.planes().to_vec();
        if *self != Self::IDENTITY {
            for (c, plane) in image::split(&mut values).into_iter().enumerate() {
                let (mean, std) = (self.mean[c], self.std[c]);
                for value in plane {
                    *value = (*value - mean) / std;
                }
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> Preprocessing {
        Preprocessing {
            input_size: 4,
            framing: Framing::CentreCrop { fraction: 1.0 },
            second_framing: None,
            filter: Filter::Triangle,
            enhance: Enhance::default(),
            normalisation: Normalisation { mean: [0.5, 0.25, 0.0], std: [0.5, 0.25, 2.0] },
        }
    }

    #[test]
    fn values_out_of_range_are_refused() {
        assert_eq!(spec().validate(), Ok(()));
        for input_size in [0, 1025, usize::MAX] {
            let bad = Preprocessing { input_size, ..spec() };
            assert_eq!(bad.validate(), Err(PreprocessingError::InputSize { side: input_size }));
        }
        for fraction in [0.0, -0.5, 1.001, f32::NAN, f32::INFINITY] {
            let bad = Preprocessing { framing: Framing::CentreCrop { fraction }, ..spec() };
            let worse = Preprocessing {
                second_framing: Some(bad.framing),
                framing: Framing::Stretch,
                ..spec()
            };
            for bad in [bad, worse] {
                let refusal = bad.validate();
                assert!(matches!(refusal, Err(PreprocessingError::CropFraction(_))), "{fraction}");
            }
        }
        for value in [f32::NAN, f32::INFINITY] {
            let bad = Preprocessing {
                normalisation: Normalisation { mean: [0.0, value, 0.0], std: [1.0; 3] },
                ..spec()
            };
            assert!(matches!(bad.validate(), Err(PreprocessingError::Mean(_))), "{value}");
        }
        for value in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            let bad = Preprocessing {
                normalisation: Normalisation { mean: [0.0; 3], std: [1.0, 1.0, value] },
                ..spec()
            };
            assert!(matches!(bad.validate(), Err(PreprocessingError::Std(_))), "{value}");
        }
    }

    #[test]
    fn each_channel_has_its_own_mean_and_deviation() {
        // One grey in all channels, so that a channel that is mixed up shows.
        let pixels = Pixels::from_rgb(4, 4, &[51; 4 * 4 * 3]).unwrap();
        let Prepared { seen, tensor } = spec().apply(&pixels);
        assert_eq!(seen.planes(), [0.2; 48]);
        assert_eq!(tensor[..16], [(0.2 - 0.5) / 0.5; 16]);
        assert_eq!(tensor[16..32], [(0.2 - 0.25) / 0.25; 16]);
        assert_eq!(tensor[32..], [0.2 / 2.0; 16]);
    }

    #[test]
    fn channels_come_first_and_rows_from_the_top() {
        let mut rgb = [0; 2 * 2 * 3];
        rgb[3] = 255; // red of the top right pixel
        rgb[2 * 3 + 2] = 255; // blue of the bottom left pixel
        let pixels = Pixels::from_rgb(2, 2, &rgb).unwrap();
        let spec =
            Preprocessing { input_size: 2, normalisation: Normalisation::IDENTITY, ..spec() };
        assert_eq!(spec.apply(&pixels).tensor, [0., 1., 0., 0., 0., 0., 0., 0., 0., 0., 1., 0.]);
    }

    #[test]
    fn what_is_seen_is_enhanced_and_not_normalised() {
        let ramp: Vec<u8> = (0..16).flat_map(|i| [100 + i; 3]).collect();
        let pixels = Pixels::from_rgb(4, 4, &ramp).unwrap();
        let spec =
            Preprocessing { enhance: Enhance { contrast: true, ..Enhance::default() }, ..spec() };
        let Prepared { seen, tensor } = spec.apply(&pixels);
        assert!(seen.planes()[0] < 1e-5 && seen.planes()[15] > 1.0 - 1e-5);
        assert_eq!(tensor, spec.normalisation.apply(&seen));
        let mut fitted = spec.fit(&pixels);
        assert_eq!(spec.finish(&mut fitted), tensor);
        assert_eq!(fitted, seen);
    }

    #[test]
    fn each_step_that_is_taken_is_shown_and_the_last_is_what_the_network_gets() {
        let noisy: Vec<u8> = (0..9 * 7 * 3_u32).map(|i| (i * 37 % 181 + 20) as u8).collect();
        let pixels = Pixels::from_rgb(9, 7, &noisy).unwrap();
        let all = [Step::Denoise, Step::ColourBalance, Step::Contrast];
        for taken in 0..8_u8 {
            let on = [0, 1, 2].map(|place| taken >> place & 1 == 1);
            let enhance = Enhance { denoise: on[0], colour_balance: on[1], contrast: on[2] };
            let spec = Preprocessing { enhance, ..spec() };
            let mut shown = Vec::new();
            let prepared =
                spec.apply_showing(&pixels, &mut |step, image| shown.push((step, image.clone())));

            let steps: Vec<_> = shown.iter().map(|(step, _)| *step).collect();
            let wanted = all.into_iter().zip(on).filter_map(|(step, on)| on.then_some(step));
            assert_eq!(steps, [Step::Resize].into_iter().chain(wanted).collect::<Vec<_>>());
            // The pictures differ from step to step, so one that is shown too early or too late would be noticed.
            assert!(shown.windows(2).all(|pair| pair[0].1 != pair[1].1), "{enhance:?}");
            assert_eq!(shown[0].1, spec.fit(&pixels));
            let last = &shown[shown.len() - 1].1;
            assert_eq!(*last, prepared.seen);
            assert_eq!(spec.normalisation.apply(last), prepared.tensor);
            assert_eq!(prepared, spec.apply(&pixels));
        }
    }

    #[test]
    fn a_second_view_differs_by_its_framing_alone() {
        let spec = Preprocessing { second_framing: Some(Framing::Stretch), ..spec() };
        let views: Vec<_> = spec.views().collect();
        let one = |framing| Preprocessing { framing, second_framing: None, ..spec.clone() };
        assert_eq!(views, [one(spec.framing), one(Framing::Stretch)]);
        assert_eq!(views[0].views().collect::<Vec<_>>(), [views[0].clone()]);
    }

    #[test]
    fn it_survives_the_way_through_a_file() {
        let spec = Preprocessing { framing: Framing::CentreCrop { fraction: 0.875 }, ..spec() };
        let json = serde_json::to_string(&spec).unwrap();
        assert!(
            json.contains(r#""framing":{"centre_crop":{"fraction":0.875}},"filter":"triangle""#),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<Preprocessing>(&json).unwrap(), spec);
        let twice = Preprocessing { second_framing: Some(Framing::Stretch), ..spec };
        let with = serde_json::to_string(&twice).unwrap();
        assert_eq!(serde_json::from_str::<Preprocessing>(&with).unwrap(), twice);
        assert!(with.contains(r#""second_framing":"stretch""#), "{with}");
        let earlier = with.replace("stretch", "squash");
        assert_eq!(serde_json::from_str::<Preprocessing>(&earlier).unwrap(), twice);

        let odd = json.replacen('{', r#"{"sharpen":true,"#, 1);
        assert!(
            serde_json::from_str::<Preprocessing>(&odd).is_err(),
            "a step that would be left out in silence"
        );
    }
}
