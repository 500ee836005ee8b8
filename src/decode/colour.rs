//! Colours as a browser shows them: what a file says of its colours is heeded, and its pixels are brought to sRGB.
//!
//! Without that a photo in Display P3, as telephones take them, would be trained on duller pixels than the page sees. What
//! counts is what Chromium does, measured with pictures of every kind (Chromium 156, through `createImageBitmap`):
//!
//! - JPEG, WebP without animation, BMP and PNG carry ICC profiles; one that is damaged, or of another colour model than
//!   the pixels, is as if it were not there. A profile that hardly differs from sRGB changes nothing.
//! - PNG goes by the order of its specification (third edition): cICP, iCCP, sRGB, gAMA with cHRM. gAMA within 5 % of
//!   1/2.2 and without cHRM stands for sRGB, cHRM without gAMA for nothing.
//! - GIF, and WebP with animation, are sRGB.
//!
//! Two things are not done as there: high dynamic range (cICP with PQ or HLG) is mapped to the screen by a rule of each
//! browser's own, and CMYK is converted without its profile. Both are read as if nothing were said of their colours.

use std::io::Cursor;
use std::sync::Arc;

use image::{ImageFormat, RgbaImage};
use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile, DataColorSpace,
    Layout, MatrixCoefficients, RenderingIntent, ToneReprCurve, TransferCharacteristics,
    Transform8BitExecutor, TransformOptions,
};

/// From the colours of a file to sRGB.
pub(super) type ToSrgb = Arc<Transform8BitExecutor>;

/// What brings the pixels of a file to sRGB; nothing if they are that already. `icc` is the profile that its decoder
/// found, and `grey` whether the file knows no colours.
pub(super) fn to_srgb(
    format: ImageFormat,
    bytes: &[u8],
    icc: Option<&[u8]>,
    grey: bool,
) -> Option<ToSrgb> {
    let found = match format {
        ImageFormat::Png => of_png(bytes, icc, grey),
        ImageFormat::Jpeg => of_icc(icc?, grey),
        ImageFormat::WebP if !is_animated_webp(bytes) => of_icc(icc?, grey),
        ImageFormat::Bmp => of_icc(profile_of_bmp(bytes)?, grey),
        _ => None,
    };
    found.filter(|transform| !is_nothing(transform))
}

/// Brings pixels to sRGB; their alpha stays.
pub(super) fn apply(transform: &ToSrgb, picture: &mut RgbaImage) {
    let width = picture.width() as usize * 4;
    let mut before = vec![0; width];
    for row in picture.chunks_exact_mut(width.max(1)) {
        before.copy_from_slice(row);
        // It fails for rows of odd lengths only.
        if transform.transform(&before, row).is_err() {
            row.copy_from_slice(&before);
        }
    }
}

/// Whether colours stay as they are, up to a rounding: then they do so to the last bit, as in browsers.
fn is_nothing(transform: &ToSrgb) -> bool {
    const STEPS: [u8; 6] = [0, 51, 102, 153, 204, 255];
    let mut before = Vec::new();
    for red in STEPS {
        for green in STEPS {
            before.extend(STEPS.iter().flat_map(|&blue| [red, green, blue, 255]));
        }
    }
    before.extend((0..=255).flat_map(|grey| [grey, grey, grey, 255]));
    let mut after = vec![0; before.len()];
    transform.transform(&before, &mut after).is_ok()
        && before.iter().zip(&after).all(|(before, after)| before.abs_diff(*after) <= 1)
}

/// The chunks of a PNG in the order of their precedence.
fn of_png(bytes: &[u8], icc: Option<&[u8]>, grey: bool) -> Option<ToSrgb> {
    let reader = png::Decoder::new(Cursor::new(bytes)).read_info().ok()?;
    let info = reader.info();
    let of_cicp = || {
        let points = info.coding_independent_code_points?;
        let full = points.is_video_full_range_image;
        of_code_points(points.color_primaries, points.transfer_function).filter(|_| full)
    };
    let of_gamma = || {
        let gamma = info.gama_chunk.filter(|_| info.srgb.is_none())?;
        of_gamma(gamma.into_value(), info.chrm_chunk)
    };
    of_cicp().or_else(|| of_icc(icc?, grey)).or_else(of_gamma)
}

/// An ICC profile, if it can be used.
fn of_icc(bytes: &[u8], grey: bool) -> Option<ToSrgb> {
    // The profile says how long it is, and a part of one is none.
    let length = u32::from_be_bytes(*bytes.first_chunk()?);
    let profile = ColorProfile::new_from_slice(bytes.get(..length as usize)?).ok()?;
    match (profile.color_space, grey) {
        (DataColorSpace::Rgb, _) => transform(&profile),
        // Greys have no hue, whatever the primaries are.
        (DataColorSpace::Gray, true) => transform(&with_curve(srgb(), profile.gray_trc?)),
        _ => None,
    }
}

