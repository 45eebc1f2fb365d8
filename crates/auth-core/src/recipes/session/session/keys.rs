//! The core's verification keys, and the tokens that were verified with them.

use std::{
    hash::{Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwapOption;
use auth_jwt::KeySet;
use auth_protocol::{
    TenantId,
    jwt::{GetJwks, Jwk},
};
use quick_cache::sync::Cache;

use super::AccessToken;
use crate::{
    Context, Error, Result,
    recipes::session::{SessionError, recipe::SessionConfig},
    single_flight::SingleFlight,
};

/// How long a key that the core doesn't know isn't asked for again.
const COOL_DOWN_MS: i64 = 500;

/// How old keys of a core at the other end of a network may be: for so long a key that is withdrawn
/// there goes on verifying here. The embedded engine tells at once.
const REMOTE_AGE_MS: u64 = 5_000;

/// How long a request waits for such keys that it has in an older form.
const PATIENCE: Duration = Duration::from_secs(1);

/// Verifies access tokens with keys that are read from the core when they are first needed, when
/// they may have changed, and when a token names one that isn't there.
pub(crate) struct KeyStore {
    current: ArcSwapOption<Keys>,
    /// When the core last gave no answer.
    failed_at_ms: AtomicI64,
    /// Many requests make one call.
    reading: SingleFlight,
}

/// Keys read at one time.
struct Keys {
    jwks: Vec<Jwk>,
    set: Arc<KeySet>,
    read_at_ms: i64,
    /// The core's own number for them, where it has one.
    generation: Option<u64>,
    /// Tokens verified with these very keys: they are dropped together.
    verified: Arc<Cache<ByText, AccessToken>>,
}

/// A token as a key that is found by its text.
struct ByText(AccessToken);

/// A text to find a token by.
struct Text<'t>(&'t [u8]);

/// How much of a text's end goes into its hash: a part of the signature, which differs as well as
/// any hash. Only verified tokens are kept, so that nobody can make many collide.
const HASHED_BYTES: usize = 16;

impl Hash for Text<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let bytes = self.0;
        state.write(bytes.last_chunk::<HASHED_BYTES>().map_or(bytes, |end| end.as_slice()));
    }
}

impl quick_cache::Equivalent<ByText> for Text<'_> {
    fn equivalent(&self, key: &ByText) -> bool {
        self.0 == key.0.expose_secret().as_bytes()
    }
}

impl Hash for ByText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Text(self.0.expose_secret().as_bytes()).hash(state);
    }
}

impl PartialEq for ByText {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl Eq for ByText {}

impl KeyStore {
    pub(crate) fn new() -> Self {
        Self {
            current: ArcSwapOption::empty(),
            failed_at_ms: AtomicI64::new(i64::MIN),
            reading: SingleFlight::default(),
        }
    }

    /// The token that a text is: one that was verified before, or one that is still to be verified.
    /// `None` where it isn't one of ours.
    pub(crate) fn token(
        &self,
        cx: &Context,
        config: &SessionConfig,
        text: &[u8],
    ) -> Option<AccessToken> {
        self.verified(cx, config, text).or_else(|| AccessToken::parse(str::from_utf8(text).ok()?))
    }

    /// A token that was verified before with keys that are still current, and that hasn't expired
    /// since.
    fn verified(&self, cx: &Context, config: &SessionConfig, text: &[u8]) -> Option<AccessToken> {
        let now_ms = cx.core().now_ms();
        let keys = self.current.load();
        let keys = keys.as_ref().filter(|keys| keys.are_current(cx, config, now_ms))?;
        keys.verified.get(&Text(text)).filter(|token| token.expiry_ms() > now_ms)
    }

    /// Checks signature, the time (`exp`, `nbf`), the kind of key and the audience.
    ///
    /// # Errors
    /// [`SessionError::TryRefreshToken`] where one of them isn't right;
    /// [`SessionError::Unauthorised`] where the token is for somebody else.
    pub(crate) async fn verify(
        &self,
        cx: &Context,
        config: &SessionConfig,
        token: &AccessToken,
    ) -> Result<()> {
        let keys = self.keys_for(cx, config, token.kid()).await?;
        let now_ms = cx.core().now_ms();
        auth_jwt::verify_signature(token.expose_secret(), &keys.set)
            .map_err(|error| SessionError::try_refresh_token(error.to_string()))?;
        if token.expiry_ms() <= now_ms {
            return Err(try_refresh("the access token has expired").into());
        }
        if token.starts_ms() > now_ms {
            return Err(try_refresh("the access token may not be used yet").into());
        }
        if !config.accepts_key(token.kid()) {
            return Err(
                try_refresh("the access token was signed with the other kind of key").into()
            );
        }
        config.check_audience(token)?;
        keys.verified.insert(ByText(token.clone()), token.verified());
        Ok(())
    }

