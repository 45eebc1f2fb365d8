//! What is measured at each size.

use std::time::{Duration, Instant};

use auth_engine::{Answers, Engine};
use auth_protocol::{
    CdiVersion, Operation, Secret, SessionHandle, TenantScope,
    session::{
        CreateSession, CreateSessionResponse, GetSession, GetSessionResponse, ListSessionHandles,
        ListSessionHandlesResponse, RefreshSession, RefreshSessionResponse,
    },
    user::{
        CountActiveUsers, CountActiveUsersResponse, CountUsers, CountUsersResponse, GetUserById,
        GetUserByIdResponse, ListUsers, ListUsersByAccountInfo, ListUsersByAccountInfoResponse,
        ListUsersResponse,
    },
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use futures_util::{StreamExt, stream::FuturesUnordered};

use crate::{
    Outcome,
    load::{EXPIRED, NOW_MS, SESSIONS, SMALL_TENANT, START_MS, session_handle, user_id},
    subject::Subject,
};

/// How often everything is measured.
pub(crate) const ROUNDS: u32 = 5;

/// The same for look-ups, of which a few rounds are over within another program's turn.
const ROUNDS_OF_READS: u32 = 40;

/// How many look-ups are under way at once. One by one they would mostly measure how long a thread
/// takes to wake up.
const AT_ONCE: usize = 8;

/// How often an operation is done in each round.
const TIMES: u32 = 80;

/// Sessions that are started and refreshed before anything is measured.
const WARM_UP: u32 = 400;

/// How often a page is read in each round.
const PAGES: u32 = 10;

/// How often a thousand users are found in each round.
const SEARCHES: u32 = 3;

/// What is measured. None of it may take longer the more users there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    UserById,
    UserByAddress,
    SessionByHandle,
    SessionsOfUser,
    NewSession,
    RefreshedSession,
    FirstPage,
    DeepPage,
    PageOfSmallTenant,
    Search,
    SearchOfMany,
    SearchOfDomain,
    Count,
    ActiveUsers,
    EverybodyActive,
    ExpiredSession,
}

