//! The audit log: what happened, in the transaction that made it happen.
//!
//! Each app and tenant has a chain of entries, numbered from 1 without gaps, of which each holds the
//! hash of the one before. The end of a chain is one row, which is locked last in a transaction, so
//! that nobody waits for anything while holding it.

mod append;
mod caller;
mod checkpoint;
mod consumer;
mod erase;
mod event;
mod list;
mod purge;
mod rows;

use std::time::Duration;

pub(crate) use self::{
    append::Audit,
    event::{Event, short_digest},
};
use crate::{
    jobs::Duty,
    parts::{Goes, Part, Table, user_table},
    storage::Migration,
};

pub(crate) const PART: Part = Part {
    migrations: &[Migration {
        version: 10,
        name: "the audit log",
        sql: include_str!("0010_audit_log.sql"),
    }],
    tables: &[
        // Entries of the chains.
        user_table!("audit_log_entries", "user_id", Goes::Erased),
        // Their ends, what was signed about them, and who reads them.
        Table::of_tenants("audit_log_heads"),
        Table::of_tenants("audit_log_checkpoints"),
        Table::of_tenants("audit_log_consumers"),
    ],
    duties: &[
        Duty {
            name: "audit log checkpoints",
            every: |config| config.audit_log_checkpoint_interval,
            run: checkpoint::sign_grown,
        },
        Duty {
            name: "old audit log entries",
            every: |_| Duration::from_secs(60 * 60),
            run: purge::purge_old,
        },
    ],
    ..Part::EMPTY
};
