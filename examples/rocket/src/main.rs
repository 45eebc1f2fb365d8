//! Two-factor sign-in with Rocket: `cargo run -p example-rocket`, then open the address it prints.

#![allow(clippy::needless_pass_by_value, reason = "Rocket's handlers own their guards")]

use std::process::ExitCode;

use auth_rocket::{AuthError, AuthFairing, Reply, Session, SessionWith};
use example_shared::{
    App, report,
    second_factor::{AnySession, SecondFactorDone},
    start,
};
use rocket::{
    Config, State, config::LogLevel, fairing::AdHoc, get, http::uri::Origin, post, routes,
};

type Shared = State<App>;
type Signed = SessionWith<AnySession>;
type Answer = Result<Reply, AuthError>;

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
    rocket::custom(config)
        .attach(AuthFairing::new(auth.clone()).cors([website.clone()]))
        .attach(AdHoc::on_liftoff("address", |_| {
            Box::pin(async move { println!("Open {website}") })
        }))
        .manage(app)
        .mount("/", routes![session_info, protected, vault, page])
        .mount("/", routes![send_code, confirm_code, add_required_factor, sign_out_everywhere])
        .launch()
        .await?;
    auth.shutdown().await;
    Ok(())
}

#[get("/sessioninfo")]
async fn session_info(app: &Shared, session: Signed) -> Answer {
    Ok(Reply(app.session_info(&session).await?))
}

#[get("/protected")] // by the global validators
fn protected(app: &Shared, session: Session) -> Reply {
    Reply(app.protected(&session))
}

#[get("/vault")]
fn vault(app: &Shared, session: SessionWith<SecondFactorDone>) -> Reply {
    Reply(app.protected(&session))
}

#[post("/second-factor/code", data = "<body>")]
async fn send_code(app: &Shared, session: Signed, body: Vec<u8>) -> Answer {
    Ok(Reply(app.send_code(&session, &body).await?))
}

#[post("/second-factor", data = "<body>")]
async fn confirm_code(app: &Shared, session: Signed, body: Vec<u8>) -> Answer {
    Ok(Reply(app.confirm_code(&session, &body).await?))
}

#[post("/addRequiredFactor", data = "<body>")] // by the global validators
async fn add_required_factor(app: &Shared, session: Session, body: Vec<u8>) -> Answer {
    Ok(Reply(app.add_required_factor(&session, &body).await?))
}

#[post("/sign-out-everywhere")]
async fn sign_out_everywhere(app: &Shared, session: Signed) -> Answer {
    Ok(Reply(app.sign_out_everywhere(&session).await?))
}

#[get("/<_..>", rank = 20)]
async fn page(app: &Shared, uri: &Origin<'_>) -> Reply {
    Reply(app.page(uri.path().as_str()).await)
}
