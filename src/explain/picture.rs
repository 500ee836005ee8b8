//! A map as a picture: the photo, its colours over it, and the legend below (feature `decode`).

use std::io::Cursor;

use image::{ImageError, ImageFormat, RgbImage};

use super::Map;
use super::colours::{colour, overlay};
use crate::pixels::Pixels;

/// A smaller picture is enlarged by a whole number, so that the legend has room.
const SHORTEST: u32 = 240;
/// The legend is this wide, however narrow the picture, so that its digits can be read and have room beside each other:
/// the picture then stands in the middle.
const LEAST: u32 = 320;
/// So many dots of its digits is the legend wide.
const DOTS: u32 = 160;
/// The legend's lines, in the size of such a dot.
const MARGIN: u32 = 3;
const BAR: u32 = 6;
const DIGITS: u32 = 5;

/// The bytes of a PNG. The colours cover the photo as much as `opacity` says, from 0 to 1; the legend tells from which
/// number to which they go.
///
/// # Errors
///
/// If the picture is too large for a PNG.
pub fn png(photo: &Pixels, map: &Map, opacity: f32) -> Result<Vec<u8>, ImageError> {
    let enlarged = SHORTEST.div_ceil(photo.width().max(photo.height())).max(1);
    let (width, height) = (photo.width() * enlarged, photo.height() * enlarged);
    let whole = width.max(LEAST);
    let left = (whole - width) / 2;
    let limit = map.limit();
    let colours = overlay(&map.values, limit);
    let dot = whole / DOTS;
    let legend = (MARGIN * 3 + BAR + DIGITS) * dot;
    let mut picture = RgbImage::from_pixel(whole, height + legend, image::Rgb([255; 3]));
    for y in 0..height {
        for x in 0..width {
            let at = (y / enlarged * photo.width() + x / enlarged) as usize * 4;
            let (pixel, _) = photo.rgba()[at..].as_chunks::<4>();
            let below = over([255.0; 3], pixel[0].map(f32::from), 1.0);
            let place = [(x, width, map.columns), (y, height, map.rows)]
                .map(|(at, side, squares)| (at as f32 + 0.5) / side as f32 * squares as f32 - 0.5);
            let above = between(&colours, map.columns, map.rows, place);
            let mixed = over(below, above, opacity.clamp(0.0, 1.0));
            picture.put_pixel(left + x, y, image::Rgb(mixed.map(|value| (value + 0.5) as u8)));
        }
    }
    draw_legend(&mut picture, height, dot, limit);
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)?;
    Ok(bytes)
}

/// Straight alpha over an opaque colour, 0 to 255.
fn over(below: [f32; 3], [red, green, blue, alpha]: [f32; 4], opacity: f32) -> [f32; 3] {
    let alpha = alpha / 255.0 * opacity;
    let above = [red, green, blue];
    std::array::from_fn(|c| below[c] + (above[c] - below[c]) * alpha)
}

/// The colour between four squares of the grid.
fn between(colours: &[u8], columns: usize, rows: usize, place: [f32; 2]) -> [f32; 4] {
    let [across, down] = [(place[0], columns), (place[1], rows)].map(|(at, count)| {
        let at = at.clamp(0.0, (count - 1) as f32);
        let first = at as usize;
        [(first, 1.0 - at.fract()), ((first + 1).min(count - 1), at.fract())]
    });
    let mut sum = [0.0; 4];
    for (y, of_row) in down {
        for (x, of_column) in across {
            let at = (y * columns + x) * 4;
            for (sum, byte) in sum.iter_mut().zip(&colours[at..at + 4]) {
                *sum += f32::from(*byte) * of_row * of_column;
            }
        }
    }
    sum
}

/// The bar of all colours with its ends' and its middle's numbers.
fn draw_legend(picture: &mut RgbImage, from: u32, dot: u32, limit: f32) {
    let width = picture.width();
    let (left, right) = (MARGIN * dot, width.saturating_sub(MARGIN * dot));
    let length = right.saturating_sub(left).max(1);
    for x in left..right {
        let share = (x - left) as f32 / length as f32 * 2.0 - 1.0;
        let shown = over([255.0; 3], colour(share).map(f32::from), 1.0).map(|value| value as u8);
        for y in 0..BAR * dot {
            picture.put_pixel(x, from + MARGIN * dot + y, image::Rgb(shown));
        }
    }
    let top = from + (MARGIN * 2 + BAR) * dot;
    // Two digits that say something.
    let decimals =
        if limit > 0.0 { (1.0 - limit.log10().floor()).clamp(0.0, 6.0) as usize } else { 0 };
    let (low, high) = (format!("{:.decimals$}", -limit), format!("+{limit:.decimals$}"));
    let long = |text: &str| (text.len() as u32 * 4).saturating_sub(1) * dot;
    for (text, x) in [
        (low.as_str(), left),
        ("0", (width / 2).saturating_sub(dot * 3 / 2)),
        (high.as_str(), right.saturating_sub(long(&high))),
    ] {
        for (place, character) in text.chars().enumerate() {
            draw(picture, character, x + place as u32 * 4 * dot, top, dot);
        }
    }
}

