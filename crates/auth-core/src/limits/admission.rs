//! An attempt that may be made.

use auth_protocol::{LoginMethod, RecipeUserId, TenantId, User, normalise_email};

use futures_util::FutureExt;

#[cfg(doc)]
use super::Limits;
use super::{
    Account, Action, Attempt,
    device::{self, Device},
    in_use::Taken,
};
use crate::{Context, Error, Result, captcha};

/// An attempt that may be made. Unless it is said to have [succeeded](Self::succeeded), it was one in
/// vain, and stays counted.
#[must_use]
pub struct Admission {
    cx: Context,
    tenant_id: TenantId,
    action: Action,
    account: Option<Account>,
    taken: Taken,
    /// Where the account has proved itself on it.
    device: Option<Device>,
}

/// Takes an attempt from its budgets, before whatever is guessed at is looked at.
///
/// # Errors
/// [`Error::LimitReached`] where a budget has too little: it is answered with 429. [`Error::Core`]
/// where the core can't say, but for passwords where
/// [`Limits::check_passwords_when_unavailable`] is set; and what a [policy](super::LimitPolicy) fails
/// with. [`Error::Captcha`] where one is asked for and wasn't solved.
pub async fn admit(cx: &Context, tenant_id: &TenantId, attempt: Attempt) -> Result<Admission> {
    // Boxed, so that the futures of routes don't carry it.
    let admitted = async {
        let action = attempt.action;
        let admission = ask(cx, tenant_id, attempt).await?;
        let Err(refused) = captcha::check(cx, action, admission.spent_share()).await else {
            return Ok(admission);
        };
        if refused.is_free {
            admission.undone().await;
        }
        Err(refused.refusal.into())
    };
    admitted.boxed().await
}

async fn ask(cx: &Context, tenant_id: &TenantId, attempt: Attempt) -> Result<Admission> {
    let limits = cx.auth().limits();
    let mut admission = Admission {
        cx: cx.clone(),
        tenant_id: tenant_id.clone(),
        action: attempt.action,
        account: None,
        taken: Taken::default(),
        device: None,
    };
    if !limits.settings.is_on {
        admission.account = attempt.account;
        return Ok(admission);
    }
    if let Some(account) = &attempt.account {
        admission.device = device::known(cx, tenant_id, account).await;
    }
    let device_id = admission.device.as_ref().map(Device::id);
    let budgets = limits.budgets(cx, tenant_id, &attempt, device_id).await?;
    admission.account = attempt.account;
    if budgets.is_empty() {
        return Ok(admission);
    }
    match limits.take(cx, tenant_id, budgets).await {
        Ok(taken) => admission.taken = taken,
        Err(Error::Core(error))
            if limits.settings.are_passwords_checked_unlimited
                && attempt.action.is_about_passwords()
                && error.is_unavailable() =>
        {
            tracing::warn!(%error, "an attempt isn't limited, as the core can't be asked");
        }
        Err(error) => return Err(error),
    }
    Ok(admission)
}

/// Counts what stays counted whatever comes of it, such as a mail that is sent.
///
/// # Errors
/// As [`admit`].
pub async fn count(cx: &Context, tenant_id: &TenantId, attempt: Attempt) -> Result<()> {
    admit(cx, tenant_id, attempt).await.map(drop)
}

/// Whether the context's request comes from a device on which a user has proved itself before in this
/// tenant, by any of its login methods.
pub async fn is_known_device(cx: &Context, tenant_id: &TenantId, user: &User) -> bool {
    let accounts = |method: &LoginMethod| {
        let email = method.email.as_deref();
        let email = email.map(|email| Account::new(Account::EMAIL, normalise_email(email)));
        let phone = method.phone_number.as_deref().map(|it| Account::new(Account::PHONE, it));
        [email, phone, Some(Account::login(method))]
    };
    let accounts: Vec<Account> = user.login_methods.iter().flat_map(accounts).flatten().collect();
    device::is_known(cx, tenant_id, &accounts).boxed().await
}

impl Admission {
    /// Whether the account has proved itself on the device before.
    pub fn is_known_device(&self) -> bool {
        self.device.is_some()
    }

    /// How much of the budget that is emptiest is spent with this attempt, from 0 to 1.
    pub fn spent_share(&self) -> f64 {
        let Taken { budgets, left, .. } = &self.taken;
        let share = |most: u32, left: u32| f64::from(most.saturating_sub(left)) / f64::from(most);
        let shares = budgets.iter().zip(left).map(|(it, left)| share(it.rate.most(), *left));
        shares.fold(0.0, f64::max)
    }

    /// Whom the attempt turned out to be about, where that wasn't known before.
    pub fn account(mut self, kind: &'static str, value: impl Into<String>) -> Self {
        self.account = Some(Account::new(kind, value));
        self
    }

    /// The same by the login method of a user that was found: by its address, where that is verified,
    /// or its number, or else by its id.
    pub fn of_login_method(mut self, user: &User, id: &RecipeUserId) -> Self {
        let Some(method) = user.login_method(id) else { return self };
        let email = method.email.as_deref().filter(|_| method.verified);
        let email = email.map(|email| Account::new(Account::EMAIL, normalise_email(email)));
        let phone = method.phone_number.as_deref();
        let account = email.or_else(|| phone.map(|it| Account::new(Account::PHONE, it)));
        self.account = account.or(self.account).or_else(|| Some(Account::login(method)));
        self
    }

    /// It was right. What this attempt took is given back; the budgets of the account with this address
    /// and with this device are filled; nothing else is. Where an account has proved itself by it, the
    /// device is known from now on. What fails of that is logged, and the success is one all the same.
    ///
    /// Of what stays counted whatever comes of it, such as a sign-up, nothing is given back.
    pub async fn succeeded(self) {
        self.note_success().boxed().await;
    }

    async fn note_success(self) {
        let Self { cx, tenant_id, action, account, taken, device } = self;
        let limits = cx.auth().limits();
        if !limits.settings.is_on && !device::is_regarded(&cx) {
            return;
        }
        if action.is_given_back()
            && let Err(error) = limits.restore(&cx, &tenant_id, &taken, true).await
        {
            tracing::warn!(%error, "a success wasn't given back to its limits");
        }
        if action.proves_account()
            && let Some(account) = account
            && let Err(error) = device::remember(&cx, &tenant_id, &account, device).await
        {
            tracing::warn!(%error, "a device wasn't remembered");
        }
    }

    /// The attempt isn't made after all: what it took is given back, and nothing else happens.
    pub async fn undone(self) {
        let Self { cx, tenant_id, taken, .. } = self;
        let restored = cx.auth().limits().restore(&cx, &tenant_id, &taken, false).boxed().await;
        if let Err(error) = restored {
            tracing::warn!(%error, "an attempt that wasn't made stays counted");
        }
    }
}

impl std::fmt::Debug for Admission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admission")
            .field("tenant_id", &self.tenant_id)
            .field("is_known_device", &self.is_known_device())
            .finish_non_exhaustive()
    }
}
