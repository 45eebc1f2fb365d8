//! The tasks that deliver: one for each sink.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use auth_protocol::TenantId;
use parking_lot::Mutex;
use tokio::{
    runtime::Handle,
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{
    Event, EventSink, LONGEST_DELIVERY, NotDelivered, RetrySchedule,
    log::{Claim, Log},
};
use crate::{Auth, Error, Result, auth::Inner};

/// How long nothing is asked of the core where there was nothing new, or another process delivers.
const IDLE: Duration = Duration::from_secs(1);
/// The same after an error of the core.
const AFTER_ERROR: Duration = Duration::from_secs(5);
/// How many events are taken at once: so many may come twice.
const TAKEN: u32 = 8;
/// For how long they are taken: each of them may take its time.
const LEASE_MS: i64 = 250_000;
/// For how long an event that waits for its next try is taken, again and again, so that another
/// process tries soon where this one has died.
const PARKED: Duration = Duration::from_secs(30);
const PARKED_LEASE_MS: i64 = 60_000;

/// A sink with its name.
pub(crate) struct Consumer {
    pub(crate) name: String,
    pub(crate) tenant_id: TenantId,
    pub(crate) sink: Arc<dyn EventSink>,
}

/// The tasks of one handle.
pub(crate) struct Consumers {
    stop: watch::Sender<bool>,
    tasks: Mutex<JoinSet<()>>,
}

impl Default for Consumers {
    fn default() -> Self {
        Self { stop: watch::Sender::new(false), tasks: Mutex::default() }
    }
}

impl Consumers {
    /// Notes the sink's place in the log, where it is new, and starts its task, which holds the handle
    /// only while it works, and ends with it.
    pub(crate) async fn start(&self, auth: &Auth, consumer: Consumer) {
        let Ok(runtime) = Handle::try_current() else {
            tracing::error!(sink = consumer.name, "without a runtime no events are delivered");
            return;
        };
        let delivery = Delivery::new(consumer);
        match timeout(AFTER_ERROR, delivery.take_place(auth)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => drop(delivery.after(&error)),
            Err(_) => tracing::warn!(sink = delivery.log.consumer, "the core doesn't answer"),
        }
        let delivery = delivery.run(auth.downgrade(), self.stop.subscribe());
        self.tasks.lock().spawn_on(delivery, &runtime);
    }

    /// Lets deliveries that have begun end, up to a limit, and gives the leases back.
    pub(crate) async fn finish(&self, limit: Duration) {
        self.stop.send_replace(true);
        let mut tasks = std::mem::take(&mut *self.tasks.lock());
        let all = async { while tasks.join_next().await.is_some() {} };
        if timeout(limit, all).await.is_err() {
            tracing::error!("deliveries of events are given up: the shutdown took too long");
        }
    }
}

/// What one task knows.
struct Delivery {
    sink: Arc<dyn EventSink>,
    schedule: RetrySchedule,
    log: Log,
    /// Up to where all was done when it was last seen.
    acknowledged: Option<i64>,
    failing: Option<Failing>,
}

/// An event that waits for its next try.
struct Failing {
    position: i64,
    tries: usize,
    next_try: Instant,
}

/// What comes after a round.
enum Next {
    Round,
    Wait(Duration),
    /// Waits, and gives back what it took.
    Park(Claim, Duration),
    End,
}

impl Delivery {
    fn new(consumer: Consumer) -> Self {
        let Consumer { name, tenant_id, sink } = consumer;
        Self {
            schedule: sink.retry_schedule(),
            sink,
            log: Log { consumer: name, tenant_id },
            acknowledged: None,
            failing: None,
        }
    }

    /// A new consumer begins behind what is there now.
    async fn take_place(&self, auth: &Auth) -> Result<()> {
        let claim = self.log.claim(auth, 1, PARKED_LEASE_MS).await?;
        self.give_back(auth, claim).await
    }

    async fn run(mut self, auth: Weak<Inner>, mut stop: watch::Receiver<bool>) {
        let mut parked: Option<Claim> = None;
        while !*stop.borrow() {
            let Some(handle) = Auth::upgrade(&auth) else { return };
            let next = match self.give_back(&handle, parked.take()).await {
                Ok(()) => self.round(&handle, &stop).await,
                Err(error) => Err(error),
            };
            // The handle may go while nothing is done.
            drop(handle);
            let wait = match next {
                Ok(Next::Round) => continue,
                Ok(Next::Wait(wait)) => wait,
                Ok(Next::Park(claim, wait)) => {
                    parked = Some(claim);
                    wait
                }
                Ok(Next::End) => return,
                Err(error) => self.after(&error),
            };
            tokio::select! {
                () = sleep(wait) => {}
                _ = stop.wait_for(|is_stopped| *is_stopped) => {}
            }
        }
        if let Some(handle) = Auth::upgrade(&auth)
            && let Err(error) = self.give_back(&handle, parked).await
        {
            self.after(&error);
        }
    }

    fn after(&self, error: &Error) -> Duration {
        tracing::warn!(sink = self.log.consumer, %error, "events can't be read");
        AFTER_ERROR
    }

    async fn give_back(&self, auth: &Auth, parked: Option<Claim>) -> Result<()> {
        match parked {
            Some(claim) => self.log.acknowledge(auth, claim.lease, claim.acknowledged).await,
            None => Ok(()),
        }
    }

    async fn round(&mut self, auth: &Auth, stop: &watch::Receiver<bool>) -> Result<Next> {
        let left = |it: &Failing| it.next_try.saturating_duration_since(Instant::now());
        let left = self.failing.as_ref().map(left).filter(|left| !left.is_zero());
        if let Some(left) = left {
            return self.park(auth, left).await;
        }
        // To look costs less than to take, which writes.
        if let Some(position) = self.acknowledged
            && !self.log.has_any_after(auth, position).await?
        {
            return Ok(Next::Wait(IDLE));
        }
        let Some(claim) = self.log.claim(auth, TAKEN, LEASE_MS).await? else {
            self.failing = None;
            return Ok(Next::Wait(IDLE));
        };
        let mut done = claim.acknowledged;
        let mut failure = None;
        for event in &claim.events {
            if *stop.borrow() {
                break;
            }
            if let Err(error) = self.deliver(event).await
                && let Some(next) = self.failed(event.entry.position, &error)
            {
                failure = Some(next);
                break;
            }
            done = event.entry.position;
            self.failing = None;
        }
        self.log.acknowledge(auth, claim.lease, done).await?;
        self.acknowledged = Some(done);
        Ok(failure.unwrap_or(Next::Round))
    }

    /// Keeps other processes from trying what this one has just tried.
    async fn park(&mut self, auth: &Auth, left: Duration) -> Result<Next> {
        let claim = self.log.claim(auth, 1, PARKED_LEASE_MS).await?;
        let position = self.failing.as_ref().map(|it| it.position);
        match claim {
            Some(claim) if claim.events.first().map(|it| it.entry.position) == position => {
                Ok(Next::Park(claim, left.min(PARKED)))
            }
            // Somebody else has delivered it, or is at it.
            claim => {
                self.failing = None;
                self.acknowledged = None;
                self.give_back(auth, claim).await?;
                Ok(Next::Wait(IDLE))
            }
        }
    }

    async fn deliver(&self, event: &Event) -> Result<(), NotDelivered> {
        if !self.sink.wants(event) {
            return Ok(());
        }
        let late = |_| NotDelivered::later("the delivery took too long");
        timeout(LONGEST_DELIVERY, self.sink.deliver(event)).await.map_err(late)?
    }

    /// What comes after a try that failed; `None` where the event is given up.
    fn failed(&mut self, position: i64, failure: &NotDelivered) -> Option<Next> {
        let sink = &self.log.consumer;
        if failure.is_disabled {
            tracing::error!(sink, position, %failure, "a sink of events is off until the next start");
            return Some(Next::End);
        }
        let tries = match &self.failing {
            Some(failing) if failing.position == position => failing.tries + 1,
            _ => 1,
        };
        let Some(wait) = self.schedule.wait_after(tries) else {
            tracing::error!(sink, position, tries, %failure, "an event is given up");
            return None;
        };
        tracing::warn!(sink, position, tries, ?wait, %failure, "an event is tried again later");
        let next_try = Instant::now().checked_add(wait)?;
        self.failing = Some(Failing { position, tries, next_try });
        Some(Next::Round)
    }
}
