//! The statements that the engine runs, and what SQLite does for each.

use std::{
    collections::BTreeSet,
    fmt,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer, Registry,
    filter::{LevelFilter, Targets},
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::Outcome;

/// Tables that have few rows, however many users there are: `h` are the heads of the audit log's
/// chains, and spans of time in which users were seen grow with the years.
const SMALL_TABLES: [&str; 6] = [
    "apps",
    "tenants",
    "session_access_token_signing_keys",
    "audit_log_heads",
    "h ",
    "user_activity_counts",
];

/// Rows that a statement brings itself, or has read by an index: `c` is what a count of active users
/// adds up.
fn is_no_table(step: &str) -> bool {
    step.starts_with("CONSTANT ROW") || step.ends_with("VALUES CLAUSE") || step == "c"
}

/// Collects what the engine runs. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Statements(Arc<Mutex<BTreeSet<String>>>);

impl Statements {
    /// Collects from now on, for the whole process.
    pub(crate) fn collect() -> Outcome<Self> {
        let statements = Self::default();
        let only = Targets::new().with_target("auth_engine::sql", LevelFilter::TRACE);
        Registry::default().with(statements.clone().with_filter(only)).try_init()?;
        Ok(statements)
    }

    /// What was collected since it was last asked for.
    pub(crate) fn take(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        event.record(&mut Statement(self));
    }
}

struct Statement<'a>(&'a Statements);

impl Visit for Statement<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        let mut statements = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if field.name() == "statement" && !statements.contains(value) {
            statements.insert(value.to_owned());
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn fmt::Debug) {}
}

/// Which of the statements read a table from end to end, and which table.
pub(crate) fn scans(database: &Path, statements: &BTreeSet<String>) -> Outcome<Vec<String>> {
    let connection = rusqlite::Connection::open(database)?;
    let mut scans = Vec::new();
    for statement in statements {
        // As the engine writes it for SQLite.
        let sql = statement.replace(" FOR UPDATE", "").replace('$', "?");
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let mut steps = plan.raw_query();
        while let Some(step) = steps.next()? {
            let step: String = step.get("detail")?;
            let Some(table) = step.strip_prefix("SCAN ") else { continue };
            let is_small = SMALL_TABLES.iter().any(|small| table.starts_with(small));
            if !is_small && !is_no_table(table) {
                scans.push(format!("`{step}` for `{statement}`"));
            }
        }
    }
    Ok(scans)
}
