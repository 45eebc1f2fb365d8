//! A core at the other end of a network.

use std::{net::Ipv4Addr, sync::Arc};

use auth_core::{
    AppInfo, Auth,
    core::{Clock, CoreConfig, RemoteConfig},
    limits::Limits,
    recipes::{emailpassword::EmailPasswordRecipe, session::SessionRecipe},
};
use auth_engine::Engine;
use auth_server::{Server, ServerConfig};
use http::header;
use parking_lot::Mutex;
use tokio::{net::TcpListener, sync::mpsc};

use crate::harness::{ADA, PASSWORD, START_MS, World, engine, from, nth};

/// What the core is asked to do with budgets.
#[derive(Clone, Copy, PartialEq)]
enum Core {
    Whole,
    /// It doesn't know of any, as the reference's.
    WithoutBudgets,
    /// It can't be asked for them just now.
    Silent,
}

/// An application on a core that is served, and the paths that it was asked at.
async fn world(core: Core, limits: Limits) -> (World, Arc<Mutex<Vec<String>>>) {
    let clock = Clock::manual(START_MS);
    let engine = Engine::open(engine(&clock)).await.unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = Server::new(engine, ServerConfig::default());
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (noted, now) = (Arc::clone(&asked), clock.clone());
    let config = RemoteConfig::new(&url).clock(move || now.now_ms()).network_interceptor(
        move |mut request, _| {
            noted.lock().push(request.url.path().to_owned());
            if request.url.path().contains("/limits/") {
                match core {
                    Core::Whole => {}
                    Core::WithoutBudgets => request.url.set_path("/recipe/nothing/here"),
                    Core::Silent => request.url.set_port(Some(1)).unwrap(),
                }
            }
            request
        },
    );
    let info = AppInfo::new("App", "https://api.example.com", "https://example.com");
    let auth = Auth::builder(info)
        .core(CoreConfig::from(config))
        .recipe(SessionRecipe::new())
        .recipe(EmailPasswordRecipe::new())
        .limits(limits)
        .build()
        .await
        .unwrap();
    let (_, mails) = mpsc::unbounded_channel();
    (World { auth, clock, mails }, asked)
}

async fn judged(world: &World) -> usize {
    let mut judged = 0;
    for number in 0..40 {
        let answer = world.sign_in(&mut nth(number), ADA, "wrong").await;
        judged += usize::from(!answer.is_refused());
    }
    judged
}

#[tokio::test]
async fn no_password_is_looked_at_beyond_the_budget_and_a_known_device_costs_no_signature() {
    let (world, asked) = world(Core::Whole, Limits::new()).await;
    let mut owner = from("198.51.100.7");
    world.sign_up(&mut owner, ADA).await;
    asked.lock().clear();
    assert_eq!(judged(&world).await, 10);
    let count = |path: &str| asked.lock().iter().filter(|it| it.ends_with(path)).count();
    assert_eq!(count("/recipe/signin"), 10, "{asked:?}");
    // What is known to be empty isn't asked for again at once.
    assert!(count("/limits/take") <= 12, "{asked:?}");
    asked.lock().clear();
    assert_eq!(world.sign_in(&mut owner, ADA, PASSWORD).await.status(), "OK");
    assert_eq!((count("/limits/take"), count("/limits/restore"), count("/recipe/jwt")), (1, 1, 0));
}

#[tokio::test]
async fn where_the_core_keeps_no_budgets_this_process_does() {
    let (world, asked) = world(Core::WithoutBudgets, Limits::new()).await;
    let mut owner = from("198.51.100.7");
    world.sign_up(&mut owner, ADA).await;
    assert_eq!(judged(&world).await, 10);
    for _ in 0..12 {
        assert_eq!(world.sign_in(&mut owner, ADA, PASSWORD).await.status(), "OK");
    }
    let count = || asked.lock().iter().filter(|it| it.contains("/limits/")).count();
    assert_eq!(count(), 1, "it isn't asked again for a while");
    world.advance_secs(61);
    judged(&world).await;
    assert_eq!(count(), 2);
}

#[tokio::test]
async fn while_the_core_cannot_be_asked_nothing_is_judged_or_passwords_alone_where_that_is_wanted()
{
    for check in [false, true] {
        let limits = Limits::new().check_passwords_when_unavailable(check);
        let (world, _) = world(Core::Silent, limits).await;
        let status = |answer: crate::harness::Answer| answer.0.status.as_u16();
        let mut client = from("198.51.100.7");
        let signed_in = status(world.sign_in(&mut client, ADA, PASSWORD).await);
        assert_eq!(signed_in, if check { 200 } else { 503 });
        let body = serde_json::json!({ "token": "x", "formFields": [
            { "id": "password", "value": PASSWORD },
        ] });
        let reset = world.post(&mut client, "/auth/user/password/reset", &body).await;
        assert_eq!(reset.header(header::RETRY_AFTER.as_str()), Some("1"));
        assert_eq!(status(reset), 503);
    }
}
