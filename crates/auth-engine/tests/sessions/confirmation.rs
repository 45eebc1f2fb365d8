//! Sessions whose callers speak CDI 5.5 or older, alone and mixed with newer ones.

use auth_jwt::UnverifiedJwt;
use auth_protocol::{
    CdiVersion, RecipeUserId, Secret,
    session::{
        CreateSession, RefreshSession, RefreshSessionResponse, RemoveSessions, SessionTokens,
        TokenInfo, UpdateSessionJwtData, VerifySession, VerifySessionResponse,
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{
    ACCESS_LIFE, Bench, SESSION_LIFE, START_MS, create, is_theft, is_unauthorised, kid, object,
    refresh, text,
};

const OLD: CdiVersion = CdiVersion::V5_4;

async fn refresh_in(bench: &Bench, version: CdiVersion, token: &Secret) -> RefreshSessionResponse {
    bench.ask(RefreshSession { cdi_version: version, ..refresh(token) }).await
}

async fn refreshed_in(bench: &Bench, version: CdiVersion, token: &Secret) -> SessionTokens {
    match refresh_in(bench, version, token).await {
        RefreshSessionResponse::Ok(tokens) => tokens,
        other => panic!("{other:?}"),
    }
}

async fn verified(bench: &Bench, token: &Secret, check_database: bool) -> VerifySessionResponse {
    bench
        .ask(VerifySession {
            access_token: token.clone(),
            anti_csrf_token: None,
            do_anti_csrf_check: false,
            enable_anti_csrf: false,
            check_database,
            cdi_version: OLD,
        })
        .await
}

/// The token that verification gives out, if it does, with its times.
async fn new_info(bench: &Bench, token: &Secret, check_database: bool) -> Option<TokenInfo> {
    match verified(bench, token, check_database).await {
        VerifySessionResponse::Ok { access_token, payload_update_available: None, .. } => {
            access_token
        }
        other => panic!("{other:?}"),
    }
}

/// The token that verification gives out, if it does.
async fn new_token(bench: &Bench, token: &Secret, check_database: bool) -> Option<Secret> {
    new_info(bench, token, check_database).await.map(|info| info.token)
}

#[tokio::test]
async fn cdi_2_5_a_token_may_be_used_again_until_a_child_of_it_is() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    let lost = refreshed_in(&bench, OLD, &first.refresh_token.token).await;
    bench.clock.advance(SESSION_LIFE / 2);
    let second = refreshed_in(&bench, OLD, &first.refresh_token.token).await;
    assert_eq!(second.refresh_token.expiry, START_MS + ms(SESSION_LIFE) * 3 / 2);
    refreshed_in(&bench, OLD, &second.refresh_token.token).await;
    let answer = refresh_in(&bench, OLD, &first.refresh_token.token).await;
    let RefreshSessionResponse::TokenTheftDetected { session, recent_token_reuse_subtype } = answer
    else {
        panic!("{answer:?}")
    };
    assert_eq!(session.user_id, "ada");
    assert_eq!(recent_token_reuse_subtype, None);
    // It has one child, so that it doesn't matter which answer arrives last.
    assert_eq!(text(&lost.refresh_token.token), text(&second.refresh_token.token));
    refreshed_in(&bench, OLD, &lost.refresh_token.token).await;
    // It is the caller that ends a stolen session.
    refreshed_in(&bench, OLD, &second.refresh_token.token).await;
}

#[tokio::test]
async fn cdi_2_5_the_session_lives_on_from_when_a_child_is_used() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    let second = refreshed_in(&bench, OLD, &first.refresh_token.token).await;
    bench.clock.advance(SESSION_LIFE);
    refreshed_in(&bench, OLD, &second.refresh_token.token).await;
    bench.clock.advance(SESSION_LIFE);
    let third = refreshed_in(&bench, OLD, &second.refresh_token.token).await;
    // The third one wasn't used while the session lived.
    bench.clock.advance(std::time::Duration::from_millis(1));
    assert!(is_unauthorised(&refresh_in(&bench, OLD, &third.refresh_token.token).await));
}

