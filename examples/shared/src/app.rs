//! What the routes do, and how the server starts and stops.

use std::process::ExitCode;

use auth_core::{
    Auth, Error, Response, Result,
    delivery::{Outbox, OutboxMessage},
    recipes::session::Session,
};
use clap::Parser;
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    Options, Pages, auth,
    codes::{Codes, Confirmation, MAX_ATTEMPTS},
    second_factor::SECOND_FACTOR,
};

/// The application: cheap to clone by reference counting, given to the framework as its state.
pub struct App {
    auth: Auth,
    outbox: Option<Outbox>,
    codes: Codes,
    pages: Pages,
}

/// Reads the flags, opens the database, and makes the application; a mistake is told in one line.
///
/// # Errors
/// Where a flag is wrong or the database can't be opened.
pub async fn start() -> Result<(Options, App), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_target(false).init();
    let outbox = options.outbox.as_ref().map(Outbox::new);
    let auth = auth::build(&options, outbox.clone()).await?;
    let pages = Pages::new(options.plain);
    Ok((options, App { auth, outbox, codes: Codes::default(), pages }))
}

/// Says in one line why the server could not run.
pub fn report(outcome: Result<(), Box<dyn std::error::Error>>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Waits for Ctrl-C.
pub async fn shutdown_signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a signal to wait for, the server runs until it is killed.
        std::future::pending::<()>().await;
    }
}

impl App {
    /// Sign-in.
    pub fn auth(&self) -> &Auth {
        &self.auth
    }

    /// The front ends.
    pub fn pages(&self) -> &Pages {
        &self.pages
    }

    /// `GET /sessioninfo`
    pub fn session_info(&self, session: &Session) -> Response {
        Response::ok(&json!({
            "sessionHandle": session.get_handle(),
            "userId": session.get_user_id(),
            "accessTokenPayload": &*session.get_access_token_payload(),
        }))
    }

    /// `GET /protected` and `GET /vault`
    pub fn protected(&self, session: &Session) -> Response {
        Response::ok(&json!({
            "message": "Both factors are done.",
            "userId": session.get_user_id(),
        }))
    }

    /// `POST /second-factor/code`: sends a code to the user's phone. The number that was given
    /// first stays.
    pub async fn send_code(&self, session: &Session, body: &[u8]) -> Result<Response> {
        let metadata = self.auth.usermetadata()?;
        let user_id = session.get_user_id();
        let known: Option<String> = metadata.get_value(user_id, "phoneNumber").await?;
        let phone_number = if let Some(number) = known {
            number
        } else {
            let number = phone_number(&text_field(body, "phoneNumber")?)?;
            metadata.set_value(user_id, "phoneNumber", &number).await?;
            number
        };
        let code = self.codes.create(session.get_handle());
        match &self.outbox {
            Some(outbox) => {
                let message = OutboxMessage::new("PASSWORDLESS_LOGIN", &phone_number);
                outbox.write(message.user_input_code(code)).await?;
            }
            None => {
                tracing::info!(to = phone_number, code = code.expose_secret(), "your code");
            }
        }
        let hidden = phone_number.len().saturating_sub(2);
        let masked: String = phone_number
            .chars()
            .enumerate()
            .map(|(at, digit)| if (1..hidden).contains(&at) { '*' } else { digit })
            .collect();
        Ok(Response::ok(&json!({ "status": "OK", "phoneNumber": masked })))
    }

    /// `POST /second-factor`: confirms the code.
    pub async fn confirm_code(&self, session: &Session, body: &[u8]) -> Result<Response> {
        let code = text_field(body, "code")?;
        match self.codes.confirm(session.get_handle(), code.trim()) {
            Confirmation::Confirmed => {
                session.set_claim_value(&*SECOND_FACTOR, true).await?;
                Ok(Response::status_only("OK"))
            }
            Confirmation::Incorrect { failed_attempts } => Ok(Response::ok(&json!({
                "status": "INCORRECT_USER_INPUT_CODE_ERROR",
                "failedCodeInputAttemptCount": failed_attempts,
                "maximumCodeInputAttempts": MAX_ATTEMPTS,
            }))),
            Confirmation::Restart => Ok(Response::status_only("RESTART_FLOW_ERROR")),
        }
    }

    /// `POST /sign-out-everywhere`: ends every session of the user.
    pub async fn sign_out_everywhere(&self, session: &Session) -> Result<Response> {
        let user_id = session.get_user_id().clone();
        self.auth.session()?.revoke_all_sessions_for_user(&user_id, true, None).await?;
        session.revoke_session().await?;
        Ok(Response::status_only("OK"))
    }

    /// Any other path: the front end, or 404.
    pub async fn page(&self, path: &str) -> Response {
        match self.pages.find(path).await {
            Some(page) => page,
            None => Response::message(StatusCode::NOT_FOUND, "not found"),
        }
    }
}

fn text_field(body: &[u8], name: &str) -> Result<String> {
    let missing = || Error::bad_input(format!("Please provide the {name}"));
    let body: Value = serde_json::from_slice(body).map_err(|_| missing())?;
    body.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(missing)
}

/// Digits with a country's code before them (E.164), written with or without spaces and hyphens.
fn phone_number(text: &str) -> Result<String> {
    let number: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')')).collect();
    let digits = number.strip_prefix('+').unwrap_or_default();
    if (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(number);
    }
    Err(Error::bad_input("Please provide a phone number with its country's code, such as +1…"))
}
