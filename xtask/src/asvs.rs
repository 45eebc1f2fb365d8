//! The table of ASVS requirements: what it names as proof must be there.

use std::{
    collections::{BTreeSet, HashSet},
    fs, io,
    path::Path,
};

use crate::run::root;

const PAGE: &str = "crates/auth-core/docs/asvs.md";
/// The chapters whose requirements of levels 1 and 2 the table has.
const CHAPTERS: &[&str] = &["3.", "6.", "7.", "9."];
/// How a requirement may hold.
const WAYS: &[&str] = &["by default", "by ", "the application", "in part", "no"];

/// A row: the requirement's number, how it holds, and what shows it.
struct Row<'p> {
    number: &'p str,
    holds: &'p str,
    shown_by: &'p str,
}

fn rows(page: &str) -> impl Iterator<Item = Row<'_>> {
    page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
        let &[number, _, holds, shown_by, ""] = cells.as_slice() else { return None };
        let is_number = number.starts_with(|it: char| it.is_ascii_digit());
        is_number.then_some(Row { number, holds, shown_by })
    })
}

/// Finds rows that say in no known way how they hold, show nothing for it, or name a test or file
/// that isn't there.
pub(crate) fn problems<'a>(files: impl Iterator<Item = &'a Path>) -> io::Result<Vec<String>> {
    let mut functions = HashSet::new();
    for file in files {
        for line in fs::read_to_string(file)?.lines() {
            functions.extend(function(line).map(str::to_owned));
        }
    }
    let page = fs::read_to_string(root().join(PAGE))?;
    let is_there = |name: &str| match name.contains(['/', '.']) {
        true => root().join(name).exists(),
        false => functions.contains(name),
    };
    Ok(problems_of(&page, is_there))
}

fn problems_of(page: &str, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for Row { number, holds, shown_by } in rows(page) {
        let mut wrong = |what: String| problems.push(format!("asvs.md: {number}: {what}"));
        let is_new = seen.insert(number);
        if !is_new || !CHAPTERS.iter().any(|chapter| number.starts_with(chapter)) {
            wrong("twice, or of none of the table's chapters".to_owned());
        }
        if !WAYS.iter().any(|way| holds.starts_with(way)) {
            wrong(format!("it holds in none of the ways {WAYS:?}"));
        }
        let named: Vec<&str> = shown_by.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            wrong("no test or place shows it".to_owned());
        }
        for name in named.iter().filter(|name| !is_there(name)) {
            wrong(format!("there is no `{name}`"));
        }
    }
    if seen.is_empty() {
        problems.push("asvs.md: it has no rows".to_owned());
    }
    problems
}

/// The name of the function whose definition is on a line.
fn function(line: &str) -> Option<&str> {
    let (ahead, rest) = line.split_once("fn ")?;
    let is_definition = ahead.split_whitespace().all(|word| {
        word.starts_with("pub") || matches!(word, "async" | "const" | "in" | "super)" | "crate)")
    });
    let length = rest.find(|it: char| !it.is_alphanumeric() && it != '_')?;
    (is_definition && length > 0).then(|| &rest[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_found_by_its_definition_alone() {
        assert_eq!(function("    pub(crate) async fn a_b(x: u8) {"), Some("a_b"));
        assert_eq!(function("fn t<T>() {}"), Some("t"));
        assert_eq!(function("// the fn a_b() of old"), None);
        assert_eq!(function("let f: fn (u8) = g;"), None);
    }

    #[test]
    fn a_row_must_hold_in_a_known_way_and_show_what_is_there() {
        let found = |row: &str| problems_of(row, |name| name == "a_test" || name == "a/b.rs");
        assert_eq!(found("| 3.3.1 | x | by default | `a_test`, `a/b.rs` |"), [""; 0]);
        for row in [
            "| 3.3.1 | x | surely | `a_test` |",
            "| 3.3.1 | x | by default | a_test |",
            "| 3.3.1 | x | by default | `another_test` |",
            "| 3.3.1 | x | by default | `b/b.rs` |",
            "| 4.3.1 | x | by default | `a_test` |",
            "| 3.3.1 | x | no | `a_test` |\n| 3.3.1 | x | no | `a_test` |",
            "nothing",
        ] {
            assert_eq!(found(row).len(), 1, "{row}");
        }
    }
}