#[tokio::test]
async fn cdi_2_5_an_access_token_names_its_parent_until_its_use_confirms_it() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    let second = refreshed_in(&bench, OLD, &first.refresh_token.token).await;
    let claims = bench.payload(&second.access_token.token).await;
    let parent = bench.payload(&first.access_token.token).await["refreshTokenHash1"].clone();
    assert_eq!(claims["parentRefreshTokenHash1"], parent);
    let confirmed = new_token(&bench, &second.access_token.token, false).await.unwrap();
    let claims = bench.payload(&confirmed).await;
    assert_eq!(claims["parentRefreshTokenHash1"], Value::Null);
    // Confirmed once is confirmed: a repetition gets a token again, and the parent is a stolen one.
    assert!(new_token(&bench, &second.access_token.token, false).await.is_some());
    assert!(new_token(&bench, &confirmed, false).await.is_none());
    assert!(is_theft(&refresh_in(&bench, OLD, &first.refresh_token.token).await));
    refreshed_in(&bench, OLD, &second.refresh_token.token).await;
}

#[tokio::test]
async fn fdi_2_4_a_confirmed_access_token_is_good_for_no_longer_than_before() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    let second = refreshed_in(&bench, OLD, &first.refresh_token.token).await;
    let exp = bench.payload(&second.access_token.token).await["exp"].clone();
    assert_eq!(exp, second.access_token.expiry / 1000);
    // The use that confirms the refresh, and those that come again with the older token.
    for _ in 0..2 {
        bench.clock.advance(ACCESS_LIFE / 3);
        let confirmed = new_info(&bench, &second.access_token.token, false).await.unwrap();
        assert_eq!(confirmed.expiry, second.access_token.expiry);
        let claims = bench.payload(&confirmed.token).await;
        assert_eq!((&claims["exp"], &claims["parentRefreshTokenHash1"]), (&exp, &Value::Null));
    }
}

#[tokio::test]
async fn cdi_2_2_a_token_with_new_claims_is_good_for_the_whole_validity() {
    // The chance that shortens a token is no part of verification.
    let bench = Bench::with(|config| config.access_token_validity_jitter(0.25)).await;
    let first = bench.create().await;
    let user_data_in_jwt = object(json!({ "role": "guest" }));
    let session_handle = first.session.handle.clone();
    bench.ask(UpdateSessionJwtData { session_handle, user_data_in_jwt }).await;
    bench.clock.advance(ACCESS_LIFE / 3);
    let newer = new_info(&bench, &first.access_token.token, true).await.unwrap();
    assert_eq!(newer.expiry, START_MS + ms(ACCESS_LIFE) * 4 / 3);
}

#[tokio::test]
async fn cdi_2_5_new_claims_come_with_verification_where_the_database_is_asked() {
    let bench = Bench::new().await;
    let first = bench.create().await;
    let token = &first.access_token.token;
    assert!(new_token(&bench, token, true).await.is_none());
    let claims = object(json!({ "role": "guest" }));
    let session_handle = first.session.handle.clone();
    bench.ask(UpdateSessionJwtData { session_handle, user_data_in_jwt: claims }).await;
    assert!(new_token(&bench, token, false).await.is_none());
    let newer = new_token(&bench, token, true).await.unwrap();
    assert_eq!(bench.payload(&newer).await["role"], "guest");
    let session_handles = Some(vec![first.session.handle]);
    bench.ask(RemoveSessions { session_handles, ..RemoveSessions::default() }).await;
    let answer = verified(&bench, &newer, true).await;
    assert!(matches!(answer, VerifySessionResponse::Unauthorised { .. }), "{answer:?}");
}

