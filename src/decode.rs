//! Pictures from the bytes of files (feature `decode`): what the browser does for the page, done natively.
//!
//! A picture is turned the way its EXIF orientation says, as browsers do: a portrait photo must not lie on its side in
//! the one and stand upright in the other. Its colours are brought to sRGB (see `colour`), and of an animation the
//! first frame is taken, even where another picture stands before it.

mod colour;
mod kinds;

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::{
    AnimationDecoder, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
};

use crate::pixels::{Pixels, PixelsError, check_size};

/// Why bytes are not a picture that this crate accepts.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// There are no bytes to decode.
    #[error("The file is empty.")]
    NoBytes,

    /// The bytes do not begin as any picture does.
    #[error("The file is not a picture: JPEG, PNG, GIF, WebP and BMP are accepted.")]
    NotAPicture,

    /// A picture, but in a format or a variant of one that is not read here.
    #[error(
        "Pictures of this kind ({kind}) are not accepted: save it as an ordinary JPEG, or as PNG, GIF, WebP or BMP."
    )]
    UnsupportedFormat {
        /// The format, as people call it.
        kind: String,
    },

    /// The bytes begin as a picture and go wrong later.
    #[error("The picture is damaged")]
    Damaged(#[source] ImageError),

    /// The bytes begin as a JPEG and end too early.
    #[error("The picture is cut off: the file ends before the end marker of a JPEG.")]
    CutOff,

    /// The picture is empty or too large.
    #[error(transparent)]
    Size(#[from] PixelsError),
}

impl Pixels {
    /// Decodes the bytes of a JPEG, PNG, GIF, WebP or BMP file; which of them is read from the bytes, not from a name.
    ///
    /// The first frame of an animation is taken, the EXIF orientation is applied, colours are brought to sRGB, and
    /// deeper or grey pixels to RGBA8. The size is checked before any pixel is decoded, so a small file that claims to
    /// be a huge picture costs nothing.
    ///
    /// # Errors
    ///
    /// See [`DecodeError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.is_empty() {
            return Err(DecodeError::NoBytes);
        }
        let unsupported = |kind: &str| DecodeError::UnsupportedFormat { kind: kind.into() };
        let readable = image::guess_format(bytes).ok().filter(ImageFormat::reading_enabled);
        let Some(format) = readable else {
            return Err(kinds::name(bytes).map_or(DecodeError::NotAPicture, unsupported));
        };
        if let (ImageFormat::Jpeg, Some(kind)) = (format, kind_of_jpeg(bytes)) {
            return Err(unsupported(kind));
        }

        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        reader.limits(limits());
        let mut decoder = reader.into_decoder().map_err(explain)?;
        let (width, height) = decoder.dimensions();
        check_size(width, height)?;

        // Unreadable EXIF data does not make a picture unreadable. That of WebP is not heeded by browsers, either.
        let turned = format != ImageFormat::WebP;
        let orientation = decoder.orientation().ok().filter(|_| turned);
        let grey = !decoder.color_type().has_color();
        // Inks are converted without a profile.
        let inks = format == ImageFormat::Jpeg && is_cmyk(bytes);
        let icc = decoder.icc_profile().ok().flatten().filter(|_| !inks);
        let animated = match format {
            ImageFormat::Png => first_frame(bytes)?,
            _ => None,
        };
        let picture = match animated {
            Some(frame) => frame,
            None => DynamicImage::from_decoder(decoder).map_err(explain)?,
        };
        if format == ImageFormat::Jpeg {
            // Checked after decoding, so that a stream which is wrong in itself gets the decoder's own words.
            check_jpeg_end(bytes)?;
        }
        let mut picture = picture.into_rgba8();
        if let Some(transform) = colour::to_srgb(format, bytes, icc.as_deref(), grey) {
            colour::apply(&transform, &mut picture);
        }
        let mut picture = DynamicImage::from(picture);
        if let Some(orientation) = orientation {
            picture.apply_orientation(orientation);
        }
        let picture = picture.into_rgba8();
        Ok(Self::new(picture.width(), picture.height(), picture.into_raw())?)
    }
}

/// As much memory as the largest picture needs.
fn limits() -> Limits {
    let mut limits = Limits::default();
    // 16 bits in each of four channels is the deepest that these formats go; the rest is for the decoder's own use.
    limits.max_alloc = Some(Pixels::MAX_PIXELS * 8 + (64 << 20));
    limits
}

