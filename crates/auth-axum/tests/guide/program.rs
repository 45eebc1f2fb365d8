use std::sync::LazyLock;
use auth_axum::{AuthLayer, Session};
use auth_core::{
    AppInfo, Auth, BuildError, Context, Error, Result,
    core::EngineConfig,
    protocol::{JsonObject, parse_phone_number},
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::{
            EmailPasswordApis, EmailPasswordApisOverride, EmailPasswordRecipe, FormField,
            SignUpPostInput, SignUpPostOutcome,
        },
        emailverification::{EmailVerificationMode, EmailVerificationRecipe},
        passwordless::{
            CheckCodeInput, CheckCodeOutcome, ConsumeCodePostInput, ConsumeCodePostOutcome, Contact,
            ContactMethod, CreateCodePostInput, CreateCodePostOutcome, FlowType, PasswordlessApis,
            PasswordlessApisOverride, PasswordlessRecipe, RevokeCodeInput, RevokedCode,
        },
        session::{
            self, ClaimValidators, CreateNewSessionInput, GetGlobalClaimValidatorsInput,
            SessionFunctions, SessionOptions, SessionOverride, SessionRecipe,
            claims::{BooleanClaim, SessionClaim},
        },
        thirdparty::{ClientConfig, ProviderConfig, ThirdPartyRecipe},
    },
};
use axum::{Router, routing::get};

static SECOND_FACTOR: LazyLock<BooleanClaim> =
    LazyLock::new(|| BooleanClaim::new("2fa-completed", |_, _| async { Ok(Some(false)) }));

struct Guide;

impl SessionOverride for Guide {
    // A new session starts with the claim set to false ...
    async fn create_new_session(
        &self, original: &SessionFunctions, cx: &Context, mut input: CreateNewSessionInput,
    ) -> Result<session::Session> {
        let subject = input.claim_subject();
        SECOND_FACTOR.build(cx, &subject, &mut input.access_token_payload).await?;
        original.create_new_session(cx, input).await
    }
    // ... and every route wants it true.
    async fn get_global_claim_validators(
        &self, original: &SessionFunctions, cx: &Context, input: GetGlobalClaimValidatorsInput,
    ) -> Result<ClaimValidators> {
        let mut validators = original.get_global_claim_validators(cx, input).await?;
        validators.push(SECOND_FACTOR.validators().is_true(None));
        Ok(validators)
    }
}

impl EmailPasswordApisOverride for Guide {
    // The phone number goes into the user's metadata.
    async fn sign_up_post(
        &self, original: &EmailPasswordApis, cx: &Context, input: SignUpPostInput,
    ) -> Result<SignUpPostOutcome> {
        let number = input.form_fields.get("phoneNumber").and_then(|value| value.as_str());
        let number = number.and_then(parse_phone_number);
        let outcome = original.sign_up_post(cx, input).await?;
        if let SignUpPostOutcome::Ok { user, .. } = &outcome {
            cx.usermetadata()?.set_value(&user.id, "phoneNumber", number).await?;
        }
        Ok(outcome)
    }
}

async fn any_session(cx: &Context) -> Result<session::Session> {
    cx.require_session(&SessionOptions::new().without_claim_validators()).await
}

