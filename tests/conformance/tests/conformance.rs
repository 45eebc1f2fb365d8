//! Runs every case on every adapter and storage, as trials named
//! `adapter::storage::group::rule::sentence`, and compares what they said on the wire, as trials
//! named `compare::group::sentence`. Then it sums up.
//!
//! Every adapter meets one storage and every storage one adapter. With `CONFORMANCE_FULL`, each meets
//! each. `CONFORMANCE_ADAPTER` and `CONFORMANCE_STORAGE` choose one of each by its name, in any
//! case.

use std::{env, process::ExitCode, sync::Arc};

use conformance::{Pairing, Row, Run, Storage, adapters, compare, matrix, suite, summary};
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let chosen =
        choose("CONFORMANCE_ADAPTER", adapters::all(), |it| it.name()).and_then(|adapters| {
            let storages = choose("CONFORMANCE_STORAGE", Storage::available(), |it| it.name())?;
            Ok((adapters, storages))
        });
    let (adapters, storages) = match chosen {
        Ok(chosen) => chosen,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let pairing = match env::var_os("CONFORMANCE_FULL") {
        Some(_) => Pairing::Full,
        None => Pairing::ByPairs,
    };
    let rows = matrix(&suite::all(), &adapters, &storages, pairing);
    let mut trials = vec![
        list_is_empty(
            "every_row_of_the_wire_s_rules_is_named_by_a_case",
            suite::rows_without_a_case,
        ),
        list_is_empty("every_case_names_a_known_row", suite::cases_of_unknown_rows),
        list_is_empty("no_two_cases_of_a_group_have_the_same_name", suite::cases_of_one_name),
    ];
    trials.extend(rows.iter().flatten().map(trial));
    trials.extend(rows.iter().map(comparison));
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials);
    print!("{}", summary(&rows));
    conclusion.exit_code()
}

/// The one of this name, or all where the variable isn't set.
fn choose<T>(
    variable: &str,
    mut all: Vec<T>,
    name: impl Fn(&T) -> &'static str,
) -> Result<Vec<T>, String> {
    let Ok(wanted) = env::var(variable) else { return Ok(all) };
    let names: Vec<&str> = all.iter().map(&name).collect();
    if !names.iter().any(|name| name.eq_ignore_ascii_case(&wanted)) {
        return Err(format!("{variable}: there is no `{wanted}`, only {}", names.join(", ")));
    }
    all.retain(|it| name(it).eq_ignore_ascii_case(&wanted));
    Ok(all)
}

fn list_is_empty(name: &str, list: fn() -> Vec<&'static str>) -> Trial {
    Trial::test(format!("suite::{name}"), move || match list() {
        list if list.is_empty() => Ok(()),
        list => Err(format!("{list:?}").into()),
    })
}

fn trial(run: &Arc<Run>) -> Trial {
    let (case, run) = (run.case, Arc::clone(run));
    let (adapter, storage, group) = (run.adapter(), run.storage(), case.group());
    let name = format!("{adapter}::{storage}::{group}::{}::{}", case.row, case.name);
    Trial::test(name, move || run.outcome().as_ref().map(drop).map_err(Into::into))
}

fn comparison(row: &Row) -> Trial {
    let row = row.clone();
    let name = row.first().map_or_else(String::new, |run| {
        format!("compare::{}::{}", run.case.group(), run.case.name)
    });
    Trial::test(name, move || compare(&row).map_err(Into::into))
}
