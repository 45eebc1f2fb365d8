//! The numbers that writes keep, held against those that come of counting (CDI §5.2).

use std::{
    cmp::Reverse,
    collections::HashMap,
    sync::{Arc, Mutex},
};

use auth_engine::{Engine, EngineError};
use auth_protocol::{
    RecipeId, RecipeUserId, TenantScope, UserId, accountlinking::*, emailpassword::*,
    multitenancy::*, passwordless::*, thirdparty::*, user::*,
};
use proptest::{prelude::*, sample::Index, test_runner::TestRunner};

use crate::common::{Test, TestStorage, two_engines};

const TENANTS: [&str; 3] = ["public", "t1", "t2"];

const RECIPES: [RecipeId; 3] =
    [RecipeId::EmailPassword, RecipeId::ThirdParty, RecipeId::Passwordless];

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody signs up, by a recipe in a tenant; mostly with an address of his own.
    SignUp(RecipeId, usize, u32),
    /// Becomes a primary user.
    Primary(Index),
    /// The first is linked to the second's user.
    Link(Index, Index),
    Unlink(Index),
    /// With all login methods, or one alone.
    Delete(Index, bool),
    /// Gets into a tenant.
    Associate(Index, usize),
    Disassociate(Index, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let sign_up = (0..RECIPES.len(), 0..TENANTS.len(), 0_u32..200)
        .prop_map(|(recipe, tenant, number)| Step::SignUp(RECIPES[recipe], tenant, number));
    prop_oneof![
        6 => sign_up,
        3 => any::<Index>().prop_map(Step::Primary),
        8 => (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Step::Link(one, other)),
        2 => any::<Index>().prop_map(Step::Unlink),
        2 => (any::<Index>(), any::<bool>()).prop_map(|(one, all)| Step::Delete(one, all)),
        5 => (any::<Index>(), 0..TENANTS.len()).prop_map(|(one, to)| Step::Associate(one, to)),
        3 => (any::<Index>(), 0..TENANTS.len()).prop_map(|(one, of)| Step::Disassociate(one, of)),
    ]
}

/// The login methods that there were so far; some of them are gone.
type Methods = Arc<Mutex<Vec<RecipeUserId>>>;

/// Does it; what is refused changes nothing.
///
/// # Errors
/// It came too close to what another one does, and changes nothing either.
async fn take(engine: &Engine, methods: &Methods, step: &Step) -> Result<(), EngineError> {
    let public = TenantScope::default();
    let at = |tenant: &usize| TenantScope::new("public".into(), TENANTS[*tenant].into());
    let pick = |index: &Index| {
        let methods = methods.lock().unwrap();
        (!methods.is_empty()).then(|| methods[index.index(methods.len())].clone())
    };
    match step {
        Step::SignUp(recipe, tenant, number) => {
            if let Some(id) = sign_up(engine, &at(tenant), *recipe, *number).await? {
                methods.lock().unwrap().push(id);
            }
        }
        Step::Primary(index) => {
            if let Some(recipe_user_id) = pick(index) {
                // The login method may be gone.
                let _ = engine.handle(&public, CreatePrimaryUser { recipe_user_id }).await;
            }
        }
        Step::Link(one, other) => {
            if let (Some(recipe_user_id), Some(other)) = (pick(one), pick(other)) {
                let primary_user_id = other.into();
                let link = LinkAccounts { recipe_user_id, primary_user_id };
                let _ = engine.handle(&public, link).await;
            }
        }
        Step::Unlink(index) => {
            if let Some(recipe_user_id) = pick(index) {
                let _ = engine.handle(&public, UnlinkAccount { recipe_user_id }).await;
            }
        }
        Step::Delete(index, all) => {
            if let Some(id) = pick(index) {
                let user_id = UserId::from(id);
                let delete = DeleteUser { user_id, remove_all_linked_accounts: *all };
                engine.handle(&public, delete).await?;
            }
        }
        Step::Associate(index, tenant) => {
            if let Some(recipe_user_id) = pick(index) {
                let associate = AssociateUserToTenant { recipe_user_id };
                engine.handle(&at(tenant), associate).await?;
            }
        }
        Step::Disassociate(index, tenant) => {
            if let Some(recipe_user_id) = pick(index) {
                let disassociate = DisassociateUserFromTenant { recipe_user_id };
                engine.handle(&at(tenant), disassociate).await?;
            }
        }
    }
    Ok(())
}