impl PasswordlessApisOverride for Guide {
    // A code goes to the number on record of the session's user, whatever the request says; only
    // who has none puts one there. The session remembers which device asked for the code.
    async fn create_code_post(
        &self, original: &PasswordlessApis, cx: &Context, mut input: CreateCodePostInput,
    ) -> Result<CreateCodePostOutcome> {
        let session = any_session(cx).await?;
        let (users, user_id) = (cx.usermetadata()?, session.get_user_id());
        let known: Option<String> = users.get_value(user_id, "phoneNumber").await?;
        let number = match (known, input.contact) {
            (Some(known), _) => known,
            (None, Contact::PhoneNumber(first)) => {
                users.set_value(user_id, "phoneNumber", &*first).await?;
                first
            }
            _ => return Err(Error::general("There is no number to send a code to")),
        };
        input.contact = Contact::PhoneNumber(number);
        input.session = None; // the code is for this number, not for a user to be
        input.should_try_linking_with_session_user = None;
        let outcome = original.create_code_post(cx, input).await?;
        if let CreateCodePostOutcome::Ok { pre_auth_session_id, .. } = &outcome {
            let device = ("device".to_owned(), pre_auth_session_id.as_str().into());
            session.update_session_data_in_database(JsonObject::from_iter([device])).await?;
        }
        Ok(outcome)
    }
    // It completes the second factor of the session that asked for it. Nobody signs up by it.
    async fn consume_code_post(
        &self, _: &PasswordlessApis, cx: &Context, input: ConsumeCodePostInput,
    ) -> Result<ConsumeCodePostOutcome> {
        use {CheckCodeOutcome as Code, ConsumeCodePostOutcome as Outcome};
        let session = any_session(cx).await?;
        let data = session.get_session_data_from_database().await?;
        let device = input.proof.pre_auth_session_id.clone();
        if data.get("device").and_then(|it| it.as_str()) != Some(&*device) {
            return Ok(Outcome::RestartFlow);
        }
        let passwordless = cx.passwordless()?;
        let check = CheckCodeInput::new(input.proof).tenant_id(&input.tenant_id);
        match passwordless.check_code(check).await? {
            Code::Ok(_) => {}
            Code::IncorrectUserInputCode(it) => return Ok(Outcome::IncorrectUserInputCode(it)),
            Code::ExpiredUserInputCode(it) => return Ok(Outcome::ExpiredUserInputCode(it)),
            _ => return Ok(Outcome::RestartFlow),
        }
        let used = RevokeCodeInput::new(RevokedCode::PreAuthSessionId(device));
        passwordless.revoke_code(used.tenant_id(&input.tenant_id)).await?;
        session.set_claim_value(&*SECOND_FACTOR, true).await?;
        let user = cx.get_user(session.get_user_id()).await?;
        let user = user.ok_or_else(|| Error::general("This account was deleted"))?;
        Ok(Outcome::Ok { created_new_recipe_user: false, user, session })
    }
}

// 403 with `{"message":"invalid claim",...}` until then.
async fn vault(session: Session) -> String {
    format!("the secrets of {}", session.get_user_id())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt::init(); // shows the codes
    let listener = tokio::net::TcpListener::bind("localhost:3001").await?;
    auth_axum::serve(listener, app().await?, auth_axum::stop_signal()).await;
    Ok(())
}

async fn app() -> Result<Router, BuildError> {
    let phone_number = FormField::new("phoneNumber").optional().validate(|value| {
        let number = value.as_str().and_then(parse_phone_number);
        number.is_none().then(|| "Please write it with its country's code".to_owned())
    });
    // Of your application at Google; other providers are other names (`github`, `apple`, …).
    let google = ProviderConfig::new("google")
        .client(ClientConfig::new("1234.apps.googleusercontent.com").client_secret("kJ3w9s"));
    let app_info = AppInfo::new("My app", "http://localhost:3001", "http://localhost:3001");
    let auth = Auth::builder(app_info)
        .core(EngineConfig::sqlite_file("auth.db"))
        .recipe(ThirdPartyRecipe::new().provider(google))
        .recipe(EmailPasswordRecipe::new().form_field(phone_number).override_apis(Guide))
        .recipe(EmailVerificationRecipe::new(EmailVerificationMode::Optional))
        .recipe(AccountLinkingRecipe::new().should_do_automatic_account_linking(|_, _| async {
            Ok(AutomaticLinking::Yes { should_require_verification: true })
        }))
        .recipe(
            // Codes, and links that verify, go to the log unless `.sms_delivery(...)` sends them, such as by Twilio.
            PasswordlessRecipe::new(ContactMethod::Phone, FlowType::UserInputCode)
                .override_apis(Guide),
        )
        .recipe(SessionRecipe::new().override_functions(Guide))
        .build()
        .await?;
    Ok(Router::new().route("/vault", get(vault)).layer(AuthLayer::new(auth)))
}
