//! What is measured at each size.

use std::time::{Duration, Instant};

use auth_engine::{Engine, Handle};
use auth_protocol::{
    CdiVersion, JsonObject, Operation, SessionHandle, TenantScope,
    session::{CreateSession, GetSession, GetSessionResponse},
    user::{
        CountUsers, CountUsersResponse, GetUserById, GetUserByIdResponse, ListUsers,
        ListUsersByAccountInfo, ListUsersByAccountInfoResponse, ListUsersResponse,
    },
};
use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::{
    Outcome,
    load::{EXPIRED, SESSIONS, START_MS, session_handle, user_id},
};

/// How often a keyed operation is done.
const KEYED: u32 = 400;

/// How often a page is read.
const PAGES: u32 = 20;

/// A figure by its name.
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) each: Duration,
    /// Whether it must not grow with the number of users.
    pub(crate) is_keyed: bool,
}

/// Measures everything on a database with this many users.
pub(crate) async fn all(engine: &Engine, users: u32) -> Outcome<Vec<Figure>> {
    // Every operation once, so that keys are made and statements are prepared.
    keyed(engine, users, 1).await?;
    let mut figures = keyed(engine, users, KEYED).await?;
    let first = timed(PAGES, async |_| page(engine, None).await).await?;
    let middle = users / 2;
    let start = format!("{};{}", user_id(middle), START_MS + i64::from(middle) * 1000);
    let token = BASE64_STANDARD.encode(start);
    let deep = timed(PAGES, async |_| page(engine, Some(&token)).await).await?;
    let count = timed(3, async |_| {
        let CountUsersResponse::Ok { count, .. } = ask(engine, CountUsers::default()).await?;
        expect(count == u64::from(users), "every user is counted")
    })
    .await?;
    // Not before, so that the engine's own job finds nothing to do.
    engine.clock().advance(Duration::from_secs(2 * 3600));
    let clean_up = timed(1, async |_| Ok(engine.delete_expired().await?)).await? / EXPIRED;
    figures.extend([
        Figure { name: "first page of users", each: first, is_keyed: true },
        Figure { name: "deep page of users", each: deep, is_keyed: true },
        Figure { name: "expired session deleted", each: clean_up, is_keyed: true },
        Figure { name: "count of users", each: count, is_keyed: false },
    ]);
    Ok(figures)
}

async fn keyed(engine: &Engine, users: u32, times: u32) -> Outcome<Vec<Figure>> {
    // Spread over all users.
    let pick = |turn: u32| turn * 7919 % users + 1;
    let by_id = timed(times, async |turn| {
        let operation = GetUserById { user_id: user_id(pick(turn)).as_str().into() };
        let answer = ask(engine, operation).await?;
        expect(matches!(answer, GetUserByIdResponse::Ok { .. }), "a user by id")
    })
    .await?;
    let by_email = timed(times, async |turn| {
        let email = Some(format!("user-{}@example.com", pick(turn)));
        let operation = ListUsersByAccountInfo { email, ..ListUsersByAccountInfo::default() };
        let ListUsersByAccountInfoResponse::Ok { users } = ask(engine, operation).await?;
        expect(users.len() == 1, "a user by address")
    })
    .await?;
    let get_session = timed(times, async |turn| {
        // Not one of those that have expired.
        let number = pick(turn).max(EXPIRED / SESSIONS + 2) * SESSIONS;
        let operation =
            GetSession { session_handle: SessionHandle::from(session_handle(number).as_str()) };
        let answer = ask(engine, operation).await?;
        expect(matches!(answer, GetSessionResponse::Ok { .. }), "a session")
    })
    .await?;
    let create_session = timed(times, async |turn| {
        let operation = CreateSession {
            recipe_user_id: user_id(pick(turn)).as_str().into(),
            enable_anti_csrf: false,
            user_data_in_jwt: JsonObject::new(),
            user_data_in_database: JsonObject::new(),
            use_dynamic_signing_key: None,
            access_token_validity_ms: None,
            cdi_version: CdiVersion::LATEST,
        };
        ask(engine, operation).await.map(drop)
    })
    .await?;
    Ok([
        ("user by id", by_id),
        ("user by address", by_email),
        ("session by handle", get_session),
        ("new session", create_session),
    ]
    .map(|(name, each)| Figure { name, each, is_keyed: true })
    .into())
}

async fn page(engine: &Engine, token: Option<&str>) -> Outcome<()> {
    let operation = ListUsers {
        limit: Some(100),
        pagination_token: token.map(str::to_owned),
        ..ListUsers::default()
    };
    let ListUsersResponse::Ok { users, .. } = ask(engine, operation).await?;
    expect(users.len() == 100, "a full page")
}

async fn ask<O: Operation>(engine: &Engine, operation: O) -> Outcome<O::Response>
where
    Engine: Handle<O>,
{
    Ok(engine.handle(&TenantScope::default(), operation).await?)
}

fn expect(holds: bool, what: &str) -> Outcome<()> {
    if holds { Ok(()) } else { Err(format!("expected {what}").into()) }
}

/// The median time of a piece of work.
async fn timed(times: u32, work: impl AsyncFn(u32) -> Outcome<()>) -> Outcome<Duration> {
    let mut all = Vec::new();
    for turn in 0..times {
        let start = Instant::now();
        work(turn).await?;
        all.push(start.elapsed());
    }
    all.sort_unstable();
    Ok(all.get(all.len() / 2).copied().unwrap_or_default())
}
