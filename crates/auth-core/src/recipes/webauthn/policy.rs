//! What an application asks of passkeys, and what they count as.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use auth_protocol::TenantId;

use super::WebAuthnRecipe;
use crate::{ConfigError, app_info::domain, normalise::top_level_site};

/// How much is asked of an authenticator (WebAuthn section 5.4.4 and 5.8.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthenticatorPreference {
    /// An authenticator that can't is of no use.
    Required,
    /// It should, where it can.
    Preferred,
    /// It need not.
    Discouraged,
}

impl AuthenticatorPreference {
    /// As the wire has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Preferred => "preferred",
            Self::Discouraged => "discouraged",
        }
    }
}

/// What an authenticator is to prove of its model (WebAuthn section 5.4.7). It is verified, but whom to
/// trust is nowhere said: nothing is decided by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttestationPreference {
    /// Nothing.
    None,
    /// Something, which the browser may make anonymous.
    Indirect,
    /// What it has.
    Direct,
    /// Which one it is, for authenticators that an enterprise hands out.
    Enterprise,
}

impl AttestationPreference {
    /// As the wire has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Indirect => "indirect",
            Self::Direct => "direct",
            Self::Enterprise => "enterprise",
        }
    }
}

/// As the application has set it.
pub(super) struct PolicySettings {
    timeout: Duration,
    attestation: AttestationPreference,
    resident_key: AuthenticatorPreference,
    user_verification: AuthenticatorPreference,
    algorithm_ids: Vec<i64>,
    related_origins: Vec<String>,
    both_factors: bool,
    both_factors_in: HashMap<TenantId, bool>,
    fresh_factor_max_age: Option<Duration>,
}

impl Default for PolicySettings {
    /// The reference's, but for what it doesn't have.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            attestation: AttestationPreference::None,
            resident_key: AuthenticatorPreference::Required,
            user_verification: AuthenticatorPreference::Preferred,
            algorithm_ids: KNOWN_ALGORITHMS.into_iter().filter(|id| *id != ES384).collect(),
            related_origins: Vec::new(),
            both_factors: false,
            both_factors_in: HashMap::new(),
            fresh_factor_max_age: Some(Duration::from_secs(15 * 60)),
        }
    }
}

/// After its checks.
pub(super) struct Policy {
    pub(super) timeout_ms: u32,
    pub(super) attestation: AttestationPreference,
    pub(super) resident_key: AuthenticatorPreference,
    pub(super) user_verification: AuthenticatorPreference,
    pub(super) algorithm_ids: Vec<i64>,
    /// Origins as browsers write them.
    pub(super) related_origins: Vec<String>,
    both_factors: bool,
    both_factors_in: HashMap<TenantId, bool>,
    /// How long after a factor was completed passkeys may be added and removed; `None` for always.
    pub(super) fresh_factor_max_age: Option<Duration>,
}

const ES384: i64 = -35;
/// Those that the core verifies, the best first.
const KNOWN_ALGORITHMS: [i64; 4] = [-8, -7, ES384, -257];
const TIMEOUTS: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_secs(24 * 60 * 60);
const MOST_RELATED_ORIGINS: usize = 32;
/// Browsers look at no more of them (WebAuthn section 5.11.1): `example` in `www.example.co.uk`.
const MOST_LABELS: usize = 5;

impl PolicySettings {
    pub(super) fn check(self) -> Result<Policy, ConfigError> {
        let refuse = |field: &str, problem: String, expected: &str| {
            Err(ConfigError::new(format!("webauthn.{field}"), problem, expected))
        };
        if !TIMEOUTS.contains(&self.timeout) {
            let problem = format!("it is {:?}", self.timeout);
            return refuse("timeout", problem, "from a second to a day; minutes, mostly");
        }
        let known = |id: &i64| KNOWN_ALGORITHMS.contains(id);
        if self.algorithm_ids.is_empty() || !self.algorithm_ids.iter().all(known) {
            let problem = format!("it is {:?}", self.algorithm_ids);
            let expected = "some of -8 (EdDSA), -7 (ES256), -35 (ES384) and -257 (RS256)";
            return refuse("supported_algorithm_ids", problem, expected);
        }
        let counts = self.both_factors || self.both_factors_in.values().any(|both| *both);
        if counts && self.user_verification == AuthenticatorPreference::Discouraged {
            let problem = "verified passkeys are both factors, and nobody is to be verified";
            let expected = "`Preferred` or `Required`";
            return refuse("user_verification", problem.to_owned(), expected);
        }
        if self.fresh_factor_max_age.is_some_and(|max_age| max_age < Duration::from_secs(1)) {
            let expected = "a second at least, or `None` for as long as the session lasts";
            return refuse("fresh_factor_max_age", "nothing is as fresh".to_owned(), expected);
        }
        Ok(Policy {
            timeout_ms: u32::try_from(self.timeout.as_millis()).unwrap_or(u32::MAX),
            attestation: self.attestation,
            resident_key: self.resident_key,
            user_verification: self.user_verification,
            algorithm_ids: self.algorithm_ids,
            related_origins: check_related(&self.related_origins)?,
            both_factors: self.both_factors,
            both_factors_in: self.both_factors_in,
            fresh_factor_max_age: self.fresh_factor_max_age,
        })
    }
}