#[tokio::test]
async fn cdi_2_2_callers_before_4_0_get_tokens_of_version_4() {
    let bench = Bench::new().await;
    let custom = object(json!({ "rsub": "mine" }));
    let old = CreateSession {
        cdi_version: CdiVersion::V3_0,
        user_data_in_jwt: custom.clone(),
        ..create("ada")
    };
    let tokens = bench.start(old).await;
    let version =
        |token: &Secret| UnverifiedJwt::parse(token.expose_secret()).unwrap().header().version();
    assert_eq!(version(&tokens.access_token.token), Some(4));
    let answer = verified(&bench, &tokens.access_token.token, true).await;
    let VerifySessionResponse::Ok { session, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(session.recipe_user_id, RecipeUserId::from("ada"));
    assert_eq!(session.user_data_in_jwt, custom);
    let next = refreshed_in(&bench, CdiVersion::V3_0, &tokens.refresh_token.token).await;
    assert_eq!(version(&next.access_token.token), Some(4));
}

#[tokio::test]
async fn cdi_2_5_a_caller_that_does_not_say_keeps_the_session_s_kind_of_key() {
    let bench = Bench::new().await;
    let fixed = CreateSession { use_dynamic_signing_key: Some(false), ..create("ada") };
    let tokens = bench.start(fixed).await;
    let unsaid = RefreshSession {
        use_dynamic_signing_key: None,
        cdi_version: CdiVersion::V3_0,
        ..refresh(&tokens.refresh_token.token)
    };
    let RefreshSessionResponse::Ok(next) = bench.ask(unsaid).await else { panic!() };
    assert!(kid(&next.access_token.token).starts_with("s-"));
    let said = refreshed_in(&bench, OLD, &tokens.refresh_token.token).await;
    assert!(kid(&said.access_token.token).starts_with("d-"));
}

fn ms(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap()
}

/// What the rules of both kinds say of a session, told in generations instead of digests.
#[derive(Default)]
struct Model {
    current: usize,
    previous: Option<usize>,
    /// The parent of each token.
    parents: Vec<Option<usize>>,
}

impl Model {
    /// The child of a token, made where it isn't there yet.
    fn child(&mut self, parent: usize) -> usize {
        let known = self.parents.iter().position(|it| *it == Some(parent));
        known.unwrap_or_else(|| {
            self.parents.push(Some(parent));
            self.parents.len() - 1
        })
    }

    /// A refresh under the older rules; the token that is given out unless it is theft.
    fn confirm(&mut self, presented: usize) -> Option<usize> {
        if presented != self.current {
            if self.parents[presented] != Some(self.current) {
                return None;
            }
            (self.previous, self.current) = (Some(self.current), presented);
        }
        Some(self.child(presented))
    }

    /// A refresh under the newer rules, within the grace period.
    fn rotate(&mut self, presented: usize) -> Option<usize> {
        if presented == self.current || self.parents[presented] == Some(self.current) {
            (self.previous, self.current) = (Some(presented), self.child(presented));
            return Some(self.current);
        }
        (self.previous == Some(presented)).then_some(self.current)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cdi_2_5_a_session_may_go_from_one_kind_of_refresh_to_the_other_and_back(
        steps in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..14)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let bench = Bench::new().await;
            let mut tokens = vec![bench.create().await.refresh_token.token];
            let mut model = Model { parents: vec![None], ..Model::default() };
            for (which, is_new) in steps {
                let which = which.index(tokens.len());
                let version = if is_new { CdiVersion::LATEST } else { OLD };
                let answer = refresh_in(&bench, version, &tokens[which]).await;
                let expected =
                    if is_new { model.rotate(which) } else { model.confirm(which) };
                match answer {
                    RefreshSessionResponse::Ok(next) => {
                        let next = next.refresh_token.token;
                        let known = tokens.iter().position(|it: &Secret| text(it) == text(&next));
                        prop_assert_eq!(Some(known.unwrap_or(tokens.len())), expected);
                        if known.is_none() {
                            tokens.push(next);
                        }
                    }
                    other => {
                        prop_assert_eq!(expected, None, "{:?}", other);
                        if is_new {
                            return Ok(());
                        }
                    }
                }
            }
            Ok(())
        })?;
    }
}
