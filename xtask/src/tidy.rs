//! The house's own rules.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    asvs, citations, layers, pages,
    run::{Outcome, root},
    snippets,
};

/// How much code an adapter may have: beyond that, it holds what belongs into `auth-core`.
const ADAPTERS: &[(&str, usize)] = &[
    ("auth-axum", 250),
    ("auth-actix", 260),
    ("auth-rocket", 250),
    ("auth-warp", 250),
    ("auth-poem", 250),
    ("auth-tower", 175),
];

/// How long a file may be: beyond that, it holds more than one idea.
const LONGEST_FILE: usize = 600;

const FOLDERS: &[&str] = &["crates", "examples", "tests", "xtask"];

/// Counts the adapters' code and every file's lines, compares the pages' snippets, looks citations
/// and proofs up, and finds imports that go upwards.
pub(crate) fn run() -> Outcome {
    match problems() {
        Ok(problems) if problems.is_empty() => Outcome::Passed,
        Ok(problems) => {
            eprintln!("{}", problems.join("\n"));
            Outcome::Failed
        }
        Err(error) => {
            eprintln!("the sources can't be read: {error}");
            Outcome::Failed
        }
    }
}

fn problems() -> io::Result<Vec<String>> {
    let mut problems = Vec::new();
    for (name, most) in ADAPTERS {
        let mut lines = 0;
        for file in rust_files(&root().join("crates").join(name).join("src"))? {
            lines += fs::read_to_string(file)?.lines().filter(|line| is_code(line)).count();
        }
        if lines >= *most {
            problems.push(format!("{name}: {lines} lines of code; it must have less than {most}"));
        }
    }
    let mut files = Vec::new();
    for folder in FOLDERS {
        files.extend(rust_files(&root().join(folder))?);
    }
    for file in &files {
        let lines = fs::read_to_string(file)?.lines().count();
        if lines > LONGEST_FILE {
            let file = file.display();
            problems.push(format!("{file}: {lines} lines; split it at {LONGEST_FILE}"));
        }
    }
    problems.extend(citations::problems(files.iter().map(PathBuf::as_path))?);
    problems.extend(asvs::problems(files.iter().map(PathBuf::as_path))?);
    problems.extend(snippets::problems()?);
    problems.extend(layers::problems(&layers::sources())?);
    problems.extend(pages::problems()?);
    Ok(problems)
}

fn is_code(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with("//")
}

/// The Rust files below a folder, without what tools have put there.
pub(crate) fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_foreign = path.ends_with("target") || path.ends_with("node_modules");
        if path.is_dir() && !is_foreign {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}
