//! The rows as a table.

use std::fmt::Write;

use indicatif::HumanCount;

use super::record::{Record, Row, Settings};
use super::subject::SIDE;
use crate::metrics::{Interval, percent};

/// How the table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TableFormat {
    /// With columns of one width, to be read in a terminal
    Text,
    /// As Markdown
    Markdown,
    /// The rows with all their figures
    Json,
}

const HEADINGS: [&str; 8] = [
    "",
    "accuracy (95 % interval)",
    "macro F1",
    "parameters",
    "multiply-adds",
    "file",
    "a picture",
    "training",
];

/// Rows as text, those of the same pictures and seed together, with a line that says which these are.
pub fn table(rows: &[Row], format: TableFormat) -> String {
    if format == TableFormat::Json {
        let record = Record { rows: rows.to_vec() };
        return serde_json::to_string_pretty(&record).expect("plain numbers and text");
    }
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|group| same_pictures(group[0], row)) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    // A record has them in the order in which they were done.
    groups.iter_mut().for_each(|group| group.sort_by_key(|row| row.method as usize));
    let groups = groups.iter().map(|group| match format {
        TableFormat::Markdown => format!("{}\n{}", markdown(group), about(group)),
        _ => format!("{}\n{}", text(group), about(group)),
    });
    groups.collect::<Vec<_>>().join("\n\n")
}

/// A row in one line, for a log.
pub fn told(row: &Row) -> String {
    let [method, rest @ ..] = cells(row);
    let named = rest.iter().zip(&HEADINGS[1..]).map(|(cell, heading)| format!("{heading} {cell}"));
    format!("{method}: {}", named.collect::<Vec<_>>().join(", "))
}

fn same_pictures(a: &Row, b: &Row) -> bool {
    let of = |row: &Row| {
        let Settings { data, learnt, held_out, seed, .. } = row.settings.clone();
        (data, learnt, held_out, seed, row.images)
    };
    of(a) == of(b)
}

fn markdown(rows: &[&Row]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut table = line(&HEADINGS.map(str::to_owned));
    table += "|---|---:|---:|---:|---:|---:|---:|---:|\n";
    rows.iter().for_each(|row| table += &line(&cells(row)));
    table
}

fn text(rows: &[&Row]) -> String {
    let rows: Vec<[String; 8]> =
        std::iter::once(HEADINGS.map(str::to_owned)).chain(rows.iter().map(|r| cells(r))).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: [usize; 8] = std::array::from_fn(|column| width(column).unwrap_or(0));
    let mut table = String::new();
    for row in rows {
        let [first, rest @ ..] = row;
        let _ = write!(table, "{first:<0$}", widths[0]);
        for (cell, width) in rest.iter().zip(&widths[1..]) {
            let _ = write!(table, "  {cell:>width$}");
        }
        table.push('\n');
    }
    table
}

fn about(rows: &[&Row]) -> String {
    let Row { settings, images, .. } = rows[0];
    let days = rows.iter().map(|row| row.date.as_str());
    let (first, last) = (days.clone().min().unwrap_or(""), days.max().unwrap_or(""));
    let days = if first == last { first.to_owned() } else { format!("{first} to {last}") };
    let mut backends: Vec<&str> =
        rows.iter().filter_map(|row| row.settings.backend.as_deref()).collect();
    backends.sort_unstable();
    backends.dedup();
    let backend = match &backends[..] {
        [] => String::new(),
        some => format!(", backend {}", some.join(" and ")),
    };
    format!(
        "Learnt from {} pictures of {SIDE} × {SIDE} pixels, chosen by {} others, measured on {}: {}. Seed {}{backend}, {days}.",
        HumanCount(settings.learnt as u64),
        HumanCount(settings.held_out as u64),
        HumanCount(*images as u64),
        settings.data,
        settings.seed,
    )
}

fn cells(row: &Row) -> [String; 8] {
    let [low, high] = row.accuracy_interval;
    let chosen = if row.chosen.is_empty() { String::new() } else { format!(" ({})", row.chosen) };
    [
        row.method.title().to_owned() + &chosen,
        format!("{} ({})", percent(row.accuracy), Interval { low, high }),
        format!("{:.3}", row.f1),
        HumanCount(row.parameters as u64).to_string(),
        millions(row.multiply_adds),
        bytes(row.bytes),
        milliseconds(row.milliseconds),
        duration(row.seconds),
    ]
}

fn millions(count: u64) -> String {
    match count {
        0 => "0".to_owned(),
        1..100_000 => format!("{:.3} M", count as f64 / 1e6),
        _ => format!("{:.1} M", count as f64 / 1e6),
    }
}

fn bytes(count: usize) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.0} kB", count as f64 / 1e3),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}

fn milliseconds(time: f64) -> String {
    match time {
        ..0.01 => "< 0.01 ms".to_owned(),
        0.01..10.0 => format!("{time:.2} ms"),
        _ => format!("{time:.0} ms"),
    }
}

fn duration(seconds: f64) -> String {
    match seconds {
        ..10.0 => format!("{seconds:.1} s"),
        10.0..120.0 => format!("{seconds:.0} s"),
        120.0..7200.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::method::Method;
    use super::super::record::testing::row;
    use super::*;

    #[test]
    fn rows_of_the_same_pictures_are_one_table() {
        let rows = [row(Method::Tree, 100), row(Method::Forest, 200), row(Method::Nearest, 100)];
        let markdown = table(&rows, TableFormat::Markdown);
        let lines: Vec<&str> = markdown.lines().collect();
        assert_eq!(
            lines[3],
            "| decision tree, HOG and colours (k = 3) | 70.00 % (39.7 to 89.2 %) | 0.600 | 1,234 | 118.2 M | 5 kB | 0.50 ms | 3 min |"
        );
        assert!(lines[2].starts_with("| nearest neighbours, pixels (k = 3) |"), "{markdown}");
        assert!(lines[5].starts_with(
            "Learnt from 100 pictures of 32 × 32 pixels, chosen by 20 others, measured on 10: folder stripes. Seed 1, 2"
        ));
        assert_eq!(markdown.matches("macro F1").count(), 2);

        let text = table(&rows[..1], TableFormat::Text);
        let widths: Vec<usize> = text.lines().take(2).map(|line| line.chars().count()).collect();
        assert_eq!(widths[0], widths[1], "{text}");
        let json: Record = serde_json::from_str(&table(&rows, TableFormat::Json)).unwrap();
        assert_eq!(json.rows, rows);
    }

    #[test]
    fn small_numbers_and_large_ones_have_units_of_their_own() {
        assert_eq!([0, 8_432, 4_188_800].map(millions), ["0", "0.008 M", "4.2 M"]);
        assert_eq!([4, 1_200, 1_983_000].map(bytes), ["4 B", "1 kB", "2.0 MB"]);
        assert_eq!([0.001, 0.25, 62.4].map(milliseconds), ["< 0.01 ms", "0.25 ms", "62 ms"]);
        assert_eq!([3.21, 45.0, 600.0, 9000.0].map(duration), ["3.2 s", "45 s", "10 min", "2.5 h"]);
    }
}
