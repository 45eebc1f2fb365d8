//! A policy of an application's own.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use auth_core::{
    Context, Error, Result, async_trait,
    limits::{Action, AttemptInfo, Budget, LimitPolicy, Limits, Rate},
};

use crate::harness::{ADA, BOB, PASSWORD, World, from};

/// One budget for all of a country, and what it was asked.
#[derive(Clone, Default)]
struct ByCountry(Arc<Mutex<Vec<String>>>);

#[async_trait]
impl LimitPolicy for ByCountry {
    async fn budgets(&self, _cx: &Context, attempt: AttemptInfo<'_>) -> Result<Vec<Budget>> {
        let names: Vec<_> = attempt.default_budgets.iter().map(Budget::name).collect();
        self.0.lock().unwrap().push(format!(
            "{:?} {} {} {:?} {:?} {} {names:?}",
            attempt.action,
            attempt.tenant_id,
            attempt.account.map_or("nobody", |account| account.value()),
            attempt.address.map(|it| it.to_string()),
            attempt.counted_address,
            attempt.known_device.is_some(),
        ));
        if attempt.account.is_some_and(|account| account.value().starts_with("error")) {
            return Err(Error::general("no policy"));
        }
        if attempt.action != Action::SignIn || attempt.known_device.is_some() {
            return Ok(Vec::new());
        }
        let rate = Rate::new(5, Duration::from_secs(60));
        let country = Budget::new("signIn/country", "NZ", rate).cost(2);
        // Named twice it is taken once.
        Ok(vec![country.clone(), country])
    }
}

#[tokio::test]
async fn it_is_asked_for_each_attempt_and_what_it_says_is_taken() {
    let policy = ByCountry::default();
    let world = World::new(Limits::new().policy(policy.clone())).await;
    let mut owner = from("2001:db8::7");
    world.sign_up(&mut owner, ADA).await;
    for _ in 0..2 {
        assert!(!world.sign_in(&mut from("203.0.113.1"), BOB, "wrong").await.is_refused());
    }
    assert_eq!(
        world.sign_in(&mut from("203.0.113.2"), "eve@x.org", "wrong").await.retry_after(),
        60
    );
    assert_eq!(world.sign_in(&mut owner, ADA, PASSWORD).await.status(), "OK");
    let failed = world.sign_in(&mut owner, "error@example.com", PASSWORD).await;
    assert_eq!(failed.status(), "GENERAL_ERROR");
    let asked = policy.0.lock().unwrap().clone();
    let names = r#"["signIn/account", "signIn/address", "signIn/pair"]"#;
    let expected = [
        format!(
            "SignUp public ada@example.com Some(\"2001:db8::7\") Some(\"2001:db8::/64\") false \
             {:?}",
            ["signUp/address"]
        ),
        format!(
            "SignIn public bob@example.com Some(\"203.0.113.1\") Some(\"203.0.113.1\") false \
             {names}"
        ),
    ];
    assert_eq!(asked[..2], expected);
    assert!(asked[4].ends_with(r#"true ["signIn/device"]"#), "{asked:?}");
}
