//! Whether a code is right.

use auth_protocol::{
    Secret, TenantScope, UserId,
    audit::AuditKind,
    passwordless::{CodeProof, ConsumedDevice},
    read_typed,
};

use super::{
    budget::Budget,
    contact::Contact,
    rows::{self, CodeRow, DeviceRow},
    secrets::{DeviceId, LinkCode, without_padding},
};
use crate::{
    Engine, EngineError,
    attempts::{Attempt, AttemptLimit, Standing},
    audit::{Event, short_digest},
    storage::Tx,
    user::identity,
};

/// Longer texts aren't read as other ways to write a code of digits.
const LONGEST_INPUT: usize = 128;

/// A proof whose form is right.
#[derive(Clone)]
pub(super) enum Proof {
    Link { device: String, digest: String },
    UserInput(Typed),
}

/// A code that was typed in.
#[derive(Clone)]
pub(super) struct Typed {
    /// The device that it is said to be for.
    device: String,
    id: DeviceId,
    code: Secret,
    /// Whose second factor it is.
    user: Option<UserId>,
}

/// What wrong codes are counted by.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    of_contact: Budget,
    of_user: AttemptLimit,
}

impl Limits {
    pub(super) fn of(engine: &Engine) -> Self {
        Self { of_contact: Budget::of_wrong_codes(engine), of_user: AttemptLimit::of(engine) }
    }

    /// The time of the attempt, in milliseconds since the epoch.
    pub(super) fn now_ms(&self) -> i64 {
        self.of_contact.now_ms()
    }
}

/// What is written down of a wrong code.
pub(super) struct Wrong {
    contact: Contact,
    /// Whose second factor it was.
    user: Option<UserId>,
}

impl Wrong {
    /// The event, about the user that the code is for; of a contact that nobody has, a short digest.
    /// The statements are the same in both cases.
    pub(super) async fn event(
        self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
    ) -> Result<Event, EngineError> {
        let event = Event::failed(AuditKind::OneTimeCode);
        let known = identity::find(tx, scope, &self.contact.identity()).await?.map(UserId::from);
        Ok(match self.user.or(known) {
            Some(user) => event.user(&user),
            None => event.fact("unknown", &short_digest(self.contact.value())),
        })
    }
}

/// What a proof is worth.
pub(super) enum Verdict {
    Right {
        device: DeviceRow,
        code_id: String,
    },
    /// The device is gone, the code of a link is no use any more, or wrong codes were tried so
    /// often that only one for a new device will be judged.
    Restart,
    /// The user has tried so many wrong codes that none is judged.
    LimitReached {
        /// For how long, in milliseconds.
        retry_after_ms: i64,
    },
    Expired(Attempts),
    Incorrect(Attempts),
}

/// How many wrong codes were typed in at a device, and how many may be.
pub(super) struct Attempts {
    pub(super) failed: i64,
    pub(super) max: i64,
}

impl Proof {
    pub(super) fn read(proof: CodeProof) -> Result<Self, EngineError> {
        let device = without_padding(&proof.pre_auth_session_id).to_owned();
        match (proof.link_code, proof.device_id, proof.user_input_code) {
            (Some(link_code), None, None) => {
                Ok(Self::Link { device, digest: LinkCode::read(&link_code)?.digest() })
            }
            (None, Some(id), Some(code)) => {
                let (id, user) = (DeviceId::read(&id)?, proof.user_id);
                Ok(Self::UserInput(Typed { device, id, code, user }))
            }
            _ => Err(EngineError::BadRequest(
                "Please provide exactly one of linkCode or deviceId+userInputCode".to_owned(),
            )),
        }
    }
}

/// Judges a proof and counts a wrong code, while the contact's devices are locked.
pub(super) async fn verify(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    proof: &Proof,
    limits: &Limits,
    wrong: &mut Option<Wrong>,
) -> Result<Verdict, EngineError> {
    match proof {
        Proof::Link { device, digest } => {
            verify_link(tx, scope, device, digest, limits.now_ms()).await
        }
        Proof::UserInput(typed) => verify_typed(tx, scope, typed, limits, wrong).await,
    }
}

/// Nobody guesses what stands in a link, so that it is judged whatever was tried, and its code may
/// have been replaced by a later one.
async fn verify_link(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    name: &str,
    digest: &str,
    now_ms: i64,
) -> Result<Verdict, EngineError> {
    match rows::device_of_link_code(tx, scope, digest).await? {
        None => return Ok(Verdict::Restart),
        Some(found) if found != *name => return Err(mismatch()),
        Some(_) => {}
    }
    let Some(device) = rows::lock_device(tx, scope, name).await? else {
        return Ok(Verdict::Restart);
    };
    Ok(match rows::find_code(tx, scope, name, digest).await? {
        Some(code) if code.expires_at >= now_ms => Verdict::Right { device, code_id: code.id },
        _ => Verdict::Restart,
    })
}