/// cICP: the numbers of ITU-T H.273, with the curves that browsers take for them.
fn of_code_points(primaries: u8, curve: u8) -> Option<ToSrgb> {
    let curve = match curve {
        // The curves of cameras are seen on a display with this gamma.
        1 | 6 | 11 | 14 | 15 => vec![2.4],
        4 => vec![2.2],
        5 => vec![2.8],
        7 => vec![20.0 / 9.0, 0.899_626_7, 0.100_373_3, 0.25, 0.091_286_3],
        8 => vec![1.0],
        13 => return of_primaries(primaries, srgb().red_trc?),
        17 => vec![2.6, 1.034_080_5, 0.0, 1.0, 0.0],
        _ => return None,
    };
    of_primaries(primaries, ToneReprCurve::Parametric(curve))
}

fn of_primaries(primaries: u8, curve: ToneReprCurve) -> Option<ToSrgb> {
    let color_primaries = CicpColorPrimaries::try_from(primaries).ok()?;
    ColorPrimaries::try_from(color_primaries).ok()?;
    if color_primaries == CicpColorPrimaries::Xyz {
        // Axes, not colours: nobody makes pictures of these.
        return None;
    }
    let mut profile = srgb();
    profile.update_rgb_colorimetry_from_cicp(CicpProfile {
        color_primaries,
        transfer_characteristics: TransferCharacteristics::Srgb,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    });
    transform(&with_curve(profile, curve))
}

/// gAMA, the exponent with which light was encoded, and cHRM.
fn of_gamma(gamma: f32, primaries: Option<png::SourceChromaticities>) -> Option<ToSrgb> {
    let mut profile = srgb();
    match primaries {
        None if (0.95..=1.05).contains(&(gamma * 2.2)) => return None,
        None => {}
        Some(primaries) => {
            let point = |(x, y): (png::ScaledFloat, png::ScaledFloat)| {
                Chromaticity::new(x.into_value(), y.into_value())
            };
            let [white, red, green, blue] =
                [primaries.white, primaries.red, primaries.green, primaries.blue].map(point);
            if white.y <= 0.0 {
                return None;
            }
            let primaries = ColorPrimaries { red, green, blue };
            profile.update_rgb_colorimetry(white.to_xyyb(), primaries);
        }
    }
    transform(&with_curve(profile, ToneReprCurve::Parametric(vec![1.0 / gamma])))
}

fn srgb() -> ColorProfile {
    ColorProfile::new_srgb()
}

fn with_curve(mut profile: ColorProfile, curve: ToneReprCurve) -> ColorProfile {
    profile.cicp = None;
    profile.red_trc = Some(curve.clone());
    profile.green_trc = Some(curve.clone());
    profile.blue_trc = Some(curve);
    profile
}

fn transform(from: &ColorProfile) -> Option<ToSrgb> {
    let options = TransformOptions {
        // The first table of a profile, whatever it says that it is for.
        rendering_intent: RenderingIntent::Perceptual,
        allow_use_cicp_transfer: false,
        prefer_fixed_point: false,
        ..Default::default()
    };
    from.create_transform_8bit(Layout::Rgba, &srgb(), Layout::Rgba, options).ok()
}

fn is_animated_webp(bytes: &[u8]) -> bool {
    const ANIMATION: u8 = 2;
    bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & ANIMATION != 0)
}

