//! What the audit log tells the application: its entries in order, as they are written, each at least
//! once. [The page](crate::docs::events) has the whole.

mod log;
mod runner;
mod schedule;
#[cfg(feature = "webhooks")]
pub mod webhooks;

use std::{fmt, time::Duration};

use async_trait::async_trait;
use auth_protocol::{TenantId, audit::AuditEntry};

pub(crate) use runner::{Consumer, Consumers};
pub use schedule::RetrySchedule;

/// How long one delivery may take, whatever the sink says.
const LONGEST_DELIVERY: Duration = Duration::from_secs(30);

/// An entry of the audit log on its way to the application.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Whose chain the entry is in.
    pub tenant_id: TenantId,
    /// The entry: what happened, when, how it ended; and whom it is about, who did it, from where and
    /// by what, unless that user was deleted meanwhile.
    pub entry: AuditEntry,
}

impl Event {
    /// An id that no other event has, and that this one has each time it is delivered.
    pub fn id(&self) -> String {
        format!("evt_{}", self.entry.hash)
    }
}

/// Takes events, one after the other in the order of the log.
///
/// An event counts as delivered once [`deliver`](Self::deliver) has returned `Ok`, and is never passed
/// over before. Where the program ends in between, or can't note it, the event comes again, with the
/// same [`id`](Event::id): note that together with what the event leads to. Several processes that have
/// a sink of one name take turns, so that one of them delivers at a time.
///
/// A delivery that fails, or takes longer than 30 s, is tried again, and those behind it wait: after
/// 5 s, then by and by up to a day later, three days in all ([`RetrySchedule`]). After the last try
/// the event is passed over with an error in the log.
///
/// ```
/// use auth_core::events::{Event, EventSink, NotDelivered};
///
/// struct Log;
///
/// #[auth_core::async_trait]
/// impl EventSink for Log {
///     async fn deliver(&self, event: &Event) -> Result<(), NotDelivered> {
///         println!("{} {} {}", event.id(), event.entry.kind, event.entry.outcome);
///         Ok(())
///     }
/// }
/// ```
#[async_trait]
pub trait EventSink: Send + Sync + 'static {
    /// Takes one event.
    ///
    /// # Errors
    /// [`NotDelivered`], which says whether to try again.
    async fn deliver(&self, event: &Event) -> Result<(), NotDelivered>;

    /// Whether the event is for this sink; others are passed over. All of them are, unless this is
    /// written.
    fn wants(&self, _event: &Event) -> bool {
        true
    }

    /// When what failed is tried again.
    fn retry_schedule(&self) -> RetrySchedule {
        RetrySchedule::default()
    }
}

/// Why an event wasn't delivered; for the log, so that it must hold no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotDelivered {
    reason: String,
    is_disabled: bool,
}

impl NotDelivered {
    /// It may be tried again.
    pub fn later(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_disabled: false }
    }

    /// The sink takes none any more: this process delivers nothing to it until it starts again, and
    /// then goes on with this event.
    pub fn disabled(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_disabled: true }
    }
}

impl fmt::Display for NotDelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for NotDelivered {}
