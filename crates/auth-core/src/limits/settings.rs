//! What an application may set.

use std::{collections::HashMap, fmt, sync::Arc, time::Duration};

use super::{Action, LimitPolicy, Rate, defaults};
use crate::ConfigError;

const LARGEST: u32 = 1_000_000;
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// How often things may be tried: [`AuthBuilder::limits`](crate::AuthBuilder::limits). The limits are
/// on unless they are turned off.
///
/// ```
/// use std::time::Duration;
/// use auth_core::limits::{Action, Limits, Rate};
///
/// let limits = Limits::new()
///     .action(
///         Action::SignIn,
///         Action::SignIn.default_limits().account(Rate::new(20, Duration::from_secs(10 * 60))),
///     )
///     .messages_in_all(Rate::new(200, Duration::from_secs(10)))
///     .ipv6_prefix(56);
/// # let _ = limits;
/// ```
#[derive(Clone)]
#[must_use]
pub struct Limits {
    pub(super) is_on: bool,
    pub(super) actions: HashMap<Action, ActionLimits>,
    pub(super) mails: Option<Rate>,
    pub(super) messages: Option<Rate>,
    pub(super) ipv6_prefix: u8,
    pub(super) is_loopback_counted: bool,
    pub(super) are_passwords_checked_unlimited: bool,
    pub(super) policy: Option<Arc<dyn LimitPolicy>>,
}

/// What limits an action: each budget says how much there is at once, and how soon one more is there.
/// One that is absent doesn't limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct ActionLimits {
    pub(super) account: Option<Rate>,
    pub(super) pair: Option<Rate>,
    pub(super) address: Option<Rate>,
    pub(super) device: Option<Rate>,
}

impl ActionLimits {
    /// No limit.
    pub fn none() -> Self {
        Self::default()
    }

    /// For one account, from all devices that it hasn't proved itself on.
    pub fn account(mut self, rate: impl Into<Option<Rate>>) -> Self {
        self.account = rate.into();
        self
    }

    /// For one account from one network address.
    pub fn pair(mut self, rate: impl Into<Option<Rate>>) -> Self {
        self.pair = rate.into();
        self
    }

    /// From one network address, for all accounts.
    pub fn address(mut self, rate: impl Into<Option<Rate>>) -> Self {
        self.address = rate.into();
        self
    }

    /// For one account from one device that it proved itself on before; such attempts are taken from
    /// no other budget. Without it a known device counts as any other.
    pub fn device(mut self, rate: impl Into<Option<Rate>>) -> Self {
        self.device = rate.into();
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            is_on: true,
            actions: HashMap::new(),
            mails: Some(defaults::mails()),
            messages: Some(defaults::messages()),
            ipv6_prefix: 64,
            is_loopback_counted: false,
            are_passwords_checked_unlimited: false,
            policy: None,
        }
    }
}

impl Limits {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// No limits: for tests that try more than anybody should.
    pub fn off() -> Self {
        Self { is_on: false, ..Self::default() }
    }

    /// What limits an action, in place of [`Action::default_limits`].
    pub fn action(mut self, action: Action, limits: ActionLimits) -> Self {
        self.actions.insert(action, limits);
        self
    }

    /// How many mails that anybody can ask for are sent in all, in each tenant: 10,000 at once and five
    /// a second by default. Known devices aren't counted.
    pub fn mails_in_all(mut self, rate: impl Into<Option<Rate>>) -> Self {
        self.mails = rate.into();
        self
    }

    /// How many messages to phones that anybody can ask for are sent in all, in each tenant: 1,000 at
    /// once and one every two seconds by default. Known devices aren't counted.
    pub fn messages_in_all(mut self, rate: impl Into<Option<Rate>>) -> Self {
        self.messages = rate.into();
        self
    }

    /// How many leading bits of an IPv6 address are counted as one address; 64 by default, from 16 to
    /// 128. Who has a whole site mostly has 56 or 48.
    pub fn ipv6_prefix(mut self, bits: u8) -> Self {
        self.ipv6_prefix = bits;
        self
    }

    /// Counts what comes from this machine by address, too; by default it isn't, as that is where
    /// development and tests, and proxies that aren't named, come from. Accounts are counted always.
    pub fn count_loopback(mut self, count: bool) -> Self {
        self.is_loopback_counted = count;
        self
    }

    /// Whether sign-ups, sign-ins and changes by password go on without limits while the core can't be
    /// asked for the budgets; by default they are answered with 503. Codes and tokens always are.
    pub fn check_passwords_when_unavailable(mut self, check: bool) -> Self {
        self.are_passwords_checked_unlimited = check;
        self
    }

    /// A policy of one's own: which budgets each attempt is taken from.
    pub fn policy(mut self, policy: impl LimitPolicy + 'static) -> Self {
        self.policy = Some(Arc::new(policy));
        self
    }

    pub(super) fn of(&self, action: Action) -> ActionLimits {
        self.actions.get(&action).copied().unwrap_or_else(|| action.default_limits())
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !(16..=128).contains(&self.ipv6_prefix) {
            let problem = format!("it is {}", self.ipv6_prefix);
            return Err(ConfigError::new("limits.ipv6_prefix", problem, "16 to 128"));
        }
        let mut rates = vec![
            ("limits.mails_in_all".to_owned(), self.mails),
            ("limits.messages_in_all".to_owned(), self.messages),
        ];
        for (action, limits) in &self.actions {
            let ActionLimits { account, pair, address, device } = *limits;
            for (name, rate) in
                [("account", account), ("pair", pair), ("address", address), ("device", device)]
            {
                rates.push((format!("limits.action({}).{name}", action.as_str()), rate));
            }
        }
        for (field, rate) in rates {
            let Some(rate) = rate else { continue };
            if rate.most() > LARGEST || rate.interval() > LONGEST {
                let problem = format!("{} at once, one each {:?}", rate.most(), rate.interval());
                let expected = "at most 1,000,000 at once, and one each year";
                return Err(ConfigError::new(field, problem, expected));
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits")
            .field("is_on", &self.is_on)
            .field("actions", &self.actions)
            .field("mails", &self.mails)
            .field("messages", &self.messages)
            .field("ipv6_prefix", &self.ipv6_prefix)
            .field("has_policy", &self.policy.is_some())
            .finish_non_exhaustive()
    }
}
