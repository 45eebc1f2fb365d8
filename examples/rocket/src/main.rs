//! Two-factor sign-in with Rocket: `cargo run -p example-rocket`, then open the address it prints.

#![allow(clippy::needless_pass_by_value, reason = "Rocket's handlers own their guards")]

use std::process::ExitCode;

use auth_core::recipes::session::SessionOptions;
use auth_rocket::{AuthError, AuthFairing, Reply, Session, SessionRule, SessionWith};
use example_shared::{
    App, report,
    second_factor::{any_session, second_factor_done},
    start,
};
use rocket::{
    Config, State, config::LogLevel, fairing::AdHoc, get, http::uri::Origin, post, routes,
};

type Answer = Result<Reply, AuthError>;
type AnySession = SessionWith<Any>;

struct Any;

impl SessionRule for Any {
    fn options() -> SessionOptions {
        any_session()
    }
}

struct SecondFactorDone;

impl SessionRule for SecondFactorDone {
    fn options() -> SessionOptions {
        second_factor_done()
    }
}

#[rocket::main]
async fn main() -> ExitCode {
    report(serve().await)
}

async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let (options, app) = start().await?;
    let (auth, website) = (app.auth().clone(), options.website_domain());
    let config = Config {
        address: options.addr.ip(),
        port: options.addr.port(),
        log_level: LogLevel::Critical,
        ..Config::default()
    };
    let routes = routes![
        session_info,
        protected,
        vault,
        send_code,
        confirm_code,
        add_required_factor,
        sign_out_everywhere,
        page,
    ];
    rocket::custom(config)
        .attach(AuthFairing::new(auth.clone()).cors([website.clone()]))
        .attach(AdHoc::on_liftoff("address", |_| {
            Box::pin(async move { println!("Open {website}") })
        }))
        .manage(app)
        .mount("/", routes)
        .launch()
        .await?;
    auth.shutdown().await;
    Ok(())
}

#[get("/sessioninfo")]
fn session_info(app: &State<App>, session: AnySession) -> Reply {
    Reply(app.session_info(&session))
}

#[get("/protected")] // by the global validators
fn protected(app: &State<App>, session: Session) -> Reply {
    Reply(app.protected(&session))
}

#[get("/vault")]
fn vault(app: &State<App>, session: SessionWith<SecondFactorDone>) -> Reply {
    Reply(app.protected(&session))
}

#[post("/second-factor/code", data = "<body>")]
async fn send_code(app: &State<App>, session: AnySession, body: Vec<u8>) -> Answer {
    Ok(Reply(app.send_code(&session, &body).await?))
}

#[post("/second-factor", data = "<body>")]
async fn confirm_code(app: &State<App>, session: AnySession, body: Vec<u8>) -> Answer {
    Ok(Reply(app.confirm_code(&session, &body).await?))
}

#[post("/addRequiredFactor", data = "<body>")]
async fn add_required_factor(app: &State<App>, session: AnySession, body: Vec<u8>) -> Answer {
    Ok(Reply(app.add_required_factor(&session, &body).await?))
}

#[post("/sign-out-everywhere")]
async fn sign_out_everywhere(app: &State<App>, session: AnySession) -> Answer {
    Ok(Reply(app.sign_out_everywhere(&session).await?))
}

#[get("/<_..>", rank = 20)]
async fn page(app: &State<App>, uri: &Origin<'_>) -> Reply {
    Reply(app.page(uri.path().as_str()).await)
}
