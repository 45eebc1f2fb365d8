//! What is left of a user whose login methods part.

use auth_protocol::{UserId, accountlinking::*, user::*, usermetadata::*};
use serde_json::json;

use crate::{WithRows, common::Test};

#[tokio::test]
async fn an_unlinked_member_stands_alone_and_may_become_primary() {
    let test = Test::new().await;
    let ada = test.primary("ada@example.com").await;
    let second = test.new_user("second@example.com").await;
    test.link(&second, &ada).await;
    assert_eq!(test.unlink(&second).await, (false, true));
    assert_eq!(test.unlink(&second).await, (false, false));
    let alone = test.user(second.clone()).await.unwrap();
    assert_eq!((alone.id.as_str(), alone.is_primary_user), (second.as_str(), false));
    assert_eq!(test.user(ada).await.unwrap().emails, ["ada@example.com"]);
    let primary = test.run(CreatePrimaryUser { recipe_user_id: second }).await;
    assert!(matches!(primary, CreatePrimaryUserResponse::Ok { .. }));
}

#[tokio::test]
async fn a_primary_user_alone_loses_only_the_flag() {
    let with = WithRows::new().await;
    let ada = with.test.primary("ada@example.com").await;
    assert_eq!(with.test.unlink(&ada.clone().into()).await, (false, true));
    assert!(!with.test.user(ada).await.unwrap().is_primary_user);
    let other = with.passwordless("other", "ada@example.com");
    let free = with.test.run(CreatePrimaryUser { recipe_user_id: other }).await;
    assert!(matches!(free, CreatePrimaryUserResponse::Ok { .. }), "the address is free");
}

#[tokio::test]
async fn the_unlinked_head_of_a_group_is_deleted_and_its_id_and_data_stay_with_the_others() {
    let test = Test::new().await;
    let ada = test.primary("ada@example.com").await;
    let second = test.new_user("second@example.com").await;
    test.link(&second, &ada).await;
    let metadata_update = [("a".to_owned(), json!(1))].into_iter().collect();
    test.run(UpdateUserMetadata { user_id: ada.clone(), metadata_update }).await;
    assert_eq!(test.unlink(&ada.clone().into()).await, (true, true));
    let user = test.user(second.clone()).await.unwrap();
    assert_eq!((&user.id, user.is_primary_user), (&ada, true));
    assert_eq!(user.emails, ["second@example.com"]);
    assert_eq!(test.sign_in("ada@example.com", "password 1").await, None);
    test.sign_up("ada@example.com").await;
    let GetUserMetadataResponse::Ok { metadata } =
        test.run(GetUserMetadata { user_id: ada.clone() }).await;
    assert_eq!(metadata.len(), 1);
    // When the last member leaves, nobody needs the id any more.
    assert_eq!(test.unlink(&second).await, (false, true));
    assert!(test.user(ada.clone()).await.is_none());
    assert!(test.user(second).await.is_some());
    let GetUserMetadataResponse::Ok { metadata } = test.run(GetUserMetadata { user_id: ada }).await;
    assert!(metadata.is_empty());
}

#[tokio::test]
async fn a_user_is_deleted_with_every_method_or_loses_one() {
    let test = Test::new().await;
    let ada = test.primary("ada@example.com").await;
    let second = test.new_user("second@example.com").await;
    let third = test.new_user("third@example.com").await;
    test.link(&second, &ada).await;
    test.link(&third, &ada).await;
    let delete = |id: UserId, all| DeleteUser { user_id: id, remove_all_linked_accounts: all };
    test.run(delete(second.into(), false)).await;
    assert_eq!(test.user(ada.clone()).await.unwrap().login_methods.len(), 2);
    test.run(delete(ada.clone(), false)).await;
    let user = test.user(ada.clone()).await.unwrap();
    assert_eq!((&user.id, user.emails.as_slice()), (&ada, &["third@example.com".to_owned()][..]));
    test.run(delete(third.clone().into(), true)).await;
    assert!(test.user(ada).await.is_none());
    assert!(test.user(third).await.is_none());
    for email in ["ada@example.com", "second@example.com", "third@example.com"] {
        test.primary(email).await;
    }
}