impl Policy {
    /// Whether a passkey counts as both factors in a tenant where its user was verified.
    pub(super) fn is_both_factors_in(&self, tenant_id: &TenantId) -> bool {
        self.both_factors_in.get(tenant_id).copied().unwrap_or(self.both_factors)
    }

    /// Whether it does in any tenant.
    pub(super) fn is_both_factors_somewhere(&self) -> bool {
        self.both_factors || self.both_factors_in.values().any(|both| *both)
    }
}

fn check_related(origins: &[String]) -> Result<Vec<String>, ConfigError> {
    const FIELD: &str = "webauthn.related_origins";
    const EXPECTED: &str = "origins of websites, such as `https://example.org`";
    if origins.len() > MOST_RELATED_ORIGINS {
        let problem = format!("there are {}", origins.len());
        return Err(ConfigError::new(FIELD, problem, "32 at most"));
    }
    let mut kept = Vec::with_capacity(origins.len());
    let mut labels = BTreeSet::new();
    for text in origins {
        let origin = domain(FIELD, text)?;
        let site = top_level_site(&origin).unwrap_or_default();
        if !origin.starts_with("https://") && site != "localhost" {
            let problem = format!("`{text}` isn't https, where browsers have no passkeys");
            return Err(ConfigError::new(FIELD, problem, EXPECTED));
        }
        if text.contains('*') {
            let problem = format!("`{text}` has a wildcard");
            return Err(ConfigError::new(FIELD, problem, EXPECTED));
        }
        labels.extend(site.split('.').next().map(str::to_owned));
        kept.push(origin);
    }
    if labels.len() > MOST_LABELS {
        let problem = format!("their sites have {} names: {labels:?}", labels.len());
        let expected = "sites of five names at most, of which browsers take no more";
        return Err(ConfigError::new(FIELD, problem, expected));
    }
    Ok(kept)
}