    /// Notes that the core in this process has just signed a token, which then is verified. Without
    /// current keys it is verified when it comes back.
    pub(super) fn note_signed(
        &self,
        cx: &Context,
        config: &SessionConfig,
        token: AccessToken,
    ) -> AccessToken {
        let current = self.current.load();
        let is_known = |keys: &&Arc<Keys>| {
            keys.has(token.kid())
                && keys.are_current(cx, config, cx.core().now_ms())
                && config.accepts_key(token.kid())
                && token.starts_ms() <= cx.core().now_ms()
                && config.is_audience_of(&token)
        };
        let Some(keys) = current.as_ref().filter(is_known) else { return token };
        let verified = token.verified();
        keys.verified.insert(ByText(token), verified.clone());
        verified
    }

    /// Whether the core has signed the token, be it expired or not.
    pub(crate) async fn is_genuine(
        &self,
        cx: &Context,
        config: &SessionConfig,
        token: &AccessToken,
    ) -> bool {
        let keys = self.keys_for(cx, config, token.kid()).await;
        keys.is_ok_and(|keys| auth_jwt::verify_signature(token.expose_secret(), &keys.set).is_ok())
    }

    /// The keys among which one may be that a token names.
    ///
    /// # Errors
    /// Where the core can't be asked for them, or has no such key.
    pub(crate) async fn key_set(
        &self,
        cx: &Context,
        config: &SessionConfig,
        kid: &str,
    ) -> Result<Arc<KeySet>> {
        Ok(Arc::clone(&self.keys_for(cx, config, kid).await?.set))
    }

    async fn keys_for(&self, cx: &Context, config: &SessionConfig, kid: &str) -> Result<Arc<Keys>> {
        let seen = self.current.load_full();
        let now_ms = cx.core().now_ms();
        if let Some(keys) = &seen
            && keys.has(kid)
            && keys.are_current(cx, config, now_ms)
        {
            return Ok(Arc::clone(keys));
        }
        // Somebody else may read them while this task waits.
        let known = || {
            let keys = self.current.load_full()?;
            let is_fresh = now_ms.abs_diff(keys.read_at_ms) < COOL_DOWN_MS.unsigned_abs();
            (keys.are_current(cx, config, now_ms) && (keys.has(kid) || is_fresh)).then_some(keys)
        };
        let reading = self.reading.find(known, self.read(cx, config, now_ms));
        let Some(older) = seen.filter(|keys| keys.has(kid) && keys.will_do(config, now_ms)) else {
            return reading.await?.known(kid);
        };
        // A core that can't be reached signs nobody out: its keys go on being used for a while.
        let failed_at_ms = self.failed_at_ms.load(Ordering::Relaxed);
        if now_ms.abs_diff(failed_at_ms) < REMOTE_AGE_MS {
            return Ok(older);
        }
        if let Ok(Ok(keys)) = tokio::time::timeout(PATIENCE, reading).await {
            return keys.known(kid);
        }
        self.failed_at_ms.store(now_ms, Ordering::Relaxed);
        tracing::warn!("the core's keys can't be read: those read before are used");
        Ok(older)
    }

    async fn read(&self, cx: &Context, config: &SessionConfig, now_ms: i64) -> Result<Arc<Keys>> {
        // Before the keys, so that a change meanwhile is seen at the next use.
        let generation = cx.core().keys_generation();
        let jwks = cx.core().call(&TenantId::default(), GetJwks {}).await?.keys;
        let before = self.current.load_full().filter(|before| before.jwks == jwks);
        let keys = Arc::new(match before {
            Some(before) => Keys {
                jwks,
                set: Arc::clone(&before.set),
                read_at_ms: now_ms,
                generation,
                verified: Arc::clone(&before.verified),
            },
            None => Keys {
                set: Arc::new(KeySet::new(&jwks).map_err(Error::other)?),
                jwks,
                read_at_ms: now_ms,
                generation,
                verified: Arc::new(Cache::new(config.verified_token_cache_capacity)),
            },
        });
        self.current.store(Some(Arc::clone(&keys)));
        Ok(keys)
    }
}

impl Keys {
    fn has(&self, kid: &str) -> bool {
        self.jwks.iter().any(|jwk| jwk.kid == kid)
    }

    fn known(self: Arc<Self>, kid: &str) -> Result<Arc<Self>> {
        if self.has(kid) {
            return Ok(self);
        }
        Err(try_refresh("the access token was signed with a key that the core doesn't have").into())
    }

    /// Whether no key can have been withdrawn since, or only just now.
    fn are_current(&self, cx: &Context, config: &SessionConfig, now_ms: i64) -> bool {
        let age_ms = now_ms.abs_diff(self.read_at_ms);
        let is_known = match self.generation {
            Some(generation) => cx.core().keys_generation() == Some(generation),
            None => age_ms < REMOTE_AGE_MS,
        };
        is_known && age_ms < config.jwks_refresh_interval_ms
    }

    /// Whether they may be used where newer ones can't be had. The embedded engine has newer ones
    /// whenever there are any.
    fn will_do(&self, config: &SessionConfig, now_ms: i64) -> bool {
        let age_ms = now_ms.abs_diff(self.read_at_ms);
        self.generation.is_none() && age_ms < config.jwks_refresh_interval_ms
    }
}

fn try_refresh(message: &str) -> SessionError {
    SessionError::try_refresh_token(message)
}
