//! Functions about users (FDI §8).

use auth_core::{
    GetUserCountInput,
    protocol::{
        RecipeId, UserId,
        user::{ListUsers, ListUsersByAccountInfo},
    },
};

use crate::harness::{App, sign_up};

#[tokio::test]
async fn users_are_found_counted_listed_and_deleted() {
    let App(auth) = App::new().await;
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(sign_up(&auth, &format!("u{number}@example.com")).await);
    }
    assert_eq!(auth.get_user_count(GetUserCountInput::new()).await.expect("a count"), 3);
    let of_tenant = GetUserCountInput::new().tenant_id("public");
    assert_eq!(auth.get_user_count(of_tenant).await.expect("a count"), 3);
    let third_party = GetUserCountInput::new().include_recipe_ids([RecipeId::ThirdParty]);
    assert_eq!(auth.get_user_count(third_party).await.expect("a count"), 0);

    let mut seen = Vec::new();
    let mut page = ListUsers { limit: Some(2), ..ListUsers::default() };
    loop {
        let got = auth.get_users_oldest_first(page.clone()).await.expect("a page");
        seen.extend(got.users.into_iter().map(|user| user.id));
        page.pagination_token = got.next_pagination_token;
        if page.pagination_token.is_none() {
            break;
        }
    }
    seen.sort();
    ids.sort();
    assert_eq!(seen, ids);
    let newest = auth.get_users_newest_first(ListUsers::default()).await.expect("a page");
    assert!(newest.users.is_sorted_by(|a, b| a.time_joined >= b.time_joined));

    let query = ListUsers { email: Some("u1".to_owned()), ..ListUsers::default() };
    let found = auth.get_users_oldest_first(query).await.expect("a page").users;
    assert_eq!(found.len(), 1);
    let info = ListUsersByAccountInfo {
        email: Some(" U1@example.com".to_owned()),
        ..ListUsersByAccountInfo::default()
    };
    let by_info = auth.list_users_by_account_info(info).await.expect("a list");
    assert_eq!(by_info, found);

    auth.delete_user(&found[0].id).await.expect("deleted");
    auth.delete_user(UserId::new("unknown")).await.expect("no error");
    assert_eq!(auth.get_user(&found[0].id).await.expect("answered"), None);
    assert_eq!(auth.get_user_count(GetUserCountInput::new()).await.expect("a count"), 2);
}
