//! Every case on every adapter and storage, each run at most once.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, OnceLock},
    time::Duration,
};

use crate::{
    Adapter, Case, Harness, Storage,
    transcript::{Recorder, Transcript},
};

/// No case waits for anything that takes long: one that takes this long hangs.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// A case on an adapter and a storage.
pub struct Run {
    adapter: Arc<dyn Adapter>,
    storage: Storage,
    /// The case.
    pub case: Case,
    outcome: OnceLock<Result<Transcript, String>>,
}

/// The runs of one case.
pub type Row = Vec<Arc<Run>>;

/// Which adapters meet which storages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// Each with each.
    Full,
    /// Every adapter on the first storage, and every storage under the first adapter: adapters know
    /// nothing of storages, so that what holds by pairs holds for all.
    ByPairs,
}

/// Every case with its runs.
pub fn matrix(
    cases: &[Case],
    adapters: &[Arc<dyn Adapter>],
    storages: &[Storage],
    pairing: Pairing,
) -> Vec<Row> {
    let meet =
        |adapter: usize, storage: usize| pairing == Pairing::Full || adapter == 0 || storage == 0;
    let run = |case: &Case, adapter: &Arc<dyn Adapter>, storage: Storage| {
        let (case, adapter) = (*case, Arc::clone(adapter));
        Arc::new(Run { adapter, storage, case, outcome: OnceLock::new() })
    };
    cases
        .iter()
        .map(|case| {
            let storages = storages.iter().enumerate();
            let pairs = adapters
                .iter()
                .enumerate()
                .flat_map(|adapter| storages.clone().map(move |storage| (adapter, storage)));
            pairs
                .filter(|((adapter, _), (storage, _))| meet(*adapter, *storage))
                .map(|((_, adapter), (_, storage))| run(case, adapter, *storage))
                .collect()
        })
        .collect()
}

impl Run {
    /// The adapter's name.
    pub fn adapter(&self) -> &'static str {
        self.adapter.name()
    }

    /// The storage's name.
    pub fn storage(&self) -> &'static str {
        self.storage.name()
    }

    /// What was said on the wire, or why the case failed. Whoever asks first runs the case;
    /// others wait for it.
    pub fn outcome(&self) -> &Result<Transcript, String> {
        self.outcome.get_or_init(|| self.execute())
    }

    /// Whether the case passed; `None` where nobody has asked for its outcome.
    pub fn has_passed(&self) -> Option<bool> {
        self.outcome.get().map(Result::is_ok)
    }

    fn execute(&self) -> Result<Transcript, String> {
        let harness = Harness::new(Arc::clone(&self.adapter), self.storage);
        let recorder = harness.recorder().clone();
        let case = self.case;
        catch_unwind(AssertUnwindSafe(|| run(case, harness, &recorder)))
            .unwrap_or_else(|panic| Err(message(&*panic)))
    }
}

fn run(case: Case, harness: Harness, recorder: &Recorder) -> Result<Transcript, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime
        .block_on(async { tokio::time::timeout(TIME_LIMIT, (case.run)(harness)).await })
        .map_err(|_| format!("it took longer than {TIME_LIMIT:?}"))?;
    Ok(recorder.transcript())
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
}
