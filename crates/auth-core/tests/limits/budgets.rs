//! Which budgets an attempt is taken from.

use std::time::Duration;

use auth_core::{
    limits::{self, Action, ActionLimits, Attempt, Limits, Rate},
    protocol::TenantId,
};
use serde_json::json;

use crate::harness::{ADA, Client, PASSWORD, World, from, nth};

fn by_address(most: u32) -> Limits {
    let limits = ActionLimits::none().address(Rate::new(most, Duration::from_secs(60)));
    Limits::new().action(Action::SignIn, limits)
}

#[tokio::test]
async fn a_prefix_of_ipv6_is_one_address_and_how_long_it_is_can_be_said() {
    for (limits, same, other) in [
        (by_address(2), "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        (by_address(2).ipv6_prefix(48), "2001:db8:1:3::1", "2001:db8:2::1"),
    ] {
        let world = World::new(limits).await;
        for address in ["2001:db8:1:2::1", "2001:db8:1:2::2"] {
            let answer = world.sign_in(&mut from(address), ADA, "wrong").await;
            assert!(!answer.is_refused());
        }
        assert!(world.sign_in(&mut from(same), ADA, "wrong").await.is_refused());
        assert!(!world.sign_in(&mut from(other), ADA, "wrong").await.is_refused());
    }
}

#[tokio::test]
async fn this_machine_is_counted_by_account_and_by_address_where_that_is_wanted() {
    let world = World::new(by_address(2)).await;
    for address in ["127.0.0.1", "::1", "127.0.0.1"] {
        assert!(!world.sign_in(&mut from(address), ADA, "wrong").await.is_refused());
    }
    assert!(!world.sign_in(&mut Client::default(), ADA, "wrong").await.is_refused());
    let world = World::new(by_address(2).count_loopback(true)).await;
    for refused in [false, false, true] {
        let answer = world.sign_in(&mut from("127.0.0.1"), ADA, "wrong").await;
        assert_eq!(answer.is_refused(), refused);
    }
}

#[tokio::test]
async fn limits_can_be_turned_off() {
    let world = World::new(Limits::off()).await;
    let mut client = from("203.0.113.1");
    world.sign_up(&mut client, ADA).await;
    for _ in 0..200 {
        let answer = world.sign_in(&mut client, ADA, "wrong").await;
        assert_eq!(answer.status(), "WRONG_CREDENTIALS_ERROR");
    }
    assert_eq!(client.device, None);
}

#[tokio::test]
async fn what_is_sent_is_counted_by_address_by_account_and_in_all() {
    let all = Rate::new(6, Duration::from_secs(3600));
    let world = World::new(Limits::new().mails_in_all(all)).await;
    let mut owner = from("198.51.100.7");
    world.sign_up(&mut owner, ADA).await;
    let ask = async |client: &mut Client, email: &str| {
        let body = json!({ "formFields": [{ "id": "email", "value": email }] });
        world.post(client, "/auth/user/password/reset/token", &body).await
    };
    // To whom there is no account as to whom there is.
    for email in [ADA, "nobody@example.com"] {
        let allowed = if email == ADA { 5 } else { 1 };
        for number in 0..allowed {
            assert_eq!(ask(&mut nth(number), email).await.status(), "OK", "{email} {number}");
        }
    }
    assert_eq!(ask(&mut nth(100), ADA).await.retry_after(), 3600);
    assert_eq!(ask(&mut nth(100), "other@example.com").await.retry_after(), 3600);
    // The owner's browser isn't counted with them.
    for _ in 0..5 {
        assert_eq!(ask(&mut owner, ADA).await.status(), "OK");
    }
    assert_eq!(ask(&mut owner, ADA).await.retry_after(), 600);
}

#[tokio::test]
async fn sign_ups_are_counted_by_address_and_never_given_back() {
    let limits = ActionLimits::none().address(Rate::new(3, Duration::from_secs(60)));
    let world = World::new(Limits::new().action(Action::SignUp, limits)).await;
    let mut home = from("203.0.113.1");
    for number in 0..3 {
        world.sign_up(&mut home, &format!("user{number}@example.com")).await;
    }
    let form = crate::harness::form("more@example.com", PASSWORD);
    assert!(world.post(&mut home, "/auth/signup", &form).await.is_refused());
    world.sign_up(&mut from("203.0.113.2"), "more@example.com").await;
}

#[tokio::test]
async fn who_asks_learns_how_much_is_spent_and_may_take_it_back() {
    let world = World::new(Limits::new()).await;
    let (cx, tenant) = (world.auth.context(), TenantId::default());
    let attempt = || Attempt::new(Action::SignIn).email(" ADA@example.com");
    for expected in [0.1, 0.2, 0.3] {
        let admission = limits::admit(&cx, &tenant, attempt()).await.unwrap();
        assert!((admission.spent_share() - expected).abs() < 1e-9, "{}", admission.spent_share());
        assert!(!admission.is_known_device());
    }
    for _ in 0..20 {
        limits::admit(&cx, &tenant, attempt()).await.unwrap().undone().await;
        limits::admit(&cx, &tenant, attempt()).await.unwrap().succeeded().await;
    }
    for _ in 0..7 {
        drop(limits::admit(&cx, &tenant, attempt()).await.unwrap());
    }
    let error = limits::admit(&cx, &tenant, attempt()).await.unwrap_err();
    assert_eq!(error.status(), 429);
}

#[tokio::test]
async fn what_the_core_said_is_empty_is_looked_at_again_after_seconds() {
    let world = World::new(by_address(1)).await;
    let mut home = from("203.0.113.1");
    assert!(!world.sign_in(&mut home, ADA, "wrong").await.is_refused());
    for (seconds, wait) in [(0, 60), (1, 59), (3, 56), (55, 1)] {
        world.advance_secs(seconds);
        assert_eq!(world.sign_in(&mut home, ADA, "wrong").await.retry_after(), wait);
    }
    world.advance_secs(1);
    assert!(!world.sign_in(&mut home, ADA, "wrong").await.is_refused());
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused_by_name() {
    let year = Duration::from_secs(400 * 24 * 3600);
    let endless = ActionLimits::none().pair(Rate::new(1, year));
    for (limits, field) in [
        (Limits::new().ipv6_prefix(129), "limits.ipv6_prefix"),
        (Limits::new().ipv6_prefix(0), "limits.ipv6_prefix"),
        (Limits::new().mails_in_all(Rate::new(2_000_000, year)), "limits.mails_in_all"),
        (Limits::new().messages_in_all(Rate::new(1, year)), "limits.messages_in_all"),
        (Limits::new().action(Action::Totp, endless), "limits.action(totp).pair"),
    ] {
        let info = auth_core::AppInfo::new("App", "https://api.example.com", "https://example.com");
        let built = auth_core::Auth::builder(info)
            .core(crate::harness::engine(&auth_core::core::Clock::manual(0)))
            .recipe(auth_core::recipes::session::SessionRecipe::new())
            .limits(limits)
            .build()
            .await;
        let error = built.expect_err("it is refused").to_string();
        assert!(error.contains(field), "{error}");
    }
}
