//! Codes that are right once, entered by many users at once.

mod message;
mod totp;

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Instant,
};

use auth_core::{
    AppInfo, Auth,
    core::EngineConfig,
    recipes::{multifactorauth::MultiFactorAuthRecipe, session::SessionRecipe, totp::TotpRecipe},
};
use futures_util::future::BoxFuture;

use super::{TURNS, median, storages::Storages};
use crate::{Outcome, report::Row};

const CALLERS: usize = 32;
const CODES_OF_A_TURN: usize = 1_024;

/// A code that waits to be entered, and how to do that.
type Entry = Box<dyn FnOnce() -> BoxFuture<'static, auth_core::Result<bool>> + Send>;

/// Makes so many of a kind of code; the text makes them different from those made before.
type Make = fn(Auth, usize, String) -> BoxFuture<'static, Outcome<Vec<Entry>>>;

const KINDS: [(&str, &str, Make); 2] = [
    ("codes of messages consumed", "messages", message::make),
    ("TOTP codes verified", "totp", totp::make),
];

/// The rows that are wanted, on each storage.
pub(crate) fn codes(is_wanted: impl Fn(&str) -> bool) -> Outcome<Vec<Row>> {
    let wanted: Vec<_> = KINDS.into_iter().filter(|(name, ..)| is_wanted(name)).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let storages = Storages::start()?;
    let threads = thread::available_parallelism()?.get();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    let mut rows = Vec::new();
    for (name, database, make) in wanted {
        for (storage, url) in storages.databases(database) {
            let rates = runtime.block_on(measure(&url, make))?;
            rows.push(Row {
                name: format!("{name}, {storage}"),
                unit: "/s",
                measured: median(rates),
                budget: None,
                at_least: true,
                note: format!("in process, {CALLERS} at once, each stored durably as used"),
            });
        }
    }
    Ok(rows)
}

async fn measure(url: &str, make: Make) -> Outcome<Vec<f64>> {
    let auth = Auth::builder(AppInfo::new("bench", "http://localhost", "http://localhost"))
        .core(EngineConfig::new(url.parse()?))
        .recipe(SessionRecipe::new())
        .recipe(MultiFactorAuthRecipe::new())
        .recipe(TotpRecipe::new())
        .build()
        .await?;
    let mut rates = Vec::new();
    for turn in 0..TURNS {
        let entries = make(auth.clone(), CODES_OF_A_TURN, turn.to_string()).await?;
        rates.push(enter(entries).await?);
    }
    auth.shutdown().await;
    Ok(rates)
}

/// How many codes are entered in a second. Each has to be right.
async fn enter(entries: Vec<Entry>) -> Outcome<f64> {
    let count = f64::from(u32::try_from(entries.len())?);
    let entries = Arc::new(Mutex::new(entries));
    let start = Instant::now();
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let entries = Arc::clone(&entries);
            tokio::spawn(async move {
                loop {
                    let next = entries.lock().unwrap_or_else(PoisonError::into_inner).pop();
                    let Some(entry) = next else { return Ok(()) };
                    if !entry().await? {
                        return Err(auth_core::Error::other("a right code was refused"));
                    }
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await??;
    }
    Ok(count / start.elapsed().as_secs_f64())
}