impl Work {
    /// Each of them, the one that sets the clock forward last.
    pub(crate) const ALL: [Self; 16] = [
        Self::UserById,
        Self::UserByAddress,
        Self::SessionByHandle,
        Self::SessionsOfUser,
        Self::NewSession,
        Self::RefreshedSession,
        Self::FirstPage,
        Self::DeepPage,
        Self::PageOfSmallTenant,
        Self::Search,
        Self::SearchOfMany,
        Self::SearchOfDomain,
        Self::Count,
        Self::ActiveUsers,
        Self::EverybodyActive,
        Self::ExpiredSession,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::UserById => "user by id",
            Self::UserByAddress => "user by address",
            Self::SessionByHandle => "session by handle",
            Self::SessionsOfUser => "sessions of a user",
            Self::NewSession => "new session",
            Self::RefreshedSession => "refreshed session",
            Self::FirstPage => "first page of users",
            Self::DeepPage => "deep page of users",
            Self::PageOfSmallTenant => "page of a small tenant",
            Self::Search => "user searched by address",
            Self::SearchOfMany => "search that finds a thousand",
            Self::SearchOfDomain => "the same by domain",
            Self::Count => "count of users",
            Self::ActiveUsers => "count of the last 5 000 active",
            Self::EverybodyActive => "count of everybody active",
            Self::ExpiredSession => "expired session deleted",
        }
    }

    fn rounds(self) -> u32 {
        match self {
            Self::UserById
            | Self::UserByAddress
            | Self::SessionByHandle
            | Self::SessionsOfUser
            | Self::Search
            | Self::Count
            | Self::ActiveUsers
            | Self::EverybodyActive => ROUNDS_OF_READS,
            _ => ROUNDS,
        }
    }

    /// Measures it in one of the rounds.
    pub(crate) async fn measure(self, subject: &Subject<'_>, round: u32) -> Outcome<Duration> {
        let engine = &subject.engine;
        // Spread over all users but those with sessions that expire.
        let first = ROUNDS * EXPIRED / SESSIONS + 2;
        let pick = |turn: u32| first + (round * TIMES + turn) * 7919 % (subject.users - first);
        match self {
            Self::UserById => together(|turn| by_id(engine, pick(turn))).await,
            Self::UserByAddress => together(|turn| by_address(engine, pick(turn))).await,
            Self::SessionByHandle => {
                together(|turn| by_handle(engine, pick(turn) * SESSIONS)).await
            }
            Self::SessionsOfUser => together(|turn| sessions(engine, pick(turn))).await,
            Self::NewSession => {
                timed(TIMES, async |turn| create(engine, pick(turn)).await.map(drop)).await
            }
            Self::RefreshedSession => {
                let mut tokens = Vec::new();
                for turn in 0..TIMES {
                    tokens.push(create(engine, pick(turn)).await?);
                }
                timed(TIMES, async |_| {
                    refresh(engine, tokens.pop().ok_or("a token for each turn")?).await
                })
                .await
            }
            Self::FirstPage => timed(PAGES, async |_| page(engine, None).await).await,
            Self::DeepPage => {
                // Another one each time.
                timed(PAGES, async |turn| {
                    let middle = subject.users / 2 + (round * PAGES + turn) * 90;
                    let time_joined = START_MS + i64::from(middle) * 1000;
                    let start = format!("{};{time_joined}", user_id(middle));
                    page(engine, Some(&BASE64_STANDARD.encode(start))).await
                })
                .await
            }
            Self::PageOfSmallTenant => {
                let scope = TenantScope::new("public".into(), SMALL_TENANT.into());
                timed(PAGES, async |_| {
                    let page = ListUsers { limit: Some(100), ..ListUsers::default() };
                    let ListUsersResponse::Ok { users, .. } = engine.handle(&scope, page).await?;
                    expect(users.len() == 100, "everybody of the tenant")
                })
                .await
            }
            Self::Search => {
                together(|turn| {
                    let start = format!("User-{}@", pick(turn));
                    async move { search(engine, &start, 1).await }
                })
                .await
            }
            Self::SearchOfMany => {
                timed(SEARCHES, async |_| search(engine, "user-", 1000).await).await
            }
            Self::SearchOfDomain => {
                timed(SEARCHES, async |_| search(engine, "example", 1000).await).await
            }
            Self::Count => together(|_| count(subject)).await,
            Self::EverybodyActive => {
                timed(PAGES, async |_| active(engine, 0, subject.users).await).await
            }
            Self::ActiveUsers => {
                timed(PAGES, async |_| active(engine, NOW_MS - 5_000 * 1000, 5_000).await).await
            }
            Self::ExpiredSession => {
                engine.clock().advance(Duration::from_secs(3600));
                let all = timed(1, async |_| Ok(engine.delete_expired().await?)).await?;
                Ok(all / EXPIRED)
            }
        }
    }
}

/// Writes until SQLite's log has its full length, and PostgreSQL's connections their statements: a
/// commit takes longer while the file grows.
pub(crate) async fn warm_up(subject: &Subject<'_>) -> Outcome<()> {
    for turn in 0..WARM_UP {
        refresh(&subject.engine, create(&subject.engine, turn + 1).await?).await?;
    }
    Ok(())
}

/// The times of one kind of work at each size, in the quickest of the rounds.
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) at_sizes: Vec<Duration>,
}

