//! How many codes a contact is sent, and how many wrong ones may be typed in for it: budgets of
//! [`limits`](crate::limits), counted by contact, whatever devices and codes it has.

use std::time::Duration;

use auth_protocol::{
    TenantScope,
    limits::{Empty, Rate},
};

use super::contact::Contact;
use crate::{Engine, EngineError, limits, storage::Tx};

/// One of a contact's two budgets, at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    name: &'static str,
    rate: Rate,
    now_ms: i64,
}

impl Budget {
    /// The codes that a contact is sent.
    pub(super) fn of_sent_codes(engine: &Engine) -> Self {
        let config = engine.config();
        let most = config.passwordless_max_codes_per_contact;
        Self::new(engine, "codes/sent", most, config.passwordless_code_refill_interval)
    }

    /// The wrong codes that are typed in for a contact.
    pub(super) fn of_wrong_codes(engine: &Engine) -> Self {
        let config = engine.config();
        let most = config.passwordless_max_wrong_codes_per_contact;
        Self::new(engine, "codes/wrong", most, config.passwordless_wrong_code_refill_interval)
    }

    fn new(engine: &Engine, name: &'static str, most: u32, interval: Duration) -> Self {
        Self { name, rate: Rate::new(most, interval), now_ms: engine.clock().now_ms() }
    }

    /// The time, in milliseconds since the epoch.
    pub(super) fn now_ms(&self) -> i64 {
        self.now_ms
    }

    fn of(&self, contact: &Contact) -> limits::Budget {
        let subject = format!("{} {}", contact.kind().as_str(), contact.value());
        limits::Budget::new(self.name, &subject)
    }

    /// Takes one, or says when there will be one.
    pub(super) async fn take(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        contact: &Contact,
    ) -> Result<Result<(), Empty>, EngineError> {
        let taken = self.of(contact).take(tx, scope, self.rate, 1, self.now_ms).await?;
        Ok(taken.map(drop))
    }

    /// Undoes a [`take`](Self::take) of the same transaction.
    pub(super) async fn give_back(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        contact: &Contact,
    ) -> Result<(), EngineError> {
        let by_ms = self.rate.give_back_ms(self.now_ms, 1, self.now_ms);
        self.of(contact).give_back(tx, scope, by_ms).await
    }

    /// Gives back whatever was taken.
    pub(super) async fn fill(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        contact: &Contact,
    ) -> Result<(), EngineError> {
        self.of(contact).fill(tx, scope).await
    }
}
