//! Budgets that refill steadily, shared by every process on the database.
//!
//! Whatever can be guessed or costs something is taken from a budget first: what is counted, whose it
//! is, how much there is at once and how soon one is there again. A row holds a single number,
//! the time at which the whole budget is there again, and is moved by one guarded statement, so that of
//! any number of processes none takes more than there is. [`Rate`](auth_protocol::limits::Rate) has
//! the arithmetic.
//!
//! Who calls says how large a budget is; the rows keep nothing of it. So a limit can be changed at any
//! time, and an app's tenants can have limits of their own.
//!
//! The wrong second factors in a row (`attempts`) aren't counted here: the wire tells how many they were
//! and for how long none is looked at, as a window from the latest.

mod budget;
mod restore;
mod take;

use std::time::Duration;

pub(crate) use self::budget::Budget;
use crate::{
    jobs::ExpiryJob,
    parts::{Part, Table},
    storage::Migration,
};

pub(crate) const PART: Part = Part {
    migrations: &[Migration {
        version: 11,
        name: "budgets of whatever can be guessed or costs something",
        sql: include_str!("0011_budgets.sql"),
    }],
    tables: &[
        // What was taken of budgets, by digests of whose they are.
        Table::of_tenants_outliving(
            "budgets",
            "what an address, a number or an account has used of its limits isn't the user's: who is \
             deleted and comes back has none anew, and it goes by itself",
        ),
    ],
    jobs: &[ExpiryJob {
        name: "budgets that are full again",
        every: Duration::from_secs(10 * 60),
        before_ms: |engine| engine.clock.now_ms(),
        // The outer condition is for a budget that is taken from meanwhile.
        sql: "DELETE FROM budgets WHERE full_at < $1 AND (app_id, tenant_id, name, subject) IN \
            (SELECT app_id, tenant_id, name, subject FROM budgets \
             WHERE full_at < $1 ORDER BY full_at LIMIT 1000)",
    }],
    ..Part::EMPTY
};
