//! Sessions of users whose id is mapped.

use auth_protocol::{CdiVersion, accountlinking::*, session::*};

use crate::{Created, OLD, common::Test, forced, ids};

#[tokio::test]
async fn cdi_2_4_a_session_has_the_external_ids_by_whichever_it_was_started() {
    let test = Test::new().await;
    let id = test.mapped().await;
    for given in [id.as_str(), OLD] {
        let mut tokens = test.session(given).await;
        assert_eq!(ids(&tokens), (OLD, OLD));
        for version in [CdiVersion::LATEST, CdiVersion::V5_4] {
            tokens = test.refresh(&tokens.refresh_token.token, version).await;
            assert_eq!(ids(&tokens), (OLD, OLD));
        }
        let get = GetSession { session_handle: tokens.session.handle.clone() };
        let GetSessionResponse::Ok { user_id, recipe_user_id, .. } = test.run(get).await else {
            panic!("it is there")
        };
        assert_eq!((user_id, recipe_user_id), (OLD.into(), OLD.into()));
    }
    for linked in [false, true] {
        let by_own = test.handles(id.as_str(), linked).await;
        assert_eq!(by_own.len(), 2);
        assert_eq!(test.handles(OLD, linked).await, by_own);
    }
    let remove = RemoveSessions { user_id: Some(OLD.into()), ..RemoveSessions::default() };
    let RemoveSessionsResponse::Ok { session_handles_revoked } = test.run(remove).await;
    assert_eq!(session_handles_revoked.len(), 2);
}

#[tokio::test]
async fn cdi_2_4_a_session_follows_a_mapping_that_comes_and_goes() {
    let test = Test::new().await;
    let id = test.new_user("ada@example.com").await;
    let tokens = test.session(id.as_str()).await;
    assert_eq!(test.run(forced(&id, OLD)).await, Created::Ok);
    let tokens = test.refresh(&tokens.refresh_token.token, CdiVersion::LATEST).await;
    assert_eq!(ids(&tokens), (OLD, OLD));
    assert_eq!(test.handles(OLD, true).await, std::slice::from_ref(&tokens.session.handle));
    let refusal = Err("UserId is already in use in Session recipe".to_owned());
    assert_eq!(test.unmap(OLD, false).await, refusal);
    assert_eq!(test.unmap(OLD, true).await, Ok(true));
    let tokens = test.refresh(&tokens.refresh_token.token, CdiVersion::LATEST).await;
    assert_eq!(ids(&tokens), (id.as_str(), id.as_str()));
    assert!(test.handles(OLD, true).await.is_empty());
}

#[tokio::test]
async fn cdi_2_4_sessions_from_before_the_user_was_known_become_the_user_s_own() {
    let test = Test::new().await;
    let tokens = test.session(OLD).await;
    assert_eq!(ids(&tokens), (OLD, OLD));
    let id = test.mapped().await;
    let own = test.handles(id.as_str(), false).await;
    assert_eq!(own, std::slice::from_ref(&tokens.session.handle));
    // And are with the user once it is linked: its own end, as linking demands.
    let head = test.new_user("head@example.com").await;
    test.run(CreatePrimaryUser { recipe_user_id: head.clone().into() }).await;
    let link = LinkAccounts { recipe_user_id: OLD.into(), primary_user_id: head.clone() };
    assert!(matches!(test.run(link).await, LinkAccountsResponse::Ok { .. }));
    assert!(test.handles(head.as_str(), true).await.is_empty());
    let tokens = test.session(OLD).await;
    assert_eq!(ids(&tokens), (head.as_str(), OLD));
    test.delete(OLD, false).await;
    assert!(test.handles(OLD, true).await.is_empty());
}
