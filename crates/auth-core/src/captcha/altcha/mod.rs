//! Altcha: a proof of work, asked for and checked by this library. Nobody else learns of a visitor.
//!
//! The challenge is a digest of a salt and a number that the browser has to find; an HMAC proves later
//! that it was ours, so that nothing is kept of one that nobody solves. Of a solved one the core keeps a
//! digest until it has expired, by the budgets of the limiter: there is one use of each.

mod challenge;
mod solution;
#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use auth_protocol::{
    Secret, TenantId,
    limits::{BudgetToTake, TakeFromBudgets, TakeFromBudgetsResponse},
};
use aws_lc_rs::hmac;
use http::{HeaderValue, Method, header};

use self::{challenge::Challenge, solution::Solution};
use super::{Captcha, CaptchaAnswer, CaptchaOutcome, CaptchaWidget};
use crate::{ConfigError, Context, Error, Response, Route, Setup};

const PATH: &str = "/captcha/challenge";

/// A key's length is that of its digest (RFC 2104 section 3).
const SHORTEST_KEY_BYTES: usize = 32;

/// What a browser does in a few seconds at most.
const HARDEST: u32 = 100_000_000;

const LONGEST_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// For how long a solved challenge is remembered after its end: processes' clocks differ.
const SLACK: Duration = Duration::from_secs(5 * 60);

/// A proof of work that the [Altcha widget](https://altcha.org) and its like solve, in the format that
/// `altcha-lib` calls version 1, with SHA-256. Challenges are at
/// `{api_base_path}/captcha/challenge`.
///
/// ```
/// use std::time::Duration;
/// use auth_core::captcha::Altcha;
///
/// # fn key() -> Result<Altcha, std::env::VarError> {
/// let altcha = Altcha::new(std::env::var("ALTCHA_KEY")?)
///     .max_number(200_000)
///     .lifetime(Duration::from_secs(300));
/// # Ok(altcha)
/// # }
/// ```
pub struct Altcha {
    secret: Secret,
    key: hmac::Key,
    max_number: u32,
    lifetime: Duration,
}

impl Altcha {
    /// With the key that proves challenges to be ours: at least 32 bytes that nobody else knows, the
    /// same in every process.
    pub fn new(key: impl Into<Secret>) -> Self {
        let secret = key.into();
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
        Self { secret, key, max_number: 100_000, lifetime: Duration::from_secs(600) }
    }

    /// The largest number that a browser may have to find, by trying half of them on average: 100,000
    /// unless set, which takes a phone about a second. From 1,000 to 100,000,000.
    #[must_use]
    pub fn max_number(mut self, max_number: u32) -> Self {
        self.max_number = max_number;
        self
    }

    /// How long a challenge can be solved, in whole seconds: 10 minutes unless set. At most a day.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Uses a challenge up; `false` where it was before. It is one budget of a single use that is full
    /// again when the challenge has long expired.
    async fn use_up(&self, cx: &Context, solution: &Solution) -> Result<bool, Error> {
        let refill = self.lifetime + SLACK;
        let budget = BudgetToTake {
            name: "captcha".to_owned(),
            subject: solution.challenge.clone(),
            most: 1,
            refill_interval_ms: u64::try_from(refill.as_millis()).unwrap_or(u64::MAX),
            cost: 1,
        };
        let take = TakeFromBudgets { budgets: vec![budget] };
        // Whichever tenant it was asked for: there it would be good once more.
        let taken = cx.core().call(&TenantId::default(), take).await?;
        Ok(matches!(taken, TakeFromBudgetsResponse::Ok { .. }))
    }
}

#[async_trait]
impl Captcha for Altcha {
    fn widget(&self) -> CaptchaWidget {
        CaptchaWidget::new("altcha").challenge_path(PATH)
    }

    async fn check(&self, cx: &Context, answer: CaptchaAnswer<'_>) -> CaptchaOutcome {
        let now_secs = cx.core().now_ms() / 1000;
        let solution = Solution::read(answer.token)
            .filter(|solution| solution.is_right(&self.key, self.max_number, now_secs));
        let Some(solution) = solution else { return CaptchaOutcome::Refused };
        match self.use_up(cx, &solution).await {
            Ok(true) => CaptchaOutcome::Passed,
            Ok(false) => CaptchaOutcome::Refused,
            Err(error) => CaptchaOutcome::Unavailable(error.to_string()),
        }
    }

    fn routes(&self) -> Vec<Route> {
        let (key, max_number, lifetime) = (self.key.clone(), self.max_number, self.lifetime);
        vec![Route::new("captchaChallengeGET", Method::GET, PATH, move |call| {
            let lifetime_secs = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
            let expires_secs = (call.cx.core().now_ms() / 1000).saturating_add(lifetime_secs);
            let challenge = Challenge::new(&key, max_number, expires_secs);
            async move {
                let mut response = Response::ok(&challenge?);
                let no_store = HeaderValue::from_static("no-store");
                response.headers.insert(header::CACHE_CONTROL, no_store);
                Ok(response)
            }
        })]
    }

    fn prepare(&mut self, _setup: &Setup<'_>) -> Result<(), ConfigError> {
        if self.secret.expose_secret().len() < SHORTEST_KEY_BYTES {
            let expected = "at least 32 random bytes, such as those of `openssl rand -hex 32`";
            return Err(ConfigError::new("altcha.key", "it is too short", expected));
        }
        if !(1_000..=HARDEST).contains(&self.max_number) {
            let problem = format!("it is {}", self.max_number);
            return Err(ConfigError::new("altcha.max_number", problem, "from 1000 to 100000000"));
        }
        if self.lifetime < Duration::from_secs(1) || self.lifetime > LONGEST_LIFETIME {
            let problem = format!("it is {:?}", self.lifetime);
            return Err(ConfigError::new("altcha.lifetime", problem, "from a second to a day"));
        }
        Ok(())
    }
}