/// What is asked of authenticators, and what a passkey counts as.
impl WebAuthnRecipe {
    /// How long a browser waits for the user, and options are good; a minute by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.policy.timeout = timeout;
        self
    }

    /// What authenticators are to prove of their model; nothing by default.
    pub fn attestation(mut self, attestation: AttestationPreference) -> Self {
        self.policy.attestation = attestation;
        self
    }

    /// Whether passkeys are such that a browser finds them without being told which; required by
    /// default. Many security keys have little or no room for those. With `Preferred` they can be
    /// registered all the same; such a one is of use where the page names it (`allowCredentials`), as
    /// where somebody is signed in and shows it as a second factor.
    pub fn resident_key(mut self, resident_key: AuthenticatorPreference) -> Self {
        self.policy.resident_key = resident_key;
        self
    }

    /// Whether authenticators ask for a PIN, a fingerprint or the like; preferred by default.
    pub fn user_verification(mut self, user_verification: AuthenticatorPreference) -> Self {
        self.policy.user_verification = user_verification;
        self
    }

    /// Which keys are taken, the best first, by their numbers in the registry of COSE: some of −8
    /// (`EdDSA`), −7 (ES256), −35 (ES384) and −257 (RS256); all but −35 by default.
    pub fn supported_algorithm_ids(mut self, ids: impl IntoIterator<Item = i64>) -> Self {
        self.policy.algorithm_ids = ids.into_iter().collect();
        self
    }

    /// The origins of other sites on which the passkeys of this one are made and used as well (WebAuthn
    /// Level 3, section 5.11), such as `https://example.co.uk` beside `example.com`; none by default.
    /// They are served at `/.well-known/webauthn`, where browsers look for them on the host of
    /// [`relying_party_id`](Self::relying_party_id). A core of SuperTokens' takes no notice of them.
    pub fn related_origins(mut self, origins: impl IntoIterator<Item: Into<String>>) -> Self {
        self.policy.related_origins = origins.into_iter().map(Into::into).collect();
        self
    }

    /// Whether a sign-in by a passkey counts as both factors where the authenticator says that it asked
    /// for a PIN, a fingerprint or the like: then it meets whatever second factor is required; `false`
    /// by default.
    ///
    /// It is the authenticator's word, which nothing proves, and what is required stays so by itself:
    /// that a passkey should do instead is for the application to say.
    pub fn verified_passkey_is_both_factors(mut self, is_both: bool) -> Self {
        self.policy.both_factors = is_both;
        self
    }

    /// The same for one tenant.
    pub fn verified_passkey_is_both_factors_in(
        mut self,
        tenant_id: impl Into<TenantId>,
        is_both: bool,
    ) -> Self {
        self.policy.both_factors_in.insert(tenant_id.into(), is_both);
        self
    }

    /// How long after a factor was completed, or after the sign-in where there are no factors, a
    /// session's user may add and remove passkeys, in whole seconds; 15 minutes by default, `None` for
    /// as long as the session lasts. Later such a request is answered with 403 and the claim `st-mfa`.
    pub fn fresh_factor_max_age(mut self, max_age: impl Into<Option<Duration>>) -> Self {
        self.policy.fresh_factor_max_age = max_age.into();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(recipe: WebAuthnRecipe) -> String {
        recipe.policy.check().err().map(|error| error.field().to_owned()).unwrap_or_default()
    }

    #[test]
    fn settings_that_can_not_work_are_named() {
        use AuthenticatorPreference::Discouraged;
        let new = WebAuthnRecipe::new;
        let discouraged = || new().user_verification(Discouraged);
        let names = ["a", "b", "c", "d", "e", "f"];
        let many = |count: usize| {
            let origins = (0..count).map(|n| format!("https://{n}.example.com"));
            new().related_origins(origins)
        };
        for (recipe, field) in [
            (new(), ""),
            (new().timeout(Duration::from_millis(999)), "timeout"),
            (new().timeout(Duration::from_secs(86_401)), "timeout"),
            (new().supported_algorithm_ids([]), "supported_algorithm_ids"),
            (new().supported_algorithm_ids([-7, -36]), "supported_algorithm_ids"),
            (new().supported_algorithm_ids([-35, -7]), ""),
            (new().fresh_factor_max_age(Duration::ZERO), "fresh_factor_max_age"),
            (new().fresh_factor_max_age(None), ""),
            (discouraged(), ""),
            (discouraged().verified_passkey_is_both_factors(true), "user_verification"),
            (discouraged().verified_passkey_is_both_factors_in("acme", true), "user_verification"),
            (new().related_origins(["https://example.org", "http://localhost:3000"]), ""),
            (new().related_origins(["http://example.org"]), "related_origins"),
            (new().related_origins(["https://example.org/page"]), "related_origins"),
            (new().related_origins(["https://*.example.org"]), "related_origins"),
            (new().related_origins([""]), "related_origins"),
            (many(32), ""),
            (many(33), "related_origins"),
            (new().related_origins(names.map(|it| format!("https://{it}.com"))), "related_origins"),
            (new().related_origins(names.map(|it| format!("https://{it}.example.com"))), ""),
            (
                new().related_origins(
                    ["com", "co.uk", "de", "fr", "org", "net"]
                        .map(|it| format!("https://example.{it}")),
                ),
                "",
            ),
        ] {
            let expected = match field {
                "" => String::new(),
                field => format!("webauthn.{field}"),
            };
            assert_eq!(problem(recipe), expected);
        }
    }

    #[test]
    fn what_a_passkey_counts_as_is_the_tenant_s_or_else_the_application_s() {
        let recipe = WebAuthnRecipe::new()
            .verified_passkey_is_both_factors(true)
            .verified_passkey_is_both_factors_in("bank", false);
        let policy = recipe.policy.check().expect("right");
        assert!(policy.is_both_factors_in(&TenantId::default()));
        assert!(!policy.is_both_factors_in(&TenantId::new("bank")));
        assert!(policy.is_both_factors_somewhere());
        assert!(!PolicySettings::default().check().expect("right").is_both_factors_somewhere());
    }
}