async fn sign_up(
    engine: &Engine,
    scope: &TenantScope,
    recipe: RecipeId,
    number: u32,
) -> Result<Option<RecipeUserId>, EngineError> {
    let email = format!("{number}@example.com");
    Ok(match recipe {
        RecipeId::ThirdParty => {
            let sign_up = ThirdPartySignInUp {
                third_party_id: "google".into(),
                third_party_user_id: number.to_string(),
                email: ProvidedEmail { id: email, is_verified: true },
            };
            match engine.handle(scope, sign_up).await? {
                ThirdPartySignInUpResponse::Ok { recipe_user_id, .. } => Some(recipe_user_id),
                ThirdPartySignInUpResponse::EmailChangeNotAllowedError { .. } => None,
            }
        }
        RecipeId::Passwordless => {
            let create = CreateCode::for_email(&email);
            let CreateCodeResponse::Ok(code) = engine.handle(scope, create).await? else {
                return Ok(None);
            };
            let proof = CodeProof::link_code(code.pre_auth_session_id, code.link_code);
            match engine.handle(scope, ConsumeCode(proof)).await? {
                ConsumeCodeResponse::Ok { recipe_user_id, .. } => Some(recipe_user_id),
                _ => None,
            }
        }
        _ => match engine.handle(scope, SignUp { email, password: "password 1".into() }).await? {
            SignUpResponse::Ok { recipe_user_id, .. } => Some(recipe_user_id),
            SignUpResponse::EmailAlreadyExistsError => None,
        },
    })
}

/// A user by the login methods that somebody can sign in by.
#[derive(Default)]
struct Found {
    time_joined: i64,
    /// With the tenants of each; none where it is in none.
    methods: Vec<(String, Option<String>)>,
}

/// The users that there are, read from end to end.
struct Everybody(HashMap<String, Found>);

impl Everybody {
    fn read(storage: &TestStorage) -> Self {
        let rows = storage.lines(
            "SELECT DISTINCT u.primary_or_recipe_user_id || ' ' || u.recipe_id || ' ' || \
                CAST(u.primary_or_recipe_user_time_joined AS TEXT) || ' ' || \
                COALESCE(t.tenant_id, '') \
             FROM app_id_to_user_id u JOIN recipe_user_account_infos i \
                ON i.app_id = u.app_id AND i.recipe_user_id = u.user_id \
             LEFT JOIN recipe_user_tenants t \
                ON t.app_id = u.app_id AND t.recipe_user_id = u.user_id",
        );
        let mut users: HashMap<String, Found> = HashMap::new();
        for row in rows {
            let mut fields = row.split(' ');
            let mut field = || fields.next().unwrap_or_default().to_owned();
            let user = users.entry(field()).or_default();
            let recipe = field();
            user.time_joined = field().parse().unwrap();
            user.methods.push((recipe, Some(field()).filter(|tenant| !tenant.is_empty())));
        }
        Self(users)
    }

    /// Those with one of the recipes in a tenant, or in any or none, in the order of a list.
    fn with(&self, tenant: Option<&str>, recipes: &[RecipeId]) -> Vec<String> {
        let is_one = |(recipe, of): &(String, Option<String>)| {
            recipes.iter().any(|wanted| wanted.as_str() == recipe)
                && tenant.is_none_or(|tenant| of.as_deref() == Some(tenant))
        };
        let users = self.0.iter().filter(|(_, user)| user.methods.iter().any(is_one));
        let mut users: Vec<_> = users.map(|(id, user)| (user.time_joined, Reverse(id))).collect();
        users.sort();
        users.into_iter().map(|(_, Reverse(id))| id.clone()).collect()
    }
}

