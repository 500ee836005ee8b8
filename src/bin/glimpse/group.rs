//! `glimpse group`: pictures that look alike, put together without labels.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use glimpse::learn::groups::commonest;
use glimpse::learn::quality::Agreement;
use glimpse::learn::{Groups, Space};
use glimpse::pixels::Pixels;
use glimpse::preprocess::{Enhance, Filter, Framing, Normalisation, Preprocessing};
use glimpse::train::TrainError;
use glimpse::train::embed::Embedded;

use super::args::GroupArguments;
use super::embed::{embedded, space};
use super::terminal::{Failure, io_error, read};

/// A group of pictures, and what it is called.
struct Group<'a> {
    name: String,
    pictures: Vec<&'a Embedded>,
}

pub fn run(arguments: &GroupArguments) -> Result<ExitCode, Failure> {
    let weights = read(&arguments.weights)?;
    let space = space(&weights)?;
    let found = embedded(&weights, &arguments.folder)?.pictures;
    let rows = if arguments.pixels {
        pixels(&found)?
    } else {
        found.iter().map(|p| space.embed(&p.features)).collect::<Result<_, _>>()?
    };
    let groups = Groups::new(rows)?;
    let count = arguments.groups.map_or(groups.suggested(), usize::from);
    let cut = groups.cut(count);
    let named = named(&found, &cut);
    let mut out = io::stdout().lock();
    for (number, group) in named.iter().enumerate() {
        writeln!(out, "{}: {} ({} pictures)", number + 1, group.name, group.pictures.len())?;
        for picture in &group.pictures {
            writeln!(out, "    {}", picture.path.display())?;
        }
    }
    if arguments.agreement {
        let folders: Vec<String> = found.iter().map(|p| p.folder(&arguments.folder)).collect();
        let first = |folder: &String| folders.iter().position(|other| other == folder).unwrap_or(0);
        let classes: Vec<usize> = folders.iter().map(first).collect();
        let Agreement { purity, nmi, ari } = Agreement::new(&cut, &classes);
        writeln!(out, "purity {purity:.3}, NMI {nmi:.3}, ARI {ari:.3}")?;
    }
    if let Some(path) = &arguments.csv {
        let mut file = csv::Writer::from_path(path).map_err(io_error)?;
        file.write_record(["path", "group", "name"]).map_err(io_error)?;
        for (picture, group) in found.iter().zip(&cut) {
            let path = picture.path.to_string_lossy();
            let number = (group + 1).to_string();
            file.write_record([&*path, &number, &named[*group].name]).map_err(io_error)?;
        }
        file.flush()?;
    }
    if let Some(folder) = &arguments.into {
        copy(&named, folder, arguments.link)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What groups are compared with that are made without a network: small pictures in the place of features, around their
/// own mean.
fn pixels(pictures: &[Embedded]) -> Result<Vec<Vec<f32>>, Failure> {
    let small = Preprocessing {
        input_size: 32,
        framing: Framing::Stretch,
        second_framing: None,
        filter: Filter::Triangle,
        enhance: Enhance::default(),
        normalisation: Normalisation::IDENTITY,
    };
    let values = |picture: &Embedded| -> Result<Vec<f32>, Failure> {
        let decoded = Pixels::decode(&read(&picture.path)?)?;
        Ok(small.finish(&mut small.fit(&decoded)))
    };
    let rows = pictures.iter().map(values).collect::<Result<Vec<_>, _>>()?;
    let mean = (0..rows.first().map_or(0, Vec::len))
        .map(|at| rows.iter().map(|row| row[at]).sum::<f32>() / rows.len() as f32)
        .collect();
    let space = Space::new(mean);
    Ok(rows.iter().map(|row| space.embed(row)).collect::<Result<_, _>>()?)
}

fn named<'a>(pictures: &'a [Embedded], cut: &[usize]) -> Vec<Group<'a>> {
    let count = cut.iter().max().map_or(0, |most| most + 1);
    let group = |number: usize| {
        let members = pictures.iter().zip(cut).filter(|(_, group)| **group == number);
        let pictures: Vec<&Embedded> = members.map(|(picture, _)| picture).collect();
        let names = pictures.iter().filter_map(|picture| picture.name.as_deref());
        Group { name: commonest(names).unwrap_or("pictures").to_owned(), pictures }
    };
    (0..count).map(group).collect()
}

/// Puts every picture into the folder of its group, under its own name or, where that is taken, with a number.
fn copy(groups: &[Group<'_>], into: &Path, link: bool) -> Result<(), TrainError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |why| TrainError::File { path, why }
    };
    for (number, group) in groups.iter().enumerate() {
        let name: String =
            group.name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        let folder = into.join(format!("{:02}_{name}", number + 1));
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        for picture in &group.pictures {
            let target = free(&folder, &picture.path);
            if link {
                let source = fs::canonicalize(&picture.path).map_err(failed(&picture.path))?;
                symlink(&source, &target).map_err(failed(&target))?;
            } else {
                fs::copy(&picture.path, &target).map_err(failed(&target))?;
            }
        }
    }
    Ok(())
}

/// A name in a folder that nothing has.
fn free(folder: &Path, picture: &Path) -> PathBuf {
    let stem = picture.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let ending = picture.extension().map(|ending| format!(".{}", ending.to_string_lossy()));
    let ending = ending.unwrap_or_default();
    let mut target = folder.join(format!("{stem}{ending}"));
    let mut number = 2;
    while target.symlink_metadata().is_ok() {
        target = folder.join(format!("{stem}-{number}{ending}"));
        number += 1;
    }
    target
}

#[cfg(unix)]
fn symlink(source: &Path, target: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(source, target)
}

#[cfg(not(unix))]
fn symlink(source: &Path, target: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(source, target)
}
