//! What the routes do, and how the server starts and stops.

use std::process::ExitCode;

use auth_core::{
    Auth, Error, Response, Result,
    delivery::Outbox,
    recipes::{
        multifactorauth::{AddToRequiredSecondaryFactorsForUserInput, FactorId},
        passwordless::{CheckCodeOutcome, CodeAttempts, CodeProof},
        session::Session,
    },
};
use clap::Parser;
use http::StatusCode;
use local_provider::LocalProvider;
use serde_json::{Value, json};

use crate::{
    Options, Pages, auth,
    devices::Devices,
    phone::number_for_code,
    providers::{NamedProvider, Providers},
    sms_factor, tenants,
};

/// The factors that a user may be held to: what isn't offered could never be completed.
const REQUIRABLE_FACTORS: [FactorId; 4] =
    [FactorId::TOTP, FactorId::OTP_EMAIL, FactorId::OTP_PHONE, FactorId::WEBAUTHN];

/// The application: cheap to clone by reference counting, given to the framework as its state.
pub struct App {
    auth: Auth,
    devices: Devices,
    pages: Pages,
    providers: Vec<NamedProvider>,
    tenants: Vec<String>,
    /// Runs as long as the application does.
    _local_provider: Option<LocalProvider>,
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
    let Providers { recipe, named: providers, local } = Providers::start(&options).await?;
    let auth = auth::build(&options, outbox, recipe).await?;
    tenants::make(&auth, &options.tenants).await?;
    let app = App {
        tenants: tenants::names(&auth).await?,
        auth,
        devices: Devices::default(),
        pages: Pages::new(options.plain),
        providers,
        _local_provider: local,
    };
    Ok((options, app))
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
    pub async fn session_info(&self, session: &Session) -> Result<Response> {
        let user = self.auth.accountlinking()?.get_user(session.get_user_id()).await?;
        Ok(Response::ok(&json!({
            "sessionHandle": session.get_handle(),
            "userId": session.get_user_id(),
            "accessTokenPayload": &*session.get_access_token_payload(),
            "user": user,
        })))
    }

    /// `GET /protected` and `GET /vault`
    pub fn protected(&self, session: &Session) -> Response {
        Response::ok(&json!({
            "message": "Both factors are done.",
            "userId": session.get_user_id(),
        }))
    }

    /// `POST /second-factor/code`: sends a code to the user's phone, for front ends that don't use
    /// the recipe's own routes.
    pub async fn send_code(&self, session: &Session, body: &[u8]) -> Result<Response> {
        let cx = self.auth.context();
        let asked = text_field(body, "phoneNumber");
        let number = number_for_code(&cx, session, asked.as_deref()).await?;
        let code = sms_factor::send_code(&cx, session, &number).await?;
        self.devices.insert(session.get_handle(), &code);
        Ok(Response::ok(&json!({ "status": "OK", "phoneNumber": masked(&number) })))
    }

    /// `POST /second-factor`: confirms the code.
    pub async fn confirm_code(&self, session: &Session, body: &[u8]) -> Result<Response> {
        let code =
            text_field(body, "code").ok_or_else(|| Error::bad_input("Please provide the code"))?;
        let Some(device) = self.devices.get(session.get_handle()) else {
            return Ok(Response::status_only("RESTART_FLOW_ERROR"));
        };
        let cx = self.auth.context();
        let proof =
            CodeProof::user_input_code(device.pre_auth_session_id, device.device_id, code.trim());
        let wrong = |status: &str, attempts: CodeAttempts| {
            Response::ok(&json!({
                "status": status,
                "failedCodeInputAttemptCount": attempts.failed_code_input_attempt_count,
                "maximumCodeInputAttempts": attempts.maximum_code_input_attempts,
            }))
        };
        Ok(match sms_factor::use_code(&cx, session.get_tenant_id(), proof).await? {
            CheckCodeOutcome::Ok(_) => {
                self.devices.remove(session.get_handle());
                sms_factor::complete(session).await?;
                Response::status_only("OK")
            }
            CheckCodeOutcome::IncorrectUserInputCode(attempts) => {
                wrong("INCORRECT_USER_INPUT_CODE_ERROR", attempts)
            }
            CheckCodeOutcome::ExpiredUserInputCode(attempts) => {
                wrong("EXPIRED_USER_INPUT_CODE_ERROR", attempts)
            }
            _ => {
                self.devices.remove(session.get_handle());
                Response::status_only("RESTART_FLOW_ERROR")
            }
        })
    }

    /// `POST /addRequiredFactor`: makes one of some factors required of the user, `{"factorId": …}`
    /// or `{"factorIds": […]}`. Only a session that has completed every factor may; it is the first
    /// to be held to the new ones.
    pub async fn add_required_factor(&self, session: &Session, body: &[u8]) -> Result<Response> {
        let factor_ids = factor_ids(body)?;
        let mfa = self.auth.multifactorauth()?;
        // What is required now, whatever the session's token says.
        mfa.assert_requirements_complete(session).await?;
        let user_id = session.get_user_id();
        for factor_id in factor_ids {
            mfa.add_to_required_secondary_factors_for_user(
                AddToRequiredSecondaryFactorsForUserInput::new(user_id, factor_id),
            )
            .await?;
        }
        // Works the session's claim out anew.
        mfa.requirements_of(session).await?;
        Ok(Response::status_only("OK"))
    }

    /// `POST /sign-out-everywhere`: ends every session of the user.
    pub async fn sign_out_everywhere(&self, session: &Session) -> Result<Response> {
        self.auth.session()?.revoke_all_sessions_for_user(session.get_user_id()).await?;
        session.revoke_session().await?;
        Ok(Response::status_only("OK"))
    }

    /// Any other path: `/health`, `/providers`, the front end, or 404.
    pub async fn page(&self, path: &str) -> Response {
        match path {
            "/health" => return self.auth.health().await,
            // For the buttons of the front ends.
            "/providers" => return Response::ok(&json!({ "providers": self.providers })),
            "/tenants" => return Response::ok(&json!({ "tenants": self.tenants })),
            _ => {}
        }
        match self.pages.find(path).await {
            Some(page) => page,
            None => Response::message(StatusCode::NOT_FOUND, "not found"),
        }
    }
}

/// A text in a body of JSON.
fn text_field(body: &[u8], name: &str) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// The factors in a body of JSON, of those that are offered.
fn factor_ids(body: &[u8]) -> Result<Vec<FactorId>> {
    let refuse = || Error::bad_input("Please provide the factorId of a factor that is offered");
    let body: Value = serde_json::from_slice(body).map_err(|_| refuse())?;
    let named = body.get("factorIds").and_then(Value::as_array);
    let named = named.map_or_else(|| body.get("factorId").into_iter().collect(), Vec::from_iter);
    let ids: Option<Vec<FactorId>> =
        named.into_iter().map(|id| id.as_str().map(|id| FactorId::from(id.to_owned()))).collect();
    ids.filter(|ids| !ids.is_empty() && ids.iter().all(|id| REQUIRABLE_FACTORS.contains(id)))
        .ok_or_else(refuse)
}

/// A number without its middle, for those who look over the user's shoulder.
fn masked(number: &str) -> String {
    let hidden = number.len().saturating_sub(2);
    let mask = |(at, digit)| if (1..hidden).contains(&at) { '*' } else { digit };
    number.chars().enumerate().map(mask).collect()
}