impl Figure {
    /// Measures all sizes by turns.
    pub(crate) async fn measure(work: Work, subjects: &[Subject<'_>]) -> Outcome<Self> {
        let mut at_sizes = vec![Duration::MAX; subjects.len()];
        for round in 0..work.rounds() {
            for (subject, quickest) in subjects.iter().zip(&mut at_sizes) {
                *quickest = work.measure(subject, round).await?.min(*quickest);
            }
        }
        Ok(Self { name: work.name(), at_sizes })
    }
}

async fn active(engine: &Engine, since: i64, at_least: u32) -> Outcome<()> {
    let CountActiveUsersResponse::Ok { count } = ask(engine, CountActiveUsers { since }).await?;
    expect(count >= u64::from(at_least), "the active users")
}

async fn count(subject: &Subject<'_>) -> Outcome<()> {
    let CountUsersResponse::Ok { count, .. } = ask(&subject.engine, CountUsers::default()).await?;
    expect(count == u64::from(subject.users), "every user is counted")
}

async fn search(engine: &Engine, start: &str, found: usize) -> Outcome<()> {
    let operation = ListUsers { email: Some(start.to_owned()), ..ListUsers::default() };
    let ListUsersResponse::Ok { users, .. } = ask(engine, operation).await?;
    expect(users.len() == found, "whom a search finds")
}

async fn by_id(engine: &Engine, number: u32) -> Outcome<()> {
    let answer = ask(engine, GetUserById { user_id: user_id(number).as_str().into() }).await?;
    expect(matches!(answer, GetUserByIdResponse::Ok { .. }), "a user by id")
}

async fn by_address(engine: &Engine, number: u32) -> Outcome<()> {
    let email = Some(format!("user-{number}@example.com"));
    let operation = ListUsersByAccountInfo { email, ..ListUsersByAccountInfo::default() };
    let ListUsersByAccountInfoResponse::Ok { users } = ask(engine, operation).await?;
    expect(users.len() == 1, "a user by address")
}

async fn by_handle(engine: &Engine, number: u32) -> Outcome<()> {
    let session_handle = SessionHandle::from(session_handle(number).as_str());
    let answer = ask(engine, GetSession { session_handle }).await?;
    expect(matches!(answer, GetSessionResponse::Ok { .. }), "a session")
}

async fn sessions(engine: &Engine, number: u32) -> Outcome<()> {
    let operation = ListSessionHandles {
        user_id: user_id(number).as_str().into(),
        fetch_across_all_tenants: true,
        fetch_sessions_for_all_linked_accounts: true,
    };
    let ListSessionHandlesResponse::Ok { session_handles } = ask(engine, operation).await?;
    expect(session_handles.len() >= 3, "the sessions of a user")
}

/// Starts a session and gives its refresh token.
async fn create(engine: &Engine, number: u32) -> Outcome<Secret> {
    let operation = CreateSession::new(user_id(number).as_str().into());
    let CreateSessionResponse::Ok(session) = ask(engine, operation).await? else {
        return Err("a session was refused".into());
    };
    Ok(session.refresh_token.token)
}

async fn refresh(engine: &Engine, refresh_token: Secret) -> Outcome<()> {
    let operation = RefreshSession {
        refresh_token,
        anti_csrf_token: None,
        enable_anti_csrf: false,
        use_dynamic_signing_key: Some(true),
        access_token_validity_ms: None,
        proven_devices: None,
        cdi_version: CdiVersion::LATEST,
    };
    let answer = ask(engine, operation).await?;
    expect(matches!(answer, RefreshSessionResponse::Ok(_)), "a refreshed session")
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
    Engine: Answers<O>,
{
    Ok(engine.handle(&TenantScope::default(), operation).await?)
}

fn expect(holds: bool, what: &str) -> Outcome<()> {
    if holds { Ok(()) } else { Err(format!("expected {what}").into()) }
}

/// The time that a look-up takes among others.
async fn together<F>(mut work: impl FnMut(u32) -> F) -> Outcome<Duration>
where
    F: Future<Output = Outcome<()>>,
{
    let start = Instant::now();
    let mut under_way = FuturesUnordered::new();
    for turn in 0..TIMES {
        if under_way.len() == AT_ONCE {
            under_way.next().await.transpose()?;
        }
        under_way.push(work(turn));
    }
    while under_way.next().await.transpose()?.is_some() {}
    Ok(start.elapsed() / TIMES)
}

/// The median time of a piece of work.
async fn timed(times: u32, mut work: impl AsyncFnMut(u32) -> Outcome<()>) -> Outcome<Duration> {
    let mut all = Vec::new();
    for turn in 0..times {
        let start = Instant::now();
        work(turn).await?;
        all.push(start.elapsed());
    }
    all.sort_unstable();
    Ok(all.get(all.len() / 2).copied().unwrap_or_default())
}