/// The profile that a BMP with the fifth version of its header embeds.
fn profile_of_bmp(bytes: &[u8]) -> Option<&[u8]> {
    const HEADER: usize = 14;
    let header = bytes.get(HEADER..)?;
    let number = |at: usize| Some(u32::from_le_bytes(*header.get(at..)?.first_chunk()?) as usize);
    if number(0)? < 124 || header.get(56..60)? != b"DEBM" {
        return None;
    }
    header.get(number(112)?..)?.get(..number(116)?)
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Cursor;

    use image::codecs::jpeg::JpegEncoder;
    use image::codecs::webp::WebPEncoder;
    use image::{ExtendedColorType, ImageEncoder, ImageFormat, RgbImage};
    use moxcms::ColorProfile;

    use super::with_curve;
    use crate::pixels::Pixels;

    /// Two colours.
    type Two = [[u8; 3]; 2];

    /// An orange and a blue.
    const COLOURS: [u8; 6] = [191, 95, 31, 47, 127, 175];

    /// A chunk of a PNG.
    pub(in crate::decode) fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let checked = [name, content].concat();
        let (length, sum) = (content.len() as u32, crc32fast::hash(&checked));
        [&length.to_be_bytes()[..], &checked, &sum.to_be_bytes()].concat()
    }

    /// Puts chunks behind the first of a PNG.
    pub(in crate::decode) fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
        const HEADER: usize = 33;
        [&png[..HEADER], &chunks.concat(), &png[HEADER..]].concat()
    }

    fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let image = RgbImage::from_raw(2, 1, COLOURS.into()).unwrap();
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        with_chunks(bytes.get_ref(), chunks)
    }

    fn iccp(profile: &[u8]) -> Vec<u8> {
        // A block that is not compressed, and the checksum that zlib wants.
        let (length, mut sums) = (profile.len() as u16, (1_u32, 0_u32));
        for byte in profile {
            sums.0 = (sums.0 + u32::from(*byte)) % 65_521;
            sums.1 = (sums.1 + sums.0) % 65_521;
        }
        let mut content = b"name\0\0\x78\x01\x01".to_vec();
        content.extend(length.to_le_bytes().into_iter().chain((!length).to_le_bytes()));
        content.extend(profile.iter().copied().chain((sums.1 << 16 | sums.0).to_be_bytes()));
        chunk(b"iCCP", &content)
    }

    fn p3() -> Vec<u8> {
        let mut profile = ColorProfile::new_display_p3();
        profile.cicp = None;
        profile.encode().unwrap()
    }

    /// Red and green in each other's place.
    fn swapped() -> Vec<u8> {
        let mut profile = ColorProfile::new_srgb();
        profile.cicp = None;
        std::mem::swap(&mut profile.red_colorant, &mut profile.green_colorant);
        profile.encode().unwrap()
    }

    fn gama(gamma: u32) -> Vec<u8> {
        chunk(b"gAMA", &gamma.to_be_bytes())
    }

    fn chrm_of_p3() -> Vec<u8> {
        let points: [u32; 8] = [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000];
        chunk(b"cHRM", &points.map(u32::to_be_bytes).concat())
    }

    fn cicp(points: [u8; 4]) -> Vec<u8> {
        chunk(b"cICP", &points)
    }

    #[track_caller]
    fn is_seen(bytes: &[u8], [first, second]: Two, tolerance: u8) {
        let pixels = Pixels::decode(bytes).unwrap();
        let found = pixels.rgba();
        // In JPEG, blocks of 8 pixels.
        let other = (pixels.width() as usize / 2) * 4;
        for (found, expected) in [(&found[..3], first), (&found[other..other + 3], second)] {
            let near = found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= tolerance);
            assert!(near, "{found:?} is not {expected:?}");
        }
    }

    const AS_THEY_ARE: Two = [[191, 95, 31], [47, 127, 175]];
    const FROM_P3: Two = [[205, 88, 0], [0, 129, 180]];
    const FROM_SWAPPED: Two = [[95, 191, 31], [127, 47, 175]];
    const FROM_LINEAR: Two = [[224, 164, 98], [119, 187, 216]];

    /// What Chromium 156 shows, to one step in 255.
    #[test]
    fn what_a_png_says_of_its_colours_is_heeded_as_in_chromium() {
        let srgb = || chunk(b"sRGB", &[0]);
        let damaged = || iccp(&p3()[..200]);
        let cases: [(&[Vec<u8>], Two); 22] = [
            (&[], AS_THEY_ARE),
            (&[iccp(&p3())], FROM_P3),
            (&[iccp(&swapped())], FROM_SWAPPED),
            (&[damaged()], AS_THEY_ARE),
            (&[iccp(b"no profile at all")], AS_THEY_ARE),
            (&[gama(100_000)], FROM_LINEAR),
            (&[gama(55_556)], [[203, 114, 41], [62, 145, 189]]),
            // Near to sRGB, and the same.
            (&[gama(45_455)], AS_THEY_ARE),
            (&[gama(47_727)], AS_THEY_ARE),
            (&[gama(45_455), chrm_of_p3()], [[207, 88, 0], [0, 130, 181]]),
            (&[chrm_of_p3()], AS_THEY_ARE),
            (&[cicp([12, 13, 0, 1])], FROM_P3),
            (&[cicp([1, 1, 0, 1])], [[187, 86, 19], [36, 120, 171]]),
            (&[cicp([9, 14, 0, 1])], [[228, 59, 0], [0, 126, 176]]),
            (&[cicp([1, 8, 0, 1])], FROM_LINEAR),
            // What comes first: cICP, iCCP, sRGB, gAMA.
            (&[cicp([12, 13, 0, 1]), iccp(&swapped())], FROM_P3),
            (&[srgb(), iccp(&swapped())], FROM_SWAPPED),
            (&[iccp(&swapped()), gama(100_000)], FROM_SWAPPED),
            (&[srgb(), gama(100_000), chrm_of_p3()], AS_THEY_ARE),
            // What can't be used gives way to the next.
            (&[damaged(), gama(100_000)], FROM_LINEAR),
            (&[cicp([12, 13, 0, 0]), iccp(&swapped())], FROM_SWAPPED),
            (&[cicp([2, 2, 0, 1]), iccp(&swapped())], FROM_SWAPPED),
        ];
        for (chunks, expected) in cases {
            is_seen(&png(chunks), expected, 1);
        }
    }

    /// A JPEG of two blocks with a profile in it.
    fn jpeg(profile: &[u8]) -> Vec<u8> {
        let blocks: Vec<u8> =
            (0..8 * 16).flat_map(|i| COLOURS[i / 8 % 2 * 3..][..3].to_vec()).collect();
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, 100);
        encoder.write_image(&blocks, 16, 8, ExtendedColorType::Rgb8).unwrap();
        let content = [b"ICC_PROFILE\0\x01\x01", profile].concat();
        let length = (content.len() as u16 + 2).to_be_bytes();
        [&bytes[..2], &[0xFF, 0xE2], &length, &content, &bytes[2..]].concat()
    }

    #[test]
    fn profiles_in_jpeg_webp_and_bmp_are_heeded() {
        is_seen(&jpeg(&p3()), FROM_P3, 4);
        is_seen(&jpeg(&swapped()), FROM_SWAPPED, 4);
        is_seen(&jpeg(&p3()[..200]), AS_THEY_ARE, 3);

        let mut webp = Vec::new();
        let mut encoder = WebPEncoder::new_lossless(&mut webp);
        encoder.set_icc_profile(swapped()).unwrap();
        encoder.encode(&COLOURS, 2, 1, ExtendedColorType::Rgb8).unwrap();
        is_seen(&webp, FROM_SWAPPED, 1);

        let mut header = [0; 124];
        header[0] = 124;
        header[4] = 2;
        header[8] = 1;
        header[12] = 1;
        header[14] = 24;
        header[56..60].copy_from_slice(b"DEBM");
        header[112] = 132;
        header[116..118].copy_from_slice(&(swapped().len() as u16).to_le_bytes());
        let row = [31, 95, 191, 175, 127, 47, 0, 0];
        let file = [b"BM\0\0\0\0\0\0\0\0\x8A\0\0\0", &header[..], &row, &swapped()].concat();
        is_seen(&file, FROM_SWAPPED, 1);
    }

    #[test]
    fn a_profile_of_srgb_changes_no_pixel() {
        let mut bytes = Cursor::new(Vec::new());
        let image =
            RgbImage::from_fn(64, 64, |x, y| [x as u8 * 4, y as u8 * 4, (x * y) as u8].into());
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        let mut profile = ColorProfile::new_srgb();
        profile.cicp = None;
        // Curves come as tables, too.
        let linear = |i: u32| {
            let encoded = f64::from(i) / 1023.0;
            let power = ((encoded + 0.055) / 1.055).powf(2.4);
            (65_535.0 * if encoded <= 0.04045 { encoded / 12.92 } else { power }).round() as u16
        };
        let table = moxcms::ToneReprCurve::Lut((0..1024).map(linear).collect());
        for profile in [profile.clone(), with_curve(profile, table)] {
            let tagged = with_chunks(bytes.get_ref(), &[iccp(&profile.encode().unwrap())]);
            let tagged = Pixels::decode(&tagged).unwrap();
            assert_eq!(tagged, Pixels::decode(bytes.get_ref()).unwrap());
        }
    }

    #[test]
    fn a_grey_picture_takes_a_profile_for_greys_and_a_coloured_one_does_not() {
        let greys = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
        let mut bytes = Cursor::new(Vec::new());
        let image = image::GrayImage::from_raw(2, 1, vec![31, 175]).unwrap();
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        is_seen(&with_chunks(bytes.get_ref(), &[iccp(&greys)]), [[98; 3], [216; 3]], 1);
        is_seen(&png(&[iccp(&greys)]), AS_THEY_ARE, 0);
    }

    #[test]
    fn altered_profiles_never_panic() {
        for profile in [p3(), ColorProfile::new_gray_with_gamma(2.2).encode().unwrap()] {
            for at in 0..profile.len() {
                for value in [0, 0x7F, 0xFF] {
                    let mut altered = profile.clone();
                    altered[at] = value;
                    let _ = Pixels::decode(&jpeg(&altered));
                }
            }
        }
    }
}