/// The first frame of a PNG's animation, where its own picture is no part of that: it is for programs that know no
/// animations, and browsers do not show it.
fn first_frame(png: &[u8]) -> Result<Option<DynamicImage>, DecodeError> {
    let reader = png::Decoder::new(Cursor::new(png)).read_info();
    let apart = reader.is_ok_and(|reader| {
        let info = reader.info();
        info.animation_control.is_some() && info.frame_control.is_none()
    });
    if !apart {
        return Ok(None);
    }
    let decoder = PngDecoder::with_limits(Cursor::new(png), limits()).map_err(explain)?;
    let mut frames = decoder.apng().map_err(explain)?.into_frames();
    let frame = frames.next().transpose().map_err(explain)?;
    Ok(frame.map(|frame| frame.into_buffer().into()))
}

fn explain(error: ImageError) -> DecodeError {
    match error {
        ImageError::Unsupported(error) => {
            DecodeError::UnsupportedFormat { kind: error.to_string() }
        }
        other => DecodeError::Damaged(other),
    }
}

/// A JPEG must reach its end marker.
///
/// The decoder fills what is missing from a cut-off file with grey and reports nothing. In an `<img>` a browser does the
/// same, but there somebody sees it; here a confident answer about half a picture would be all that comes out. The page
/// decodes with `createImageBitmap`, for which Chromium refuses a JPEG without its end marker, too, even where nothing
/// else is missing.
///
/// Not the strict mode of zune-jpeg: `image` turns it off and hands no option through, so the colours and the
/// orientation would be ours to do, too. And it checks for the end of the file before each row of blocks only: of a
/// small JPEG (40 × 30 pixels, 2,768 bytes) it took 74 of the truncations without its last 132 bytes for whole
/// (zune-jpeg 0.5.15).
fn check_jpeg_end(bytes: &[u8]) -> Result<(), DecodeError> {
    const END_OF_IMAGE: u8 = 0xD9;
    // The end marker of a preview inside the EXIF segment does not count.
    let ends = segments(bytes).any(|(marker, _)| marker == END_OF_IMAGE);
    if ends { Ok(()) } else { Err(DecodeError::CutOff) }
}

/// The markers of a JPEG's segments, each with what stands in the segment, up to its end or that of the bytes. Segments
/// are stepped over by their length.
fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = 2;
    std::iter::from_fn(move || {
        // In compressed data 0xFF is followed by 0x00, or by a restart marker; anything else is the next segment.
        while !matches!(bytes.get(at..at + 2)?, [0xFF, 0x01..=0xCF | 0xD8..=0xFE]) {
            at += 1;
        }
        let marker = bytes[at + 1];
        // Behind the end marker there is no length.
        let length = bytes.get(at + 2..at + 4);
        let length =
            length.map_or(2, |bytes| usize::from(u16::from_be_bytes([bytes[0], bytes[1]])));
        let content = bytes.get(at + 4..at + 2 + length).unwrap_or_default();
        at += 2 + length;
        Some((marker, content))
    })
}

/// The segments of a JPEG before its picture.
fn header(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    const START_OF_SCAN: u8 = 0xDA;
    segments(bytes).take_while(|(marker, _)| *marker != START_OF_SCAN)
}

/// The kind of a JPEG that is not read here.
fn kind_of_jpeg(bytes: &[u8]) -> Option<&'static str> {
    header(bytes).find_map(|(marker, _)| kinds::jpeg(marker))
}

