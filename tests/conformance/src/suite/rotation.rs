//! The use of refresh tokens that were used before.

use auth_engine::TokenReuseBehaviour;

use super::cases;
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "fdi-2.6-4" => a_token_used_twice_after_the_grace_period_is_theft_and_ends_the_session,
    "cdi-2.6-grace" => two_refreshes_that_race_both_succeed,
    "cdi-2.6-grace" => a_token_has_one_successor_in_the_grace_period,
    "cdi-2.6-reuse" => the_token_before_and_an_old_lineage_are_theft,
    "cdi-2.6-reuse" => recent_reuse_can_be_reported_as_unauthorised_and_an_old_lineage_cannot,
    "cdi-2.6-verify" => an_access_token_of_the_refresh_before_still_passes_and_older_ones_do_not,
}

async fn a_token_used_twice_after_the_grace_period_is_theft_and_ends_the_session(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let mut thief = front_end.clone();
        assert_eq!(front_end.refresh(&app).await.status, 200);
        app.advance_secs(31);
        let reply = thief.refresh(&app).await;
        reply.expect_message(401, "token theft detected");
        reply.expect_cleared_in_both_ways();
        let reply = front_end.refresh(&app).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_cleared_in_both_ways();
    }
}

async fn two_refreshes_that_race_both_succeed(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Header).await;
    let (mut one, mut two) = (front_end.clone(), front_end);
    let (first, second) = tokio::join!(one.refresh(&app), two.refresh(&app));
    assert_eq!((first.status, second.status), (200, 200));
}

async fn a_token_has_one_successor_in_the_grace_period(harness: Harness) {
    let app = harness.start_default().await;
    let old = app.sign_in(Mode::Header).await;
    let (mut first, mut second) = (old.clone(), old);
    assert_eq!(first.refresh(&app).await.status, 200);
    app.advance_secs(30);
    assert_eq!(second.refresh(&app).await.status, 200, "the period isn't over");
    for front_end in [&first, &second] {
        let reply = app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
    assert_eq!(first.refresh_token(), second.refresh_token());
    // Whichever answer arrived last, the session goes on.
    assert_eq!(second.refresh(&app).await.status, 200);
    assert_eq!(first.refresh(&app).await.status, 200);
}

/// Two ways to use a token a second time: the one before, once its time is over; and one from long
/// before. Each ends the session, for its owner too.
async fn reuse(app: &App, way: Reuse) -> Reply {
    let mut front_end = app.sign_in(Mode::Header).await;
    let mut old: FrontEnd = front_end.clone();
    assert_eq!(front_end.refresh(app).await.status, 200);
    match way {
        Reuse::RecentPrevious => app.advance_secs(31),
        Reuse::StaleLineage => {
            for _ in 0..2 {
                assert_eq!(front_end.refresh(app).await.status, 200);
            }
        }
    }
    let reply = old.refresh(app).await;
    let of_the_owner = front_end.refresh(app).await;
    of_the_owner.expect_message(401, "unauthorised");
    reply
}

#[derive(Clone, Copy)]
enum Reuse {
    RecentPrevious,
    StaleLineage,
}

async fn the_token_before_and_an_old_lineage_are_theft(harness: Harness) {
    let app = harness.start_default().await;
    for way in [Reuse::RecentPrevious, Reuse::StaleLineage] {
        let reply = reuse(&app, way).await;
        reply.expect_message(401, "token theft detected");
        reply.expect_cleared_in_both_ways();
    }
}

async fn recent_reuse_can_be_reported_as_unauthorised_and_an_old_lineage_cannot(harness: Harness) {
    let setup = Setup::new()
        .engine(|config| config.recent_token_reuse_behaviour(TokenReuseBehaviour::Unauthorised));
    let app = harness.start(setup).await;
    let reply = reuse(&app, Reuse::RecentPrevious).await;
    reply.expect_message(401, "unauthorised");
    reply.expect_cleared_in_both_ways();
    reuse(&app, Reuse::StaleLineage).await.expect_message(401, "token theft detected");
}

async fn an_access_token_of_the_refresh_before_still_passes_and_older_ones_do_not(
    harness: Harness,
) {
    let app = harness.start_default().await;
    let mut front_end = app.sign_in(Mode::Header).await;
    let first = front_end.clone();
    for (refreshes, status) in [(1, 200), (2, 401)] {
        assert_eq!(front_end.refresh(&app).await.status, 200);
        let reply = app.send(first.with_tokens(Req::get("/session-check-db"))).await;
        assert_eq!(reply.status, status, "after {refreshes}: {reply:?}");
    }
    let reply = app.send(first.with_tokens(Req::get("/sessioninfo"))).await;
    assert_eq!(reply.status, 200, "its signature is still good: {reply:?}");
}
