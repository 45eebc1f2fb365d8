//! Runs every case on every adapter and storage, as trials named
//! `adapter::storage::fact::sentence`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a trial fails by panicking

use std::{sync::Arc, time::Duration};

use conformance::{Adapter, Case, Harness, Storage, adapters, suite};
use libtest_mimic::{Arguments, Trial};

/// No case waits for anything: one that takes this long hangs.
const TIME_LIMIT: Duration = Duration::from_secs(60);

fn main() {
    let adapters: Vec<Arc<dyn Adapter>> = vec![Arc::new(adapters::Axum)];
    let mut trials = vec![
        Trial::test("suite::every_row_of_the_wire_s_rules_is_named_by_a_case", || {
            let missing = suite::rows_without_a_case();
            if missing.is_empty() { Ok(()) } else { Err(format!("{missing:?}").into()) }
        }),
        Trial::test("suite::every_case_names_a_known_row", || {
            let unknown = suite::cases_of_unknown_rows();
            if unknown.is_empty() { Ok(()) } else { Err(format!("{unknown:?}").into()) }
        }),
    ];
    for adapter in adapters {
        for storage in Storage::ALL {
            let harness = Harness::new(Arc::clone(&adapter), storage);
            trials.extend(suite::all().into_iter().map(|case| {
                let name =
                    format!("{}::{}::{}::{}", adapter.name(), storage.name(), case.row, case.name);
                let harness = harness.clone();
                Trial::test(name, move || run(case, harness))
            }));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn run(case: Case, harness: Harness) -> Result<(), libtest_mimic::Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime
        .block_on(async { tokio::time::timeout(TIME_LIMIT, (case.run)(harness)).await })
        .map_err(|_| format!("it took longer than {TIME_LIMIT:?}").into())
}
