//! The list of routes.

use std::time::Duration;

use auth_core::recipes::session::SessionOptions;
use http::Method;

use super::{
    Action::{self, OnTheWhole},
    AppRoute, CODES, Guard, LEVEL, Probe, SECOND_FACTOR, actions, methods,
};

/// Every route of the application.
pub(super) fn all(probe: &Probe) -> Vec<AppRoute> {
    [plain(), guarded(), claims(), session_methods()]
        .concat()
        .into_iter()
        .map(|Entry { method, path, guard, action }| AppRoute {
            method,
            path,
            guard,
            action,
            probe: probe.clone(),
        })
        .collect()
}

#[derive(Clone)]
struct Entry {
    method: Option<Method>,
    path: &'static str,
    guard: Guard,
    action: Action,
}

fn plain() -> Vec<Entry> {
    vec![
        post("/echo", Guard::None, OnTheWhole(|call| Box::pin(actions::echo(call)))),
        get(
            "/client-address",
            Guard::None,
            OnTheWhole(|call| Box::pin(actions::client_address(call))),
        ),
        post("/upload", Guard::None, Action::Upload),
        get("/pieces", Guard::None, OnTheWhole(|call| Box::pin(actions::pieces(call)))),
        get("/many-headers", Guard::None, OnTheWhole(|call| Box::pin(actions::many_headers(call)))),
        post("/panic", Guard::None, OnTheWhole(|call| Box::pin(actions::panic(call)))),
        post(
            "/create-session",
            Guard::None,
            OnTheWhole(|call| Box::pin(actions::create_session(call))),
        ),
        post(
            "/create-session/then-fail",
            Guard::None,
            OnTheWhole(|call| Box::pin(actions::create_session_then_fail(call))),
        ),
        post(
            "/create-session/then-unauthorised",
            Guard::None,
            OnTheWhole(|call| Box::pin(actions::create_session_then_unauthorised(call))),
        ),
        post(
            "/raise/unauthorised",
            Guard::None,
            OnTheWhole(|call| Box::pin(actions::raise_unauthorised(call))),
        ),
        post(
            "/raise/internal",
            Guard::None,
            OnTheWhole(|call| Box::pin(actions::raise_internal(call))),
        ),
        post(
            "/raise/general",
            Guard::None,
            OnTheWhole(|call| Box::pin(actions::raise_general(call))),
        ),
    ]
}

fn guarded() -> Vec<Entry> {
    let options = SessionOptions::new;
    let info = OnTheWhole(|call| Box::pin(actions::session_info(call)));
    vec![
        get("/sessioninfo", Guard::Required, info),
        post("/sessioninfo", Guard::Required, info),
        get("/session-optional", Guard::Optional, info),
        post("/session-optional", Guard::Optional, info),
        Entry { method: None, path: "/any-method", guard: Guard::Options(options()), action: info },
        get("/session-check-db", Guard::Options(options().check_database(true)), info),
        post("/no-csrf", Guard::Options(options().anti_csrf_check(false)), info),
        get("/csrf", Guard::Options(options().anti_csrf_check(true)), info),
        // Reached only where the recipe's own route is disabled.
        post("/auth/session/refresh", Guard::Options(options()), info),
        get("/auth/not-a-route", Guard::None, OnTheWhole(|call| Box::pin(actions::echo(call)))),
        post("/auth/signup", Guard::None, OnTheWhole(|call| Box::pin(actions::echo(call)))),
        post(
            "/merge-payload",
            Guard::Required,
            OnTheWhole(|call| Box::pin(actions::merge_payload(call))),
        ),
        post(
            "/merge-payload/then-error",
            Guard::Required,
            OnTheWhole(|call| Box::pin(actions::merge_payload_then_error(call))),
        ),
        post(
            "/merge-payload/own-headers",
            Guard::Required,
            OnTheWhole(|call| Box::pin(actions::merge_payload_with_own_headers(call))),
        ),
        post(
            "/merge-payload/cached",
            Guard::Required,
            OnTheWhole(|call| Box::pin(actions::merge_payload_cached(call))),
        ),
        post("/upload/with-session", Guard::Required, Action::Upload),
        post(
            "/session-data",
            Guard::Required,
            OnTheWhole(|call| Box::pin(actions::session_data(call))),
        ),
        post(
            "/session-data/replace",
            Guard::Required,
            OnTheWhole(|call| Box::pin(actions::replace_session_data(call))),
        ),
        post("/revoke", Guard::Required, OnTheWhole(|call| Box::pin(actions::revoke(call)))),
        post(
            "/revoke-all",
            Guard::Required,
            OnTheWhole(|call| Box::pin(actions::revoke_all(call))),
        ),
    ]
}