async fn verify_typed(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    typed: &Typed,
    limits: &Limits,
    wrong: &mut Option<Wrong>,
) -> Result<Verdict, EngineError> {
    let name = typed.id.digest();
    let Some(device) = rows::lock_device(tx, scope, &name).await? else {
        return Ok(Verdict::Restart);
    };
    if name != typed.device {
        return Err(mismatch());
    }
    let mut attempt = None;
    if let Some(user) = &typed.user {
        match count(tx, scope, user, &limits.of_user).await? {
            Standing::Open { attempt: number, .. } => attempt = Some((user, number)),
            Standing::Closed { retry_after_ms } => {
                return Ok(Verdict::LimitReached { retry_after_ms });
            }
        }
    }
    // A device's first try is judged whatever was tried at others, as it may be the owner's.
    let is_charged = limits.of_contact.take(tx, scope, &device.contact).await?.is_ok();
    if !is_charged && device.failed_attempts > 0 {
        return Ok(Verdict::Restart);
    }
    let found = find_code(tx, scope, typed, &device).await?;
    let is_known = found.is_some();
    let is_good = |code: &CodeRow| !code.is_replaced && code.expires_at >= limits.now_ms();
    let right = found.filter(is_good);
    if let Some(code) = right {
        if is_charged {
            limits.of_contact.give_back(tx, scope, &device.contact).await?;
        }
        if let Some((user, number)) = attempt {
            limits.of_user.forget(tx, scope, user, number).await?;
        }
        return Ok(Verdict::Right { device, code_id: code.id });
    }
    *wrong = Some(Wrong { contact: device.contact.clone(), user: typed.user.clone() });
    let attempts = Attempts { failed: device.failed_attempts + 1, max: device.max_attempts };
    if attempts.failed >= attempts.max {
        rows::delete_device(tx, scope, &name).await?;
        return Ok(Verdict::Restart);
    }
    rows::count_attempt(tx, scope, &name, attempts.failed).await?;
    Ok(if is_known { Verdict::Expired(attempts) } else { Verdict::Incorrect(attempts) })
}

/// The code of a device that was typed in: as it was chosen, or else, where it has digits only, as it
/// was drawn, however it was grouped and in whichever script.
async fn find_code(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    typed: &Typed,
    device: &DeviceRow,
) -> Result<Option<CodeRow>, EngineError> {
    let digest = |code: &Secret| typed.id.link_code(&device.salt, code).digest();
    let found = rows::find_code(tx, scope, &device.hash, &digest(&typed.code)).await?;
    if found.is_some() {
        return Ok(found);
    }
    let Some(read) = read_digits(&typed.code) else { return Ok(None) };
    rows::find_code(tx, scope, &device.hash, &digest(&read)).await
}

/// The digits that a text is another way to write of.
fn read_digits(text: &Secret) -> Option<Secret> {
    let text = text.expose_secret();
    if text.len() > LONGEST_INPUT {
        return None;
    }
    let read = read_typed(text);
    let has_digits = !read.is_empty() && read.bytes().all(|byte| byte.is_ascii_digit());
    (has_digits && read != text).then(|| Secret::from(read))
}

/// Counts an attempt of a user as a wrong one, together with those of its other second factors, where
/// it may make one. A right one is only taken back, and ends no row of wrong ones: it may be for an
/// address of somebody who knows no more than the user's password.
async fn count(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    user: &UserId,
    limit: &AttemptLimit,
) -> Result<Standing, EngineError> {
    loop {
        let standing = limit.standing(tx, scope, user).await?;
        let Standing::Open { attempt: number, .. } = standing else { return Ok(standing) };
        let expires_at_ms = limit.now_ms();
        let attempt = Attempt { number, is_valid: false, used_step: None, expires_at_ms };
        if limit.record(tx, scope, user, attempt).await? {
            return Ok(standing);
        }
    }
}

impl From<DeviceRow> for ConsumedDevice {
    fn from(device: DeviceRow) -> Self {
        let (email, phone_number) = device.contact.into_parts();
        Self {
            pre_auth_session_id: device.hash,
            failed_code_input_attempt_count: device.failed_attempts,
            email,
            phone_number,
        }
    }
}

fn mismatch() -> EngineError {
    EngineError::BadRequest("preAuthSessionId and deviceId doesn't match".to_owned())
}
