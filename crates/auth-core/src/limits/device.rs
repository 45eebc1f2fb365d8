//! Devices that accounts have proved themselves on.

use std::{borrow::Cow, time::Duration};

use auth_jwt::UnverifiedJwt;
use auth_protocol::{JsonObject, TenantId};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::{Account, budget::digest_of};
use crate::{
    Context, Error, Result,
    http::decode_cookie,
    recipes::session::{
        SessionInstance, TokenTransferMethod, set_host_cookie, sign_note, transfer_method,
    },
};

/// In which the token travels in header mode, in requests and responses.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("st-known-device");

const COOKIE: &str = "sKnownDevice";

/// What tells the token from others of the same key.
const USE: &str = "known-device";

/// How long a browser keeps a cookie at most (RFC 6265bis section 5.5).
const LIFETIME: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// Older ones are renewed when an account proves itself.
const RENEWED_AFTER_SECS: i64 = 30 * 24 * 60 * 60;

/// How many accounts a device knows. Of more the one that was the first to come is the first to go.
const MOST_ACCOUNTS: usize = 8;

/// Longer tokens, and more of them, aren't looked at.
const LONGEST_TOKEN: usize = 4096;
const MOST_TOKENS: usize = 4;

/// How much of an account's digest is kept: enough that no other account has the same.
const DIGEST_BYTES: usize = 32;

/// What a token says.
pub(super) struct Device {
    id: String,
    /// Digests, the latest first.
    accounts: Vec<String>,
    issued_at_secs: i64,
}

impl Device {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    fn read(payload: &JsonObject, now_secs: i64) -> Option<Self> {
        let text = |name| payload.get(name).and_then(Value::as_str);
        let seconds = |name| payload.get(name).and_then(Value::as_i64);
        if text("use") != Some(USE) || seconds("exp")? <= now_secs {
            return None;
        }
        let accounts = payload.get("accounts")?.as_array()?.iter().take(MOST_ACCOUNTS);
        Some(Self {
            id: text("device").filter(|id| !id.is_empty())?.to_owned(),
            accounts: accounts.filter_map(Value::as_str).map(str::to_owned).collect(),
            issued_at_secs: seconds("iat")?,
        })
    }

    /// The account, as only this device names it.
    fn digest(&self, tenant_id: &TenantId, account: &Account) -> String {
        let key = digest_of(&[&self.id, tenant_id.as_str(), account.kind, &account.value]);
        URL_SAFE_NO_PAD.encode(key.get(..DIGEST_BYTES).unwrap_or_default())
    }

    fn knows(&self, tenant_id: &TenantId, account: &Account) -> bool {
        self.accounts.contains(&self.digest(tenant_id, account))
    }
}

fn now_secs(cx: &Context) -> i64 {
    cx.core().now_ms() / 1000
}

/// The tokens that the request brings. There may be several cookies of a name, as any site under the
/// same domain can set one.
fn tokens<'c>(cx: &'c Context, sessions: &SessionInstance) -> Vec<Cow<'c, str>> {
    let Some(request) = cx.request() else { return Vec::new() };
    let header = request.header(HEADER.as_str());
    let (name, _) = sessions.config().other_cookie(COOKIE, "/");
    let tokens = header.into_iter().chain(request.raw_cookies(&name)).take(MOST_TOKENS);
    let is_readable = |token: &&str| (1..=LONGEST_TOKEN).contains(&token.len());
    tokens.filter(is_readable).map(decode_cookie).collect()
}

/// The first device of the request that will do and that the core has vouched for.
async fn find(cx: &Context, will_do: impl Fn(&Device) -> bool) -> Option<Device> {
    let sessions = cx.auth().session_recipe()?;
    for token in tokens(cx, sessions) {
        let Ok(jwt) = UnverifiedJwt::parse(&token) else { continue };
        let Some(device) = Device::read(jwt.unverified_payload(), now_secs(cx)) else { continue };
        if !will_do(&device) {
            continue;
        }
        let Ok(keys) = sessions.core_keys(cx, jwt.header().kid()).await else { continue };
        if jwt.verify(&keys).is_ok() {
            return Some(device);
        }
    }
    None
}

/// Whether a recipe asks which devices are known, so that they are made so without limits, too.
pub(super) fn is_regarded(cx: &Context) -> bool {
    cx.auth().recipes().iter().any(|recipe| recipe.regards_known_devices())
}

/// The device that the request comes from, where the account has proved itself on it.
pub(super) async fn known(cx: &Context, tenant_id: &TenantId, account: &Account) -> Option<Device> {
    find(cx, |device| device.knows(tenant_id, account)).await
}

/// Whether the request comes from a device on which one of the accounts has proved itself.
pub(super) async fn is_known(cx: &Context, tenant_id: &TenantId, accounts: &[Account]) -> bool {
    let knows_one =
        |device: &Device| accounts.iter().any(|account| device.knows(tenant_id, account));
    find(cx, knows_one).await.is_some()
}

/// Lets the device know an account that has proved itself on it; `found` is one that the request was
/// seen to come from. That costs something where it doesn't know the account yet, or hasn't been told
/// for long.
pub(super) async fn remember(
    cx: &Context,
    tenant_id: &TenantId,
    account: &Account,
    found: Option<Device>,
) -> Result<()> {
    let Some(sessions) = cx.auth().session_recipe() else { return Ok(()) };
    if cx.request().is_none() {
        return Ok(());
    }
    let known = match found.filter(|device| device.knows(tenant_id, account)) {
        Some(device) => Some(device),
        None => match known(cx, tenant_id, account).await {
            Some(device) => Some(device),
            None => find(cx, |_| true).await,
        },
    };
    let now_secs = now_secs(cx);
    let mut device = match known {
        Some(device) => device,
        None => Device { id: random_id(), accounts: Vec::new(), issued_at_secs: now_secs },
    };
    let digest = device.digest(tenant_id, account);
    let age_secs = now_secs.saturating_sub(device.issued_at_secs);
    if device.accounts.contains(&digest) && (0..RENEWED_AFTER_SECS).contains(&age_secs) {
        return Ok(());
    }
    device.accounts.retain(|other| *other != digest);
    device.accounts.insert(0, digest);
    device.accounts.truncate(MOST_ACCOUNTS);
    let token = sign(cx, &device).await?;
    write(cx, sessions, &token)
}

fn random_id() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

async fn sign(cx: &Context, device: &Device) -> Result<String> {
    let payload = json!({ "use": USE, "device": device.id, "accounts": device.accounts });
    let Value::Object(payload) = payload else { return Err(Error::other("no object")) };
    sign_note(cx, &payload, LIFETIME).await
}

fn write(cx: &Context, sessions: &SessionInstance, token: &str) -> Result<()> {
    let config = sessions.config();
    match transfer_method(cx, config) {
        TokenTransferMethod::Cookie => {
            let lifetime_ms = i64::try_from(LIFETIME.as_millis()).unwrap_or(i64::MAX);
            let expires_ms = cx.core().now_ms().saturating_add(lifetime_ms);
            let path = cx.auth().app_info().api_base_path.as_str();
            let (name, path) = config.other_cookie(COOKIE, path);
            set_host_cookie(cx, config, &name, token, expires_ms, path)
        }
        TokenTransferMethod::Header => {
            cx.changes().set_header(HEADER, HeaderValue::try_from(token).map_err(Error::other)?);
            cx.changes().expose_header(HEADER);
            cx.changes().forbid_storing();
            Ok(())
        }
    }
}
