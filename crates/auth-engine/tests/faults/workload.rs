//! Callers that never stop, and what they were told.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use auth_engine::{
    Answers, Engine, EngineConfig, EngineError, PasswordHashingConfig, StorageError,
};
use auth_protocol::{
    CdiVersion, SessionHandle, TenantScope,
    emailpassword::{SignUp, SignUpResponse},
    session::*,
    user::{ListUsersByAccountInfo, ListUsersByAccountInfoResponse},
};

/// No operation may take longer, whatever happens to the database.
const LONGEST: Duration = Duration::from_secs(40);

/// Cheap hashes, and a grace period in which a client can repeat what a fault interrupted.
pub(crate) fn config(url: &str) -> EngineConfig {
    let hashing = PasswordHashingConfig {
        memory_kib: 8,
        iterations: 1,
        parallelism: 1,
        ..PasswordHashingConfig::default()
    };
    EngineConfig::new(url.parse().unwrap())
        .password_hashing(hashing)
        .signing_algorithm(auth_engine::SigningAlgorithm::EdDsa)
        .refresh_token_rotation_grace_period(Duration::from_secs(300))
}

/// Signs up, opens a session, refreshes it and sometimes revokes it, again and again, and tells
/// what was acknowledged, one line each. Ends once `tell` gives false.
pub(crate) async fn run(engine: Engine, name: String, tell: impl Fn(String) -> bool) {
    for count in 0_u32.. {
        let email = format!("{name}-{count}@example.com");
        let operation = SignUp { email: email.clone(), password: "password 1".into() };
        let user = match attempt(&engine, operation).await {
            Ok(SignUpResponse::Ok { user, .. }) => user,
            // What was not acknowledged the first time may have happened nevertheless.
            Ok(SignUpResponse::EmailAlreadyExistsError) => continue,
            Err(line) if tell(line.clone()) => continue,
            Err(_) => return,
        };
        if !tell(format!("user {email} {}", user.id)) {
            return;
        }
        let session = match attempt(&engine, create(user.id.as_str())).await {
            Ok(CreateSessionResponse::Ok(tokens)) => tokens,
            Err(line) if tell(line.clone()) => continue,
            Ok(CreateSessionResponse::TooManySessions) | Err(_) => return,
        };
        let handle = session.session.handle;
        let mut token = session.refresh_token.token.expose_secret().to_owned();
        if !tell(format!("session {handle} {token}")) {
            return;
        }
        for _ in 0..2 {
            let told = match attempt(&engine, refresh(&token)).await {
                Ok(RefreshSessionResponse::Ok(next)) => {
                    next.refresh_token.token.expose_secret().clone_into(&mut token);
                    format!("refreshed {handle} {token}")
                }
                Ok(other) => format!("wrong {other:?}"),
                Err(line) => line,
            };
            if !tell(told) {
                return;
            }
        }
        if count % 3 == 0 {
            let operation = RemoveSessions {
                session_handles: Some(vec![handle.clone()]),
                ..RemoveSessions::default()
            };
            if !tell(format!("revoking {handle}")) {
                return;
            }
            let told = match attempt(&engine, operation).await {
                Ok(_) => format!("revoked {handle}"),
                Err(line) => line,
            };
            if !tell(told) {
                return;
            }
        }
    }
}

/// Carries an operation out; an error becomes the line that tells of it.
async fn attempt<O: auth_protocol::Operation>(
    engine: &Engine,
    operation: O,
) -> Result<O::Response, String>
where
    Engine: Answers<O>,
{
    let start = Instant::now();
    let result = engine.handle(&TenantScope::default(), operation).await;
    if start.elapsed() > LONGEST {
        return Err(format!("wrong {} took {:?}", O::NAME, start.elapsed()));
    }
    result.map_err(|error| match error {
        EngineError::Storage(StorageError::DiskFull(_)) => "full".to_owned(),
        error if error.is_unavailable() => format!("unavailable {error}"),
        error => format!("wrong {}: {error}", O::NAME),
    })
}

pub(crate) fn create(user: &str) -> CreateSession {
    CreateSession::new(user.into())
}