fn claims() -> Vec<Entry> {
    let options = SessionOptions::new;
    let info = OnTheWhole(|call| Box::pin(actions::session_info(call)));
    let second_factor = || SECOND_FACTOR.validators();
    let (level, codes) = (LEVEL.validators(), CODES.validators());
    let minute = Some(Duration::from_secs(60));
    let guard = |validators: Vec<_>| Guard::Options(options().claims(validators));
    vec![
        get("/claims/none", Guard::Options(options().without_claim_validators()), info),
        get("/claims/second-factor", guard(vec![second_factor().is_true(None)]), info),
        get("/claims/second-factor-open", guard(vec![second_factor().is_false(None)]), info),
        get("/claims/second-factor-fresh", guard(vec![second_factor().is_true(minute)]), info),
        get(
            "/claims/replaced",
            Guard::Options(options().override_global_claim_validators(|globals, _, _| {
                assert!(globals.len() <= 1, "the globals are given to the override");
                vec![SECOND_FACTOR.validators().with_id("own-id").has_value(true, None)]
            })),
            info,
        ),
        get("/claims/level-2", guard(vec![level.has_value(&2, None)]), info),
        get("/claims/level-fresh", guard(vec![level.has_value(&2, minute)]), info),
        get(
            "/claims/several",
            guard(vec![
                level.has_value(&2, None),
                second_factor().is_false(None),
                codes.includes(&7, None),
            ]),
            info,
        ),
        get("/claims/codes/includes", guard(vec![codes.includes(&1, None)]), info),
        get("/claims/codes/excludes", guard(vec![codes.excludes(&9, None)]), info),
        get("/claims/codes/includes-all", guard(vec![codes.includes_all(&[1, 2], None)]), info),
        get("/claims/codes/includes-any", guard(vec![codes.includes_any(&[1, 5], None)]), info),
        get("/claims/codes/excludes-all", guard(vec![codes.excludes_all(&[8, 9], None)]), info),
        post(
            "/second-factor",
            Guard::Options(options().without_claim_validators()),
            OnTheWhole(|call| Box::pin(actions::complete_second_factor(call))),
        ),
        post(
            "/second-factor/fetch",
            Guard::Required,
            OnTheWhole(|call| Box::pin(actions::fetch_second_factor(call))),
        ),
        post(
            "/second-factor/remove",
            Guard::Required,
            OnTheWhole(|call| Box::pin(actions::remove_second_factor(call))),
        ),
    ]
}

fn session_methods() -> Vec<Entry> {
    vec![
        post("/tokens", Guard::Required, OnTheWhole(|call| Box::pin(methods::tokens(call)))),
        post(
            "/tokens/new",
            Guard::None,
            OnTheWhole(|call| Box::pin(methods::tokens_of_a_new_session(call))),
        ),
        post(
            "/merge-payload/late",
            Guard::Required,
            OnTheWhole(|call| Box::pin(methods::merge_late(call))),
        ),
        post(
            "/assert/level-2",
            Guard::Required,
            OnTheWhole(|call| Box::pin(methods::assert_level_2(call))),
        ),
        post(
            "/assert/second-factor",
            Guard::Required,
            OnTheWhole(|call| Box::pin(methods::assert_second_factor(call))),
        ),
        get(
            "/second-factor",
            Guard::Required,
            OnTheWhole(|call| Box::pin(methods::second_factor(call))),
        ),
        post("/attach", Guard::None, OnTheWhole(|call| Box::pin(methods::attach(call)))),
        post("/get-session", Guard::None, OnTheWhole(|call| Box::pin(methods::get_session(call)))),
        post(
            "/refresh-session",
            Guard::None,
            OnTheWhole(|call| Box::pin(methods::refresh_session(call))),
        ),
    ]
}

fn get(path: &'static str, guard: Guard, action: Action) -> Entry {
    Entry { method: Some(Method::GET), path, guard, action }
}

fn post(path: &'static str, guard: Guard, action: Action) -> Entry {
    Entry { method: Some(Method::POST), path, guard, action }
}
