//! A budget that an attempt is taken from.

use std::borrow::Cow;

use auth_protocol::{
    TenantId,
    limits::{BudgetToRestore, BudgetToTake, Rate},
};
use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// A budget: what is counted, by whom or what, and how much there is.
///
/// ```
/// use std::time::Duration;
/// use auth_core::limits::{Budget, Rate};
///
/// let country = Budget::new("signIn/country", "NZ", Rate::new(1_000, Duration::from_secs(1)));
/// # let _ = country.cost(2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Budget {
    name: Cow<'static, str>,
    subject: String,
    rate: Rate,
    cost: u32,
    is_filled_by_success: bool,
}

/// A budget of a tenant, by a digest of all that names it.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) key: Key,
    pub(super) name: Cow<'static, str>,
    pub(super) rate: Rate,
    pub(super) cost: u32,
    pub(super) is_filled_by_success: bool,
}

pub(super) type Key = [u8; digest::SHA256_OUTPUT_LEN];

impl Budget {
    /// A budget of which one is taken. The name has 1 to 48 letters, digits and `._/-`, and is its
    /// own for each kind of subject; the subject is any text that isn't empty.
    pub fn new(name: impl Into<Cow<'static, str>>, subject: impl Into<String>, rate: Rate) -> Self {
        let (name, subject) = (name.into(), subject.into());
        Self { name, subject, rate, cost: 1, is_filled_by_success: false }
    }

    /// How much is taken; 1 by default, and at most what there is at once.
    pub fn cost(mut self, cost: u32) -> Self {
        self.cost = cost.clamp(1, self.rate.most());
        self
    }

    /// Success fills it. By default success gives back what the attempt took, and no more: a budget
    /// that is filled must be that of somebody who can try nobody else's secret with it.
    pub fn filled_by_success(mut self) -> Self {
        self.is_filled_by_success = true;
        self
    }

    /// What is counted.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How much there is.
    pub fn rate(&self) -> Rate {
        self.rate
    }

    pub(super) fn of_tenant(self, tenant_id: &TenantId) -> Counted {
        let key = digest_of(&[tenant_id.as_str(), &self.name, &self.subject]);
        let Self { name, rate, cost, is_filled_by_success, .. } = self;
        Counted { key, name, rate, cost, is_filled_by_success }
    }
}

/// A digest of texts, each with its length before it.
pub(super) fn digest_of(texts: &[&str]) -> Key {
    let mut context = digest::Context::new(&digest::SHA256);
    for text in texts {
        context.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(text.as_bytes());
    }
    let mut key = Key::default();
    key.copy_from_slice(context.finish().as_ref());
    key
}

impl Counted {
    fn subject(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key)
    }

    fn refill_interval_ms(&self) -> u64 {
        u64::try_from(self.rate.interval().as_millis()).unwrap_or(u64::MAX)
    }

    pub(super) fn to_take(&self) -> BudgetToTake {
        BudgetToTake {
            name: self.name.clone().into_owned(),
            subject: self.subject(),
            most: self.rate.most(),
            refill_interval_ms: self.refill_interval_ms(),
            cost: self.cost,
        }
    }

    /// To be given back what was taken at a time, or, without one, to be filled.
    pub(super) fn to_restore(&self, taken_at_ms: Option<i64>) -> BudgetToRestore {
        BudgetToRestore {
            name: self.name.clone().into_owned(),
            subject: self.subject(),
            taken_at_ms,
            most: self.rate.most(),
            refill_interval_ms: self.refill_interval_ms(),
            cost: self.cost,
        }
    }
}
