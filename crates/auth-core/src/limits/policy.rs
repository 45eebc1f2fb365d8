//! Which budgets an attempt is taken from.

use std::net::IpAddr;

use async_trait::async_trait;
use auth_protocol::TenantId;

use super::{Account, Action, Budget};
use crate::{Context, Result};

/// A policy of an application's own: [`Limits::policy`](super::Limits::policy).
///
/// ```
/// use std::time::Duration;
/// use auth_core::{
///     Context, Result, async_trait,
///     limits::{Action, AttemptInfo, Budget, LimitPolicy, Rate},
/// };
///
/// /// A tenant of schools has more people behind one address.
/// struct Schools;
///
/// #[async_trait]
/// impl LimitPolicy for Schools {
///     async fn budgets(&self, _cx: &Context, attempt: AttemptInfo<'_>) -> Result<Vec<Budget>> {
///         let mut budgets = attempt.default_budgets;
///         if attempt.tenant_id.as_str() == "schools" && attempt.action == Action::SignIn {
///             budgets.retain(|budget| budget.name() != "signIn/address");
///             if let Some(address) = attempt.counted_address {
///                 let rate = Rate::new(2_000, Duration::from_secs(2));
///                 budgets.push(Budget::new("signIn/address", address, rate));
///             }
///         }
///         Ok(budgets)
///     }
/// }
/// # let limits = auth_core::limits::Limits::new().policy(Schools);
/// ```
#[async_trait]
pub trait LimitPolicy: Send + Sync {
    /// The budgets that the attempt is taken from, from all or from none; at most sixteen. Without any
    /// it is admitted.
    ///
    /// # Errors
    /// Whatever keeps the policy from knowing. The attempt isn't made then.
    async fn budgets(&self, cx: &Context, attempt: AttemptInfo<'_>) -> Result<Vec<Budget>>;
}

/// What a policy knows of an attempt.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AttemptInfo<'a> {
    /// What is tried.
    pub action: Action,
    /// In which tenant.
    pub tenant_id: &'a TenantId,
    /// Whom it is about, as it was typed, in one form; `None` where it is about nobody yet.
    pub account: Option<&'a Account>,
    /// Where it comes from, where that is known.
    pub address: Option<IpAddr>,
    /// The address or the prefix that is counted as one; `None` where none is known or where it isn't
    /// counted.
    pub counted_address: Option<&'a str>,
    /// The id of the device, where the account proved itself on it before.
    pub known_device: Option<&'a str>,
    /// The budgets by the settings.
    pub default_budgets: Vec<Budget>,
}