fn refresh(token: &str) -> RefreshSession {
    RefreshSession {
        refresh_token: token.into(),
        anti_csrf_token: None,
        enable_anti_csrf: false,
        use_dynamic_signing_key: Some(true),
        access_token_validity_ms: None,
        proven_devices: None,
        cdi_version: CdiVersion::LATEST,
    }
}

/// What the callers were told.
#[derive(Debug, Default)]
pub(crate) struct Acknowledged {
    users: HashMap<String, String>,
    /// Each session's last refresh token.
    sessions: HashMap<String, String>,
    refreshes: usize,
    revoking: HashSet<String>,
    revoked: HashSet<String>,
    wrong: Vec<String>,
    /// Operations that the engine said it couldn't do.
    pub(crate) unavailable: usize,
    pub(crate) full: usize,
}

impl Acknowledged {
    /// How many operations were acknowledged.
    pub(crate) fn count(&self) -> usize {
        self.users.len() + self.sessions.len() + self.refreshes + self.revoked.len()
    }

    /// Takes a line; whether it acknowledged something.
    pub(crate) fn note(&mut self, line: &str) -> bool {
        match line.split(' ').collect::<Vec<_>>().as_slice() {
            ["user", email, id] => drop(self.users.insert((*email).into(), (*id).into())),
            ["session", handle, token] => {
                self.sessions.insert((*handle).into(), (*token).into());
            }
            ["refreshed", handle, token] => {
                self.sessions.insert((*handle).into(), (*token).into());
                self.refreshes += 1;
            }
            ["revoked", handle] => drop(self.revoked.insert((*handle).into())),
            ["revoking", handle] => {
                self.revoking.insert((*handle).into());
                return false;
            }
            ["unavailable", ..] => {
                self.unavailable += 1;
                return false;
            }
            ["full"] => {
                self.full += 1;
                return false;
            }
            ["wrong", ..] => {
                self.wrong.push(line.to_owned());
                return false;
            }
            _ => return false,
        }
        true
    }

    /// Looks for everything that was acknowledged; prints the counts, and fails on one lost.
    pub(crate) async fn check(
        &self,
        what: &str,
        engine: &Engine,
        numbers: impl Fn(&str) -> String,
    ) {
        let mut lost = self.wrong.clone();
        for (email, id) in &self.users {
            let by_email = ListUsersByAccountInfo {
                email: Some(email.clone()),
                ..ListUsersByAccountInfo::default()
            };
            let ListUsersByAccountInfoResponse::Ok { users } = ask(engine, by_email).await;
            if users.len() != 1 || users[0].id != id.as_str() {
                lost.push(format!("user {email}"));
            }
        }
        let has = async |handle: &str| {
            let session_handle = SessionHandle::from(handle);
            let answer = ask(engine, GetSession { session_handle }).await;
            matches!(answer, GetSessionResponse::Ok { .. })
        };
        for (handle, token) in &self.sessions {
            if self.revoking.contains(handle) {
                continue;
            }
            if !has(handle).await {
                lost.push(format!("session {handle}"));
            } else if !matches!(ask(engine, refresh(token)).await, RefreshSessionResponse::Ok(_)) {
                lost.push(format!("refresh of {handle}"));
            }
        }
        for handle in &self.revoked {
            if has(handle).await {
                lost.push(format!("revocation of {handle}"));
            }
        }
        let users = numbers("SELECT COUNT(*) FROM app_id_to_user_id");
        for table in ["emailpassword_users", "recipe_user_tenants", "recipe_user_account_infos"] {
            let rows = numbers(&format!("SELECT COUNT(*) FROM {table}"));
            if rows != users {
                lost.push(format!("half a user: {rows} rows in {table}, {users} users"));
            }
        }
        println!(
            "{what}: {} sign-ups, {} sessions, {} refreshes and {} revocations acknowledged, {} \
             refused as unavailable, {} lost",
            self.users.len(),
            self.sessions.len(),
            self.refreshes,
            self.revoked.len(),
            self.unavailable,
            lost.len()
        );
        assert!(lost.is_empty(), "{lost:#?}");
        assert!(self.count() > 0);
    }
}

async fn ask<O: auth_protocol::Operation>(engine: &Engine, operation: O) -> O::Response
where
    Engine: Answers<O>,
{
    engine.handle(&TenantScope::default(), operation).await.unwrap()
}
