//! Who guesses with all that money buys, and the owner meanwhile.

use auth_core::{limits::Limits, recipes::emailpassword::PasswordResetEmail};
use serde_json::json;

use crate::harness::{ADA, BOB, Client, PASSWORD, World, form, from, nth};

/// What [`docs::limits`](auth_core::docs::limits) promises of one account, in a day.
const GUESSES_A_DAY: usize = 106;

#[tokio::test]
async fn ten_thousand_addresses_get_the_documented_guesses_a_day_and_the_owner_signs_in_at_once() {
    let world = World::new(Limits::new()).await;
    let mut owner = from("198.51.100.7");
    world.sign_up(&mut owner, ADA).await;
    let mut judged = 0;
    let mut guesses = 0;
    // Each minute seven more of the addresses try; all of them have when the day is over.
    for minute in 0..24 * 60 {
        for number in 0..7 {
            let mut stranger = nth(minute * 7 + number);
            for password in ["wrong 1", "wrong 2"] {
                let answer = world.sign_in(&mut stranger, ADA, password).await;
                guesses += 1;
                judged += usize::from(!answer.is_refused());
            }
        }
        if minute.is_multiple_of(30) {
            assert_eq!(world.sign_in(&mut owner, ADA, PASSWORD).await.status(), "OK");
        }
        world.advance_secs(60);
    }
    assert!(guesses > 20_000);
    // The last one comes back at midnight.
    assert_eq!(judged, GUESSES_A_DAY - 1);
    assert_eq!(
        world.sign_in(&mut from("203.0.113.1"), ADA, "wrong").await.status(),
        "WRONG_CREDENTIALS_ERROR"
    );
    assert!(world.sign_in(&mut from("203.0.113.2"), ADA, PASSWORD).await.is_refused());
}

#[tokio::test]
async fn an_owner_on_a_new_device_gets_in_by_the_link_of_a_reset_while_others_guess() {
    let mut world = World::new(Limits::new()).await;
    world.sign_up(&mut Client::default(), ADA).await;
    let guess = async |world: &World, number: u32| {
        world.sign_in(&mut nth(number), ADA, "wrong").await.is_refused()
    };
    for number in 0..10 {
        assert!(!guess(&world, number).await);
    }
    let mut owner = from("198.51.100.7");
    assert!(world.sign_in(&mut owner, ADA, PASSWORD).await.is_refused());
    let body = json!({ "formFields": [{ "id": "email", "value": ADA }] });
    let sent = world.post(&mut owner, "/auth/user/password/reset/token", &body).await;
    assert_eq!(sent.status(), "OK");
    let mail = world.mails.recv().await.expect("a mail");
    let mail = mail.get::<PasswordResetEmail>().expect("a reset mail");
    let link = mail.password_reset_link.expose_secret();
    let token = link.split("token=").nth(1).expect("a token");
    let token = token.split('&').next().expect("it ends").to_owned();
    let fields = json!([{ "id": "password", "value": "another one 2" }]);
    let body = json!({ "token": token, "formFields": fields, "method": "token" });
    assert_eq!(world.post(&mut owner, "/auth/user/password/reset", &body).await.status(), "OK");
    assert!(guess(&world, 100).await);
    assert_eq!(world.sign_in(&mut owner, ADA, "another one 2").await.status(), "OK");
    // Who has no such device isn't helped.
    assert!(world.sign_in(&mut from("198.51.100.7"), ADA, "another one 2").await.is_refused());
}

#[tokio::test]
async fn one_address_gets_no_further_than_its_budget_whatever_accounts_it_tries() {
    let world = World::new(Limits::new()).await;
    let (mut attacker, mut judged) = (from("203.0.113.9"), 0);
    world.sign_up(&mut from("203.0.113.1"), BOB).await;
    for number in 0..150 {
        let email = format!("user{number}@example.com");
        judged += usize::from(!world.sign_in(&mut attacker, &email, "wrong").await.is_refused());
        // Signing in to an account of one's own gives nothing but that attempt back.
        if number % 10 == 0 && judged < 100 {
            let mut fresh = Client { device: None, ..attacker.clone() };
            assert_eq!(world.sign_in(&mut fresh, BOB, PASSWORD).await.status(), "OK");
        }
    }
    assert_eq!(judged, 100);
    let answer = world.sign_in(&mut attacker, "eve@example.com", "wrong").await;
    assert_eq!(answer.retry_after(), 30);
    // Others, and what a session needs, go on.
    let mut other = from("203.0.113.10");
    assert_eq!(world.sign_in(&mut other, BOB, PASSWORD).await.status(), "OK");
}

#[tokio::test]
async fn of_one_account_and_one_address_five_are_judged_and_a_success_fills_the_pair_alone() {
    let world = World::new(Limits::new()).await;
    world.sign_up(&mut Client::default(), ADA).await;
    let mut home = from("203.0.113.9");
    for _ in 0..4 {
        assert_eq!(
            world.sign_in(&mut home, ADA, "wrong").await.status(),
            "WRONG_CREDENTIALS_ERROR"
        );
    }
    let mut fresh = from("203.0.113.9");
    assert_eq!(world.sign_in(&mut fresh, ADA, PASSWORD).await.status(), "OK");
    // Five more by the pair, six by the account.
    for _ in 0..5 {
        assert_eq!(
            world.sign_in(&mut home, ADA, "wrong").await.status(),
            "WRONG_CREDENTIALS_ERROR"
        );
    }
    assert_eq!(world.sign_in(&mut home, ADA, "wrong").await.retry_after(), 600);
    let mut elsewhere = from("203.0.113.10");
    assert!(!world.sign_in(&mut elsewhere, ADA, "wrong").await.is_refused());
    assert_eq!(world.sign_in(&mut elsewhere, ADA, "wrong").await.retry_after(), 900);
}

#[tokio::test]
async fn a_clock_that_jumps_in_the_middle_locks_nobody_out_for_good() {
    let world = World::new(Limits::new()).await;
    world.sign_up(&mut Client::default(), ADA).await;
    let now_ms = world.clock.now_ms();
    for jump_ms in [now_ms + 86_400_000, now_ms - 86_400_000, i64::MAX, 0, now_ms] {
        world.clock.set(jump_ms);
        for _ in 0..12 {
            let answer = world.post(&mut nth(7), "/auth/signin", &form(ADA, "wrong")).await;
            assert!(answer.0.status.is_success() || answer.retry_after() >= 1);
        }
    }
    world.advance_secs(16 * 60);
    assert_eq!(world.sign_in(&mut from("203.0.113.1"), ADA, PASSWORD).await.status(), "OK");
}
