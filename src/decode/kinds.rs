//! Formats that are not read here, known by their first bytes: whoever comes with one should read what it is.

/// What a file is, as people call it; nothing if that is not known.
pub(super) fn name(bytes: &[u8]) -> Option<&'static str> {
    const BEGINNINGS: [(&[u8], &str); 20] = [
        (b"\xFF\x0A", "JPEG XL"),
        (b"\0\0\0\x0CJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x0CjP  \r\n\x87\n", "JPEG 2000"),
        (b"\xFF\x4F\xFF\x51", "JPEG 2000"),
        (b"II*\0\x10\0\0\0CR", "Canon CR2"),
        (b"II*\0", "TIFF, or the raw format of a camera"),
        (b"MM\0*", "TIFF, or the raw format of a camera"),
        (b"II+\0", "TIFF"),
        (b"MM\0+", "TIFF"),
        (b"FUJIFILMCCD-RAW", "Fujifilm RAF"),
        (b"8BPS", "Photoshop"),
        (b"gimp xcf", "GIMP XCF"),
        (b"%PDF-", "PDF"),
        (b"\0\0\x01\0", "ICO"),
        (b"qoif", "QOI"),
        (b"\x76\x2F\x31\x01", "OpenEXR"),
        (b"#?RADIANCE", "Radiance HDR"),
        (b"DDS ", "DDS"),
        (b"farbfeld", "farbfeld"),
        (b"\x1A\x45\xDF\xA3", "WebM, a film"),
    ];
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(name_of_brand(bytes));
    }
    let known = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning));
    let known = known.map(|(_, name)| *name);
    known.or_else(|| is_svg(bytes).then_some("SVG")).or_else(|| is_pnm(bytes).then_some("PNM"))
}

/// Files of the ISO base media format are told apart by their brands: the major one, and those that they go by, too.
fn name_of_brand(bytes: &[u8]) -> &'static str {
    let length = bytes.first_chunk().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let end = length.clamp(12, 256).min(bytes.len());
    let major = bytes.get(8..12).unwrap_or_default();
    let others = bytes.get(16..end).unwrap_or_default().chunks_exact(4);
    let name = |brand: &[u8]| match brand {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => Some("HEIC"),
        b"avif" | b"avis" => Some("AVIF"),
        b"crx " => Some("Canon CR3"),
        _ => None,
    };
    let image = |brand: &[u8]| matches!(brand, b"mif1" | b"mif2" | b"msf1");
    let all = || std::iter::once(major).chain(others.clone());
    match all().find_map(name) {
        Some(name) => name,
        None if all().any(image) => "HEIF",
        None => "MP4 or QuickTime, a film",
    }
}

fn is_svg(bytes: &[u8]) -> bool {
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    let beginning = beginning.trim_start_matches('\u{FEFF}').trim_start();
    beginning.starts_with("<svg")
        || beginning.contains("<svg")
            && (beginning.starts_with("<?xml") || beginning.starts_with("<!"))
}

fn is_pnm(bytes: &[u8]) -> bool {
    matches!(bytes, [b'P', b'1'..=b'7', space, b'#' | b'0'..=b'9' | b'W', ..] if space.is_ascii_whitespace())
}

/// The kind of a JPEG that only few programs write, by the marker of its frame.
pub(super) fn jpeg(marker: u8) -> Option<&'static str> {
    Some(match marker {
        0xC9 | 0xCA => "JPEG with arithmetic coding",
        0xC3 | 0xCB => "lossless JPEG",
        0xC5..=0xC7 | 0xCD..=0xCF => "hierarchical JPEG",
        0xF7 => "JPEG-LS",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_their_beginning() {
        let cases: [(&[u8], &str); 14] = [
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
            (b"\0\0\0\x1Cftypmif1\0\0\0\0mif1heicmiaf", "HEIC"),
            (b"\0\0\0\x14ftypmif1\0\0\0\0mif1heic", "HEIF"),
            (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "AVIF"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "AVIF"),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "MP4 or QuickTime, a film"),
            (b"\0\0\0", "nothing"),
            (b"\0\0\0\x18ftyp", "MP4 or QuickTime, a film"),
            (b"\xFF\x0A\x38", "JPEG XL"),
            (b"\0\0\0\x0CJXL \r\n\x87\n", "JPEG XL"),
            (b"II*\0\x08\0\0\0", "TIFF, or the raw format of a camera"),
            (b"\xEF\xBB\xBF<?xml version='1.0'?>\n<svg>", "SVG"),
            (b"P6\n2 2\n255\n", "PNM"),
            (b"Pets in a letter", "nothing"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(name(bytes).unwrap_or("nothing"), expected, "{bytes:?}");
        }
    }
}