/// Compares counts and lists with what counting and sorting gives, by every set of recipes.
async fn check(engine: &Engine, storage: &TestStorage) {
    let everybody = Everybody::read(storage);
    for set in 1..8_usize {
        let has = |index: usize| (set >> index & 1 == 1).then(|| RECIPES[index]);
        let recipes: Vec<RecipeId> = (0..RECIPES.len()).filter_map(has).collect();
        let count = |include_all_tenants| CountUsers {
            include_recipe_ids: Some(recipes.clone()),
            include_all_tenants,
            ..CountUsers::default()
        };
        for tenant in TENANTS {
            let scope = TenantScope::new("public".into(), tenant.into());
            let expected = everybody.with(Some(tenant), &recipes);
            let CountUsersResponse::Ok { count, .. } =
                engine.handle(&scope, count(false)).await.unwrap();
            assert_eq!(count, expected.len() as u64, "{recipes:?} in {tenant}");
            assert_eq!(list(engine, &scope, &recipes).await, expected, "{recipes:?} in {tenant}");
        }
        let CountUsersResponse::Ok { count, .. } =
            engine.handle(&TenantScope::default(), count(true)).await.unwrap();
        assert_eq!(count, everybody.with(None, &recipes).len() as u64, "{recipes:?} in all");
    }
}

/// All users of a tenant, page by page.
async fn list(engine: &Engine, scope: &TenantScope, recipes: &[RecipeId]) -> Vec<String> {
    let mut ids = Vec::new();
    let mut pagination_token = None;
    loop {
        let page = ListUsers {
            limit: Some(7),
            include_recipe_ids: Some(recipes.to_vec()),
            pagination_token,
            ..ListUsers::default()
        };
        let ListUsersResponse::Ok { users, next_pagination_token } =
            engine.handle(scope, page).await.unwrap();
        ids.extend(users.into_iter().map(|user| user.id.to_string()));
        pagination_token = next_pagination_token;
        if pagination_token.is_none() {
            return ids;
        }
    }
}

#[test]
fn cdi_5_2_counts_and_lists_hold_whatever_happens_to_users() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (storage, test) = runtime.block_on(async {
        let storage = TestStorage::new();
        let test = Test::with(storage.config()).await;
        for tenant in &TENANTS[1..] {
            test.in_new_tenant(&storage, tenant);
        }
        (storage, test)
    });
    let methods = Methods::default();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 24,
        max_shrink_iters: 0,
        ..ProptestConfig::default()
    });
    let run = runner.run(&prop::collection::vec(step(), 1..40), |steps| {
        runtime.block_on(async {
            for step in &steps {
                take(&test.engine, &methods, step).await.unwrap();
            }
            check(&test.engine, &storage).await;
        });
        Ok(())
    });
    run.unwrap();
    runtime.block_on(test.engine.shutdown());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn cdi_5_2_counts_hold_while_many_write_through_two_processes() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    for tenant in &TENANTS[1..] {
        storage.execute(&format!("INSERT INTO tenants VALUES ('public', '{tenant}', 0)"));
    }
    let methods = Methods::default();
    let mut runner = TestRunner::deterministic();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..8_usize {
        let steps = prop::collection::vec(step(), 60).new_tree(&mut runner).unwrap();
        let steps = proptest::strategy::ValueTree::current(&steps);
        let (engine, methods) = (engines[task % 2].clone(), methods.clone());
        tasks.spawn(async move {
            for step in &steps {
                let _ = take(&engine, &methods, step).await;
            }
        });
    }
    tasks.join_all().await;
    check(&engines[0], &storage).await;
    // A tenant takes its own numbers with it, and its users stay those of the app.
    engines[0].handle(&TenantScope::default(), RemoveTenant::new("t1")).await.unwrap();
    storage.execute("INSERT INTO tenants VALUES ('public', 't1', 0)");
    check(&engines[0], &storage).await;
}
