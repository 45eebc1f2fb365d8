//! Refresh tokens: sealed, so that only the core can read what they say, and never stored.
//!
//! Every token is sealed by AES-256-GCM with a key and nonce of its own, derived by HKDF-SHA256
//! (RFC 5869) from a master key of the app and a random salt that stands before the ciphertext. The
//! reference derives its key by a hundred rounds of PBKDF2; the master key is random, so there is
//! nothing that such rounds could protect, and the token is opaque to everybody else.
//!
//! A token that follows another one has no random salt but one derived from the text of that token,
//! which only its bearer has, and from what it says: every process makes the same one, so that
//! requests that race get the same successor whichever answer arrives last, and nothing that could
//! be used lies in the database.

use std::{collections::HashMap, sync::Arc};

use auth_protocol::{AppId, RecipeUserId, Secret, SessionHandle};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

use crate::{
    Engine, EngineError, Random,
    digest::{hex, sha256_hex},
    storage::{Store, in_tx, params},
    tenancy::require_app,
};

const SALT_BYTES: usize = 32;
const UUID_BYTES: usize = 16;
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// A token is far shorter; what is longer isn't looked at.
const MAX_TOKEN_BYTES: usize = 4 * 1024;

const LOAD: &str = "SELECT value FROM key_value \
    WHERE app_id = $1 AND tenant_id = 'public' AND name = 'refresh_token_key'";

/// Two processes that make the key at once: the first one's stays.
const ADD: &str = "INSERT INTO key_value (app_id, tenant_id, name, value, created_at_time) \
    VALUES ($1, 'public', 'refresh_token_key', $2, $3) ON CONFLICT DO NOTHING";

/// What a refresh token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefreshToken {
    pub(super) session_handle: SessionHandle,
    #[serde(rename = "userId")]
    pub(super) recipe_user_id: RecipeUserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) parent_refresh_token_hash1: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) anti_csrf_token: Option<String>,
}

/// A token in the form that the client keeps, with its digests.
pub(super) struct SealedToken {
    pub(super) token: Secret,
    pub(super) hash1: String,
    pub(super) hash2: String,
}

impl SealedToken {
    pub(super) fn new(token: Secret) -> Self {
        let hash1 = sha256_hex(token.expose_secret());
        let hash2 = sha256_hex(&hash1);
        Self { token, hash1, hash2 }
    }
}

/// The master key of each app, held in memory.
#[derive(Default)]
pub(crate) struct RefreshTokenKeys(RwLock<HashMap<AppId, Arc<Prk>>>);

impl RefreshTokenKeys {
    /// Forgets the keys of every app: another app may have got the name of one.
    pub(crate) fn forget(&self) {
        self.0.write().clear();
    }

    async fn get(&self, engine: &Engine, app: &AppId) -> Result<Arc<Prk>, EngineError> {
        if let Some(key) = self.0.read().get(app) {
            return Ok(Arc::clone(key));
        }
        let key = load_or_make(engine.home_store(), app, engine.random(), engine.clock().now_ms())
            .await?;
        let key = Arc::new(Salt::new(HKDF_SHA256, b"refresh token").extract(&key));
        self.0.write().insert(app.clone(), Arc::clone(&key));
        Ok(key)
    }
}

/// A key of an app for digests that nobody can try out who hasn't the database.
#[derive(Clone)]
pub(crate) struct DigestKey(Arc<Prk>);

impl RefreshTokenKeys {
    /// The key for digests, derived from the same master key.
    pub(crate) async fn digest_key(
        &self,
        engine: &Engine,
        app: &AppId,
    ) -> Result<DigestKey, EngineError> {
        self.get(engine, app).await.map(DigestKey)
    }
}

impl DigestKey {
    /// A digest of texts for one use, in hexadecimal. No text may hold a zero byte.
    pub(crate) fn digest(&self, usage: &[u8], texts: &[&str]) -> Result<String, EngineError> {
        let mut info: Vec<&[u8]> = vec![b"digest", usage];
        for text in texts {
            info.extend([&[0][..], text.as_bytes()]);
        }
        let mut digest = [0; 32];
        expand(&self.0, &info, &mut digest)
            .ok_or_else(|| EngineError::Internal("a digest could not be made".into()))?;
        Ok(hex(&digest))
    }
}

async fn load_or_make(
    store: &Store,
    app: &AppId,
    random: &Random,
    now_ms: i64,
) -> Result<Vec<u8>, EngineError> {
    let mut fresh = [0; 64];
    random.fill(&mut fresh)?;
    let fresh = BASE64_STANDARD.encode(fresh);
    let body = in_tx!(app, fresh, |tx| {
        require_app(tx, &app).await?;
        tx.execute(ADD, params![app, fresh, now_ms]).await?;
        match tx.query_opt(LOAD, params![app]).await? {
            Some(row) => row.get::<String>("value"),
            None => Err(EngineError::Internal("the refresh token key is missing".into())),
        }
    });
    let stored = store.write(body).await?;
    BASE64_STANDARD
        .decode(stored)
        .map_err(|_| EngineError::Internal("the refresh token key can't be read".into()))
}

/// A token that follows another one, and its anti-CSRF token.
pub(super) struct Successor {
    pub(super) token: SealedToken,
    pub(super) anti_csrf_token: Option<String>,
}

