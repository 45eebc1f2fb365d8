//! Users found by the start of what they are known by (CDI §5.2).

use std::time::Duration;

use auth_protocol::{RecipeId, User, accountlinking::*, passwordless::*, thirdparty::*, user::*};

use crate::common::{Test, TestStorage};

fn email(email: &str) -> ListUsers {
    ListUsers { limit: Some(1), email: Some(email.into()), ..ListUsers::default() }
}

fn phone(phone: &str) -> ListUsers {
    ListUsers { phone: Some(phone.into()), ..ListUsers::default() }
}

fn provider(provider: &str) -> ListUsers {
    ListUsers { provider: Some(provider.into()), ..ListUsers::default() }
}

impl Test {
    async fn sign_up_by_phone(&self, number: &str) -> User {
        let code = self.run(CreateCode::for_phone_number(number)).await;
        let CreateCodeResponse::Ok(code) = code else { panic!("a new device") };
        let proof = CodeProof::link_code(code.pre_auth_session_id, code.link_code);
        match self.run(ConsumeCode(proof)).await {
            ConsumeCodeResponse::Ok { user, .. } => user,
            other => panic!("{other:?}"),
        }
    }

    async fn sign_up_by(&self, provider: &str, account: &str, email: &str) -> User {
        let sign_up = ThirdPartySignInUp {
            third_party_id: provider.into(),
            third_party_user_id: account.into(),
            email: ProvidedEmail { id: email.into(), is_verified: true },
        };
        match self.run(sign_up).await {
            ThirdPartySignInUpResponse::Ok { user, .. } => user,
            ThirdPartySignInUpResponse::EmailChangeNotAllowedError { .. } => panic!("a new user"),
        }
    }

    /// Who is found, by their first address or number.
    async fn found(&self, operation: ListUsers) -> Vec<String> {
        let ListUsersResponse::Ok { users, next_pagination_token } = self.run(operation).await;
        assert_eq!(next_pagination_token, None, "a search has no pages");
        let name = |user: User| user.emails.into_iter().chain(user.phone_numbers).next().unwrap();
        users.into_iter().map(name).collect()
    }
}

#[tokio::test]
async fn cdi_5_2_a_search_matches_the_start_of_address_or_domain_and_heeds_no_limit() {
    let test = Test::new().await;
    for email in ["ada@example.com", "bob@adams.org", "eve@example.com", "a_a@other.net"] {
        test.sign_up(email).await;
        test.clock.advance(Duration::from_millis(1));
    }
    test.sign_up("\"at@home\"@quoted.net").await;
    assert_eq!(test.found(email("ADA")).await, ["ada@example.com", "bob@adams.org"]);
    let newest = ListUsers { time_joined_order: TimeJoinedOrder::Desc, ..email("ada") };
    assert_eq!(test.found(newest).await, ["bob@adams.org", "ada@example.com"]);
    assert_eq!(test.found(email("eve; bob;")).await, ["bob@adams.org", "eve@example.com"]);
    assert_eq!(test.found(email("other.net")).await, ["a_a@other.net"]);
    assert_eq!(test.found(email("quoted")).await, ["\"at@home\"@quoted.net"]);
    // Whatever other systems give a meaning stands for itself.
    assert_eq!(test.found(email("a_")).await, ["a_a@other.net"]);
    for nobody in ["%", "da@", "example.com@", "home", "*", "\\", "'"] {
        assert!(test.found(email(nobody)).await.is_empty(), "{nobody}");
    }
    // Nothing is sought, so that it is a list.
    for nothing in ["", " ; "] {
        let ListUsersResponse::Ok { users, .. } = test.run(email(nothing)).await;
        assert_eq!(users.len(), 1);
    }
}

#[tokio::test]
async fn cdi_5_2_numbers_and_providers_are_searched_and_all_tags_must_match() {
    let test = Test::new().await;
    let ada = test.sign_up_by_phone("+491701234567").await;
    test.clock.advance(Duration::from_millis(1));
    test.sign_up_by_phone("+441632960000").await;
    test.clock.advance(Duration::from_millis(1));
    let by_google = test.sign_up_by("Google", "108", "ada@example.com").await;
    test.clock.advance(Duration::from_millis(1));
    test.sign_up_by("github", "7", "adam@example.com").await;
    assert_eq!(test.found(phone("+49")).await, ["+491701234567"]);
    assert_eq!(test.found(phone("+4; +7")).await, ["+491701234567", "+441632960000"]);
    // An id is found however it is written.
    assert_eq!(test.found(provider("GOO")).await, ["ada@example.com"]);
    assert_eq!(test.found(provider("g")).await, ["ada@example.com", "adam@example.com"]);
    let both = ListUsers { email: Some("ada".into()), ..provider("github") };
    assert_eq!(test.found(both).await, ["adam@example.com"]);
    let neither = ListUsers { phone: Some("+49".into()), ..provider("google") };
    assert!(test.found(neither.clone()).await.is_empty(), "they are two users");
    // One user with two login methods matches by both of them.
    test.run(CreatePrimaryUser { recipe_user_id: by_google.id.as_str().into() }).await;
    let recipe_user_id = ada.id.as_str().into();
    let link = LinkAccounts { recipe_user_id, primary_user_id: by_google.id.clone() };
    assert!(matches!(test.run(link).await, LinkAccountsResponse::Ok { .. }));
    assert_eq!(test.found(neither.clone()).await, ["ada@example.com"]);
    let third = ListUsers { email: Some("adam; example".into()), ..neither };
    assert_eq!(test.found(third.clone()).await, ["ada@example.com"]);
    let include_recipe_ids = Some(vec![RecipeId::ThirdParty]);
    let of_recipe = ListUsers { include_recipe_ids, ..third };
    assert!(test.found(of_recipe).await.is_empty(), "a number is of another recipe");
}

#[tokio::test]
async fn cdi_5_2_a_search_stays_in_its_tenant_and_reads_no_more_than_a_thousand() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let other = test.in_new_tenant(&storage, "t1");
    test.sign_up("ada@example.com").await;
    other.sign_up("adam@example.com").await;
    assert_eq!(test.found(email("ad")).await, ["ada@example.com"]);
    assert_eq!(other.found(email("ad")).await, ["adam@example.com"]);
    // Rows alone, as of people who can't sign in.
    let numbers: Vec<String> = (0..1001).map(|n| format!("{n:04}")).collect();
    let user = |n: &String| format!("('public', 'u{n}', 'passwordless', 'u{n}', FALSE, 1, 1, 4)");
    let info =
        |n: &String| format!("('public', 'u{n}', 'passwordless', 'phone', '+1{n}', '', '', NULL)");
    let reserved = |n: &String| {
        format!("('public', 'public', 'u{n}', 'passwordless', 'phone', '+1{n}', '', '')")
    };
    for some in numbers.chunks(250) {
        let rows =
            |row: &dyn Fn(&String) -> String| some.iter().map(row).collect::<Vec<_>>().join(", ");
        storage.execute(&format!(
            "INSERT INTO app_id_to_user_id VALUES {}; \
             INSERT INTO recipe_user_account_infos VALUES {}; \
             INSERT INTO recipe_user_tenants VALUES {}",
            rows(&user),
            rows(&info),
            rows(&reserved)
        ));
    }
    // Rows that nobody's commits have brought.
    storage.execute("ANALYZE");
    let found = test.found(phone("+1")).await;
    assert_eq!(found.len(), 1000);
    assert!(!found.contains(&"+11000".to_owned()), "the first in their order");
    assert_eq!(test.found(phone("+1100")).await, ["+11000"]);
}