/// Whether a JPEG is made of inks.
fn is_cmyk(bytes: &[u8]) -> bool {
    // The frame's segment: bits, height, width, and how many components.
    header(bytes).any(|(marker, frame)| {
        matches!(marker, 0xC0..=0xC2) && frame.get(5).is_some_and(|&components| components == 4)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::codecs::gif::GifEncoder;
    use image::codecs::jpeg::JpegEncoder;
    use image::codecs::webp::WebPEncoder;
    use image::{
        DynamicImage, ExtendedColorType, Frame, ImageEncoder, ImageFormat, RgbImage, RgbaImage,
    };

    use super::colour::tests::{chunk, with_chunks};
    use super::*;

    /// Six blocks of 8 × 8 pixels, three in a row; JPEG keeps a block of one grey as it is.
    const GREYS: [u8; 6] = [0, 50, 100, 150, 200, 250];

    fn jpeg() -> Vec<u8> {
        let image: Vec<u8> = (0..24 * 16).map(|i| GREYS[i / 24 / 8 * 3 + i % 24 / 8]).collect();
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 100);
        encoder.encode(&image, 24, 16, ExtendedColorType::L8).unwrap();
        bytes
    }

    /// An EXIF segment's payload with the orientation as its only entry.
    fn exif(orientation: u8) -> Vec<u8> {
        let mut tiff = b"MM\0*\0\0\0\x08\0\x01".to_vec();
        tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
        tiff
    }

    /// Puts a segment behind a JPEG's start marker.
    fn with_segment(jpeg: &[u8], marker: u8, payload: &[u8]) -> Vec<u8> {
        let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xFF, marker], &length, payload, &jpeg[2..]].concat()
    }

    fn encoded(image: &RgbaImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let image = DynamicImage::ImageRgba8(image.clone());
        // JPEG and BMP are written without alpha.
        let image = if format == ImageFormat::Png { image } else { image.into_rgb8().into() };
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn is_damaged(bytes: &[u8]) -> bool {
        matches!(Pixels::decode(bytes), Err(DecodeError::Damaged(_) | DecodeError::CutOff))
    }

    #[test]
    fn every_orientation_is_applied() {
        // The EXIF standard says at which visual sides row 0 and column 0 of the file lie: 1 top, left; 2 top, right;
        // 3 bottom, right; 4 bottom, left; 5 left, top; 6 right, top; 7 right, bottom; 8 left, bottom. Each entry is
        // the upright picture: its blocks across, and the file's blocks in the order in which they are then seen.
        let upright: [(u32, [usize; 6]); 8] = [
            (3, [0, 1, 2, 3, 4, 5]),
            (3, [2, 1, 0, 5, 4, 3]),
            (3, [5, 4, 3, 2, 1, 0]),
            (3, [3, 4, 5, 0, 1, 2]),
            (2, [0, 3, 1, 4, 2, 5]),
            (2, [3, 0, 4, 1, 5, 2]),
            (2, [5, 2, 4, 1, 3, 0]),
            (2, [2, 5, 1, 4, 0, 3]),
        ];
        for (orientation, (across, blocks)) in (1..).zip(upright) {
            let payload = [b"Exif\0\0", exif(orientation).as_slice()].concat();
            let pixels = Pixels::decode(&with_segment(&jpeg(), 0xE1, &payload)).unwrap();
            assert_eq!((pixels.width(), pixels.height()), (across * 8, 6 / across * 8));
            for (i, block) in (0..).zip(blocks) {
                let (x, y) = (i % across * 8 + 4, i / across * 8 + 4);
                let grey = pixels.rgba()[((y * pixels.width() + x) * 4) as usize];
                assert!(
                    grey.abs_diff(GREYS[block]) <= 2,
                    "orientation {orientation}, block {i}: {grey} is not {}",
                    GREYS[block]
                );
            }
        }
    }

    #[test]
    fn nonsense_in_exif_is_ignored() {
        for payload in [&b"Exif\0\0"[..], b"Exif\0\0MM\0*\xFF\xFF\xFF\xFF", b"Exif\0\0II"] {
            assert_eq!(Pixels::decode(&with_segment(&jpeg(), 0xE1, payload)).unwrap().width(), 24);
        }
        let odd = [b"Exif\0\0", exif(9).as_slice()].concat();
        assert_eq!(Pixels::decode(&with_segment(&jpeg(), 0xE1, &odd)).unwrap().width(), 24);
    }

    #[test]
    fn every_format_is_read() {
        let image = RgbaImage::from_fn(5, 3, |x, y| [x as u8 * 50, y as u8 * 90, 128, 255].into());
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp] {
            let pixels = Pixels::decode(&encoded(&image, format)).unwrap();
            assert_eq!((pixels.width(), pixels.height()), (5, 3));
            assert_eq!(pixels.rgba(), image.as_raw().as_slice(), "{format:?}");
        }
        let pixels = Pixels::decode(&encoded(&image, ImageFormat::Jpeg)).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (5, 3));
    }

    #[test]
    fn deep_and_grey_pixels_become_rgba8() {
        let deep = image::ImageBuffer::from_pixel(2, 1, image::LumaA([0xABAB_u16, 0x8080]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageLumaA16(deep).write_to(&mut bytes, ImageFormat::Png).unwrap();
        let pixels = Pixels::decode(bytes.get_ref()).unwrap();
        assert_eq!(pixels.rgba(), [0xAB, 0xAB, 0xAB, 0x80].repeat(2));
    }

    #[test]
    fn alpha_stays_straight() {
        let image = RgbaImage::from_pixel(1, 1, [250, 3, 7, 10].into());
        let pixels = Pixels::decode(&encoded(&image, ImageFormat::Png)).unwrap();
        assert_eq!(pixels.rgba(), [250, 3, 7, 10]);
    }

    #[test]
    fn the_first_frame_of_an_animation_is_taken() {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        let frames = [[255, 0, 0, 255], [0, 0, 255, 255]];
        for colour in frames {
            encoder.encode_frame(Frame::new(RgbaImage::from_pixel(4, 2, colour.into()))).unwrap();
        }
        drop(encoder);
        let pixels = Pixels::decode(&bytes).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (4, 2));
        assert_eq!(pixels.rgba(), frames[0].repeat(8));
    }

    /// A PNG of 4 × 2 red pixels and, in front of or behind its own picture, an animation that begins with blue ones.
    fn animated_png(apart: bool, before: &[Vec<u8>]) -> Vec<u8> {
        let of = |colour: [u8; 4]| RgbaImage::from_pixel(4, 2, colour.into());
        let (own, frame) = (encoded(&of([255, 0, 0, 255]), ImageFormat::Png), of([0, 0, 255, 90]));
        let frame = encoded(&frame, ImageFormat::Png);
        let data = |png: &[u8]| {
            let at = png.windows(4).position(|name| name == b"IDAT").unwrap();
            let length = u32::from_be_bytes(png[at - 4..at].try_into().unwrap()) as usize;
            png[at + 4..at + 4 + length].to_vec()
        };
        let control = |number: u32| {
            let sizes = [number, 4, 2, 0, 0].map(u32::to_be_bytes).concat();
            chunk(b"fcTL", &[&sizes[..], &[0, 1, 0, 10, 0, 0]].concat())
        };
        let count = if apart { 1 } else { 2 };
        let mut chunks = before.to_vec();
        chunks.push(chunk(b"acTL", &[count, 0].map(u32::to_be_bytes).concat()));
        let mut number = 0;
        if !apart {
            chunks.push(control(0));
            number = 1;
        }
        chunks.push(chunk(b"IDAT", &data(&own)));
        chunks.push(control(number));
        let numbered = [&(number + 1).to_be_bytes()[..], &data(&frame)].concat();
        chunks.push(chunk(b"fdAT", &numbered));
        chunks.push(chunk(b"IEND", &[]));
        [&own[..33], &chunks.concat()].concat()
    }

    #[test]
    fn a_picture_that_is_no_part_of_its_animation_is_not_shown() {
        let first = |bytes: &[u8]| Pixels::decode(bytes).unwrap().rgba()[..4].to_vec();
        assert_eq!(first(&animated_png(true, &[])), [0, 0, 255, 90]);
        assert_eq!(first(&animated_png(false, &[])), [255, 0, 0, 255]);
        let turned = Pixels::decode(&animated_png(true, &[chunk(b"eXIf", &exif(6))])).unwrap();
        assert_eq!((turned.width(), turned.height()), (2, 4));
        let whole = animated_png(true, &[]);
        assert!(is_damaged(&whole[..whole.len() - 20]));
    }

    /// As Chromium 156 does: of a PNG what stands before its picture, of WebP nothing.
    #[test]
    fn orientation_counts_where_browsers_look_for_it() {
        let image = RgbaImage::new(4, 2);
        let png = encoded(&image, ImageFormat::Png);
        let width = |bytes: &[u8]| Pixels::decode(bytes).unwrap().width();
        let turn = chunk(b"eXIf", &exif(6));
        assert_eq!(width(&with_chunks(&png, std::slice::from_ref(&turn))), 2);
        let end = png.len() - 12;
        assert_eq!(width(&[&png[..end], &turn, &png[end..]].concat()), 4);

        let mut webp = Vec::new();
        let mut encoder = WebPEncoder::new_lossless(&mut webp);
        encoder.set_exif_metadata(exif(6)).unwrap();
        encoder.encode(&image, 4, 2, ExtendedColorType::Rgba8).unwrap();
        assert!(webp.windows(4).any(|name| name == b"EXIF"));
        assert_eq!(width(&webp), 4);
    }

    #[test]
    fn what_is_no_picture_is_called_so() {
        assert!(matches!(Pixels::decode(&[]), Err(DecodeError::NoBytes)));
        for text in [&b"A letter, renamed to photo.jpg."[..], b"\0", b"<html/>", &[0; 64]] {
            assert!(matches!(Pixels::decode(text), Err(DecodeError::NotAPicture)));
        }
        let unsupported = |bytes: &[u8], expected: &str| {
            let error = Pixels::decode(bytes).unwrap_err();
            assert!(
                matches!(&error, DecodeError::UnsupportedFormat { kind } if kind == expected),
                "{error}"
            );
        };
        unsupported(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC");
        unsupported(b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "AVIF");
        unsupported(b"II*\0\x08\0\0\0\0\0\0\0", "TIFF, or the raw format of a camera");
        unsupported(b"\xFF\x0A\x38\x08\x1E\x0F\0\x13", "JPEG XL");
        unsupported(b"<svg/>", "SVG");
        let mut arithmetic = jpeg();
        let frame = arithmetic.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        arithmetic[frame + 1] = 0xC9;
        unsupported(&arithmetic, "JPEG with arithmetic coding");
    }

    #[test]
    fn a_file_that_is_cut_off_anywhere_is_an_error() {
        let image = RgbaImage::from_fn(40, 30, |x, y| {
            [x as u8 * 6, y as u8 * 8, (x * y) as u8, 255].into()
        });
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Jpeg] {
            let bytes = encoded(&image, format);
            assert!(Pixels::decode(&bytes).is_ok());
            for part in 1..20 {
                let cut = &bytes[..bytes.len() * part / 20];
                assert!(is_damaged(cut), "{format:?}, {} of {} bytes", cut.len(), bytes.len());
            }
        }
    }

    #[test]
    fn the_end_of_a_preview_is_not_the_end_of_the_picture() {
        let preview = [b"preview".as_slice(), &jpeg()].concat();
        let bytes = with_segment(&jpeg(), 0xE2, &preview);
        assert!(Pixels::decode(&bytes).is_ok());
        assert!(is_damaged(&bytes[..bytes.len() - 2]));
        // Nothing is missing but the marker, and so for `createImageBitmap`.
        let error = Pixels::decode(&bytes[..bytes.len() - 2]).unwrap_err();
        assert!(matches!(&error, DecodeError::CutOff), "{error}");
        // Telephones append a short film.
        assert!(Pixels::decode(&[&bytes, b"more".as_slice()].concat()).is_ok());
    }

    #[test]
    fn altered_bytes_never_panic() {
        let image = RgbaImage::from_fn(9, 9, |x, y| [x as u8 * 20, y as u8 * 20, 99, 255].into());
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Jpeg] {
            let bytes = encoded(&image, format);
            for at in 0..bytes.len() {
                let mut altered = bytes.clone();
                altered[at] ^= 0xFF;
                let _ = Pixels::decode(&altered);
            }
        }
    }

    #[test]
    fn a_bomb_is_refused_by_its_header() {
        let too_large = |bytes: &[u8]| {
            let error = PixelsError::TooLarge { width: 60_000, height: 60_000 };
            matches!(Pixels::decode(bytes), Err(DecodeError::Size(found)) if found == error)
        };
        // 60000 × 60000 pixels, said by a file of a few hundred bytes.
        let mut bytes = encoded(&RgbaImage::new(1, 1), ImageFormat::Bmp);
        bytes[18..22].copy_from_slice(&60_000_u32.to_le_bytes());
        bytes[22..26].copy_from_slice(&60_000_u32.to_le_bytes());
        assert!(too_large(&bytes));

        let mut bytes = jpeg();
        let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        bytes[frame + 5..frame + 9].copy_from_slice(&[0xEA, 0x60, 0xEA, 0x60]);
        assert!(too_large(&bytes));
    }

    #[test]
    fn rgb_files_come_out_as_from_rgb() {
        let rgb: Vec<u8> = (0..27).map(|i| i * 9).collect();
        let mut bytes = Cursor::new(Vec::new());
        RgbImage::from_raw(3, 3, rgb.clone())
            .unwrap()
            .write_to(&mut bytes, ImageFormat::Png)
            .unwrap();
        assert_eq!(Pixels::decode(bytes.get_ref()).unwrap(), Pixels::from_rgb(3, 3, &rgb).unwrap());
    }
}