/// The two tokens that may follow another one, which are the same whoever asks: with an anti-CSRF
/// token and without. Each is made when it is asked for.
pub(super) struct Successors {
    master: Arc<Prk>,
    parent: RefreshToken,
    text: Secret,
    hash1: String,
}

impl Successors {
    pub(super) fn get(&self, with_anti_csrf: bool) -> Result<Successor, EngineError> {
        let parent = self.text.expose_secret();
        let anti_csrf_token = match (with_anti_csrf, &self.parent.anti_csrf_token) {
            (false, _) => None,
            (true, Some(token)) => Some(token.clone()),
            (true, None) => Some(derived_uuid(&self.master, parent).ok_or_else(failed)?),
        };
        let next = RefreshToken {
            parent_refresh_token_hash1: Some(self.hash1.clone()),
            anti_csrf_token: anti_csrf_token.clone(),
            ..self.parent.clone()
        };
        let text = next.to_text()?;
        let salt = successor_salt(&self.master, parent, &text);
        let token = salt.and_then(|salt| seal(&self.master, salt, text)).ok_or_else(failed)?;
        Ok(Successor { token, anti_csrf_token })
    }
}

impl RefreshToken {
    /// Seals the first token of a session.
    pub(super) async fn seal(
        &self,
        engine: &Engine,
        app: &AppId,
    ) -> Result<SealedToken, EngineError> {
        let master = engine.refresh_token_keys().get(engine, app).await?;
        let mut salt = [0; SALT_BYTES];
        engine.random().fill(&mut salt)?;
        let text = self.to_text()?;
        seal(&master, salt, text).ok_or_else(failed)
    }

    /// The tokens that may follow this one.
    pub(super) async fn successors(
        &self,
        own: &SealedToken,
        engine: &Engine,
        app: &AppId,
    ) -> Result<Successors, EngineError> {
        Ok(Successors {
            master: engine.refresh_token_keys().get(engine, app).await?,
            parent: self.clone(),
            text: own.token.clone(),
            hash1: own.hash1.clone(),
        })
    }

    fn to_text(&self) -> Result<Vec<u8>, EngineError> {
        serde_json::to_vec(self).map_err(|_| failed())
    }

    /// Opens a token; `None` where it isn't one of ours.
    pub(super) async fn open(
        token: &Secret,
        engine: &Engine,
        app: &AppId,
    ) -> Result<Option<Self>, EngineError> {
        if token.expose_secret().len() > MAX_TOKEN_BYTES {
            return Ok(None);
        }
        let Ok(mut sealed) = BASE64_URL_SAFE_NO_PAD.decode(token.expose_secret()) else {
            return Ok(None);
        };
        let Some((salt, sealed)) = sealed.split_at_mut_checked(SALT_BYTES) else {
            return Ok(None);
        };
        let master = engine.refresh_token_keys().get(engine, app).await?;
        let opened = derive(&master, salt)
            .and_then(|(key, nonce)| key.open_in_place(nonce, Aad::empty(), sealed).ok());
        Ok(opened.and_then(|text| serde_json::from_slice(text).ok()))
    }
}

/// The session that a refresh token is of; `None` where it isn't one of ours.
pub(crate) async fn session_of_refresh_token(
    engine: &Engine,
    app: &AppId,
    token: &Secret,
) -> Result<Option<SessionHandle>, EngineError> {
    let opened = RefreshToken::open(token, engine, app).await?;
    Ok(opened.map(|token| token.session_handle))
}

fn failed() -> EngineError {
    EngineError::Internal("a refresh token could not be sealed".into())
}

fn seal(master: &Prk, salt: [u8; SALT_BYTES], mut text: Vec<u8>) -> Option<SealedToken> {
    let (key, nonce) = derive(master, &salt)?;
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut text).ok()?;
    let token = BASE64_URL_SAFE_NO_PAD.encode([&salt[..], &text].concat());
    Some(SealedToken::new(Secret::new(token)))
}

/// The key and nonce of one token: they are used for it alone.
fn derive(master: &Prk, salt: &[u8]) -> Option<(LessSafeKey, Nonce)> {
    let mut material = [0; KEY_BYTES + NONCE_BYTES];
    expand(master, &[b"seal", salt], &mut material)?;
    let (key, nonce) = material.split_at_checked(KEY_BYTES)?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
    Some((key, Nonce::try_assume_unique_for_key(nonce).ok()?))
}

/// The salt of the token that follows another one. What it says goes in, too, so that no key and
/// nonce ever seals two different texts.
fn successor_salt(master: &Prk, parent: &str, text: &[u8]) -> Option<[u8; SALT_BYTES]> {
    let mut salt = [0; SALT_BYTES];
    // A token holds no zero byte: where it ends is certain.
    expand(master, &[b"successor", parent.as_bytes(), &[0], text], &mut salt)?;
    Some(salt)
}

/// The anti-CSRF token of a session that had none until the token was used.
fn derived_uuid(master: &Prk, parent: &str) -> Option<String> {
    let mut bytes = [0; UUID_BYTES];
    expand(master, &[b"anti-csrf", parent.as_bytes()], &mut bytes)?;
    Some(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

fn expand(master: &Prk, info: &[&[u8]], into: &mut [u8]) -> Option<()> {
    master.expand(info, Length(into.len())).ok()?.fill(into).ok()
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}
