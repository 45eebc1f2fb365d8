//! Users whose id is mapped: deleted, and linked.

use auth_protocol::{RecipeUserId, User, accountlinking::*, user_id_mapping::UserIdType};

use crate::{OLD, common::Test, forced, ids, map};

#[tokio::test]
async fn cdi_5_4_a_mapping_goes_with_its_user_and_so_does_what_is_kept_under_either_id() {
    let test = Test::new().await;
    for given in ["own", "external"] {
        let id = test.mapped().await;
        test.session(OLD).await;
        for place in [id.as_str(), OLD, "somebody else"] {
            test.set_metadata(place).await;
        }
        test.delete(if given == "own" { id.as_str() } else { OLD }, true).await;
        assert_eq!(test.mapping(OLD, UserIdType::Any).await, None);
        assert_eq!(test.mapping(id.as_str(), UserIdType::Any).await, None);
        assert_eq!((test.user(OLD).await, test.user(id.as_str()).await), (None, None));
        assert!(test.handles(OLD, true).await.is_empty());
        assert!(test.metadata(OLD).await.is_empty());
        assert!(test.metadata(id.as_str()).await.is_empty());
        assert_eq!(test.metadata("somebody else").await.len(), 1);
    }
}

#[tokio::test]
async fn cdi_5_4_data_under_an_id_that_two_users_share_stays_with_the_one_who_remains() {
    let test = Test::new().await;
    let (ada, bob) =
        (test.new_user("ada@example.com").await, test.new_user("bob@example.com").await);
    test.run(forced(&ada, bob.as_str())).await;
    test.set_metadata(bob.as_str()).await;
    // Known by her external id, which is his own.
    test.delete(bob.as_str(), true).await;
    assert_eq!(test.user(ada.as_str()).await, None);
    assert!(test.user(bob.as_str()).await.is_some());
    assert_eq!(test.metadata(bob.as_str()).await.len(), 1);
    // The other way about: he goes, and hers stays.
    let eve = test.new_user("eve@example.com").await;
    test.run(forced(&eve, bob.as_str())).await;
    test.run(forced(&bob, "bob")).await;
    test.delete("bob", true).await;
    assert_eq!(test.user(bob.as_str()).await.unwrap().emails, ["eve@example.com"]);
    assert_eq!(test.metadata(bob.as_str()).await.len(), 1);
    test.delete(bob.as_str(), true).await;
    assert!(test.metadata(bob.as_str()).await.is_empty());
}

#[tokio::test]
async fn cdi_5_3_linked_users_are_named_by_their_external_ids() {
    let test = Test::new().await;
    let head = test.mapped().await;
    let member = test.new_user("countess@example.com").await;
    test.run(map(&member, "legacy|8")).await;
    let primary = CreatePrimaryUser { recipe_user_id: OLD.into() };
    assert!(matches!(test.run(primary).await, CreatePrimaryUserResponse::Ok { .. }));
    let link = |recipe_user_id: &str, primary_user_id: &str| LinkAccounts {
        recipe_user_id: recipe_user_id.into(),
        primary_user_id: primary_user_id.into(),
    };
    let LinkAccountsResponse::Ok { accounts_already_linked: false, user } =
        test.run(link("legacy|8", OLD)).await
    else {
        panic!("nothing stands in the way")
    };
    let methods = |user: &User| -> Vec<RecipeUserId> {
        user.login_methods.iter().map(|method| method.recipe_user_id.clone()).collect()
    };
    assert_eq!((user.id.as_str(), methods(&user)), (OLD, vec![OLD.into(), "legacy|8".into()]));
    for id in [OLD, "legacy|8", head.as_str(), member.as_str()] {
        assert_eq!(test.user(id).await.as_ref(), Some(&user), "{id}");
    }
    assert_eq!(ids(&test.session(member.as_str()).await), (OLD, "legacy|8"));
    // The conflict names the other user by its external id, too.
    let check = CanCreatePrimaryUser { recipe_user_id: member.clone().into() };
    let linked = test.run(check).await;
    assert!(
        matches!(
            &linked,
            CanCreatePrimaryUserResponse::RecipeUserIdAlreadyLinkedWithPrimaryUserIdError {
                primary_user_id, ..
            } if *primary_user_id == OLD
        ),
        "{linked:?}"
    );
    let rival = test.by_code("ada@example.com").await;
    let check = CanCreatePrimaryUser { recipe_user_id: rival.id.clone().into() };
    let conflict = test.run(check).await;
    assert!(
        matches!(
            &conflict,
            CanCreatePrimaryUserResponse::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError {
                primary_user_id, ..
            } if *primary_user_id == OLD
        ),
        "{conflict:?}"
    );
    // Without its own login method the head is still the group's id, and so is its external one.
    let unlink = UnlinkAccount { recipe_user_id: OLD.into() };
    let gone = UnlinkAccountResponse::Ok { was_recipe_user_deleted: true, was_linked: true };
    assert_eq!(test.run(unlink).await, gone);
    let user = test.user("legacy|8").await.unwrap();
    assert_eq!((user.id.as_str(), methods(&user)), (OLD, vec!["legacy|8".into()]));
}
