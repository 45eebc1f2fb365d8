//! The matrix at the end: what passed and failed, by adapter, group of cases and storage.

use std::fmt::Write as _;

use crate::{Row, Run};

/// The summary of the runs that took place; empty where none did.
pub fn summary(rows: &[Row]) -> String {
    let runs: Vec<&Run> = rows.iter().flatten().map(AsRef::as_ref).collect();
    let ran: Vec<&Run> = runs.into_iter().filter(|run| run.has_passed().is_some()).collect();
    if ran.is_empty() {
        return String::new();
    }
    let adapters = distinct(&ran, Run::adapter);
    let mut table = String::new();
    let mut line = |title: &str, cells: Vec<String>| {
        let cells: String = cells.iter().fold(String::new(), |mut line, cell| {
            let _ = write!(line, "  {cell:>18}");
            line
        });
        let _ = writeln!(table, "{}", format!("{title:<16}{cells}").trim_end());
    };
    line("", adapters.iter().map(|adapter| (*adapter).to_owned()).collect());
    for axis in [|run: &Run| run.case.group(), Run::storage] {
        for title in distinct(&ran, axis) {
            let cell = |adapter: &&str| {
                cell(ran.iter().filter(|run| run.adapter() == *adapter && axis(run) == title))
            };
            line(title, adapters.iter().map(cell).collect());
        }
        line("", Vec::new());
    }
    line(
        "all",
        adapters.iter().map(|it| cell(ran.iter().filter(|r| r.adapter() == *it))).collect(),
    );
    table
}

fn distinct<'r>(runs: &[&'r Run], axis: impl Fn(&'r Run) -> &'static str) -> Vec<&'static str> {
    let mut names = Vec::new();
    for name in runs.iter().map(|run| axis(run)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn cell<'r>(runs: impl Iterator<Item = &'r &'r Run>) -> String {
    let (mut passed, mut failed) = (0, 0);
    for run in runs {
        match run.has_passed() {
            Some(true) => passed += 1,
            Some(false) => failed += 1,
            None => {}
        }
    }
    match failed {
        0 => format!("{passed} passed"),
        _ => format!("{passed} ok {failed} FAILED"),
    }
}