/// A character of three dots by five.
fn draw(picture: &mut RgbImage, character: char, left: u32, top: u32, dot: u32) {
    let rows: [u8; 5] = match character {
        '0' => [7, 5, 5, 5, 7],
        '1' => [2, 6, 2, 2, 7],
        '2' => [7, 1, 7, 4, 7],
        '3' => [7, 1, 7, 1, 7],
        '4' => [5, 5, 7, 1, 1],
        '5' => [7, 4, 7, 1, 7],
        '6' => [7, 4, 7, 5, 7],
        '7' => [7, 1, 1, 2, 2],
        '8' => [7, 5, 7, 5, 7],
        '9' => [7, 5, 7, 1, 7],
        '+' => [0, 2, 7, 2, 0],
        '-' => [0, 0, 7, 0, 0],
        '.' => [0, 0, 0, 0, 2],
        _ => return,
    };
    for (row, bits) in (0u32..).zip(rows) {
        for column in (0u32..3).filter(|column| bits >> (2 - column) & 1 == 1) {
            for (x, y) in (0..dot).flat_map(|y| (0..dot).map(move |x| (x, y))) {
                let (x, y) = (left + column * dot + x, top + row * dot + y);
                if let Some(pixel) = picture.get_pixel_mut_checked(x, y) {
                    *pixel = image::Rgb([0; 3]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::Method;

    fn map() -> Map {
        let mut map = Map {
            method: Method::Cells,
            of: "class",
            label: "dog".into(),
            score: 0.0,
            constant: Some(0.0),
            columns: 5,
            rows: 4,
            values: vec![0.0; 20],
            cells: Vec::new(),
        };
        map.values[0] = 2.0;
        map.values[19] = -2.0;
        map
    }

    fn at(shown: &Pixels, x: u32, y: u32) -> [u8; 4] {
        let (pixels, _) = shown.rgba().as_chunks();
        pixels[(y * shown.width() + x) as usize]
    }

    #[test]
    fn the_photo_is_coloured_where_the_map_says_something() {
        let photo = Pixels::from_rgb(400, 320, &[255; 400 * 320 * 3]).unwrap();
        let shown = Pixels::decode(&png(&photo, &map(), 1.0).unwrap()).unwrap();
        assert_eq!(shown.width(), 400);
        assert!(shown.height() > 320);
        assert_eq!(at(&shown, 5, 5), colour(1.0));
        assert_eq!(at(&shown, 395, 315), colour(-1.0));
        assert_eq!(at(&shown, 200, 140), [255; 4]);
        assert_ne!(at(&shown, 8, 327), at(&shown, 390, 327), "the two ends of the legend");
        // An icon is enlarged for its legend.
        let icon = Pixels::from_rgb(32, 16, &[0; 32 * 16 * 3]).unwrap();
        let shown = Pixels::decode(&png(&icon, &map(), 0.5).unwrap()).unwrap();
        assert_eq!(shown.height() - 40, 16 * 8);
    }

    #[test]
    fn the_legend_of_a_narrow_photo_has_room() {
        let photo = Pixels::from_rgb(100, 600, &[255; 100 * 600 * 3]).unwrap();
        let shown = Pixels::decode(&png(&photo, &map(), 1.0).unwrap()).unwrap();
        assert_eq!((shown.width(), shown.height()), (LEAST, 640));
        assert_eq!(at(&shown, 112, 5), colour(1.0), "the photo stands in the middle");
        assert_eq!([at(&shown, 100, 5), at(&shown, 215, 5)], [[255; 4]; 2], "white beside it");
        // Three numbers with gaps between them, each dot at least two pixels wide.
        let ink = |x: u32| (624..634).any(|y| at(&shown, x, y) == [0, 0, 0, 255]);
        let inked: Vec<u32> = (0..LEAST).filter(|x| ink(*x)).collect();
        let gaps = inked.windows(2).filter(|pair| pair[1] - pair[0] > 20).count();
        assert_eq!(gaps, 2, "{inked:?}");
        assert!(inked.chunks(2).all(|pair| pair[1] == pair[0] + 1), "{inked:?}");
    }
}
