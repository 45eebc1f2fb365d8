//! `POST /recipe/webauthn/options/register`

use auth_protocol::{
    RecipeId, TenantScope,
    webauthn::{
        AuthenticatorSelection, CreatePasskeyRegistrationOptions,
        CreatePasskeyRegistrationOptionsResponse as Response, CredentialParameters,
        RegistrationOptions, RelyingParty, UserEntity,
    },
};
use auth_webauthn::Algorithm;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{
    asked::{ATTESTATIONS, PREFERENCES, Reason, one_of, related_origins, site, timeout},
    options::{Options, challenge},
};
use crate::{
    Engine, EngineError, Handle,
    normalise::email_to_store,
    storage::in_tx,
    tenancy::require_tenant,
    user::identity::{self, Account, Identity, IdentityKind},
};

/// The reference's, the best first.
const DEFAULT_ALGORITHMS: [i64; 3] = [-8, -7, -257];

/// A name that an authenticator may cut off anyway.
const LONGEST_NAME: usize = 256;

impl Handle<CreatePasskeyRegistrationOptions> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreatePasskeyRegistrationOptions,
    ) -> Result<Response, EngineError> {
        let email = email_to_store(&operation.email)?;
        let asked = match Asked::read(&operation) {
            Ok(asked) => asked,
            Err(reason) => return Ok(Response::InvalidOptionsError { reason }),
        };
        let created_at = self.clock().now_ms();
        let options = Options {
            id: self.random().uuid()?.to_string(),
            challenge: challenge(self.random())?,
            user: None,
            rp_id: operation.relying_party_id,
            rp_name: operation.relying_party_name,
            origin: operation.origin,
            related_origins: asked.related_origins,
            algorithms: asked.algorithms,
            user_presence: operation.user_presence.unwrap_or(false),
            user_verification: asked.user_verification,
            created_at,
            expires_at: created_at.saturating_add(asked.timeout),
            used_by: None,
        };
        let body = in_tx!(scope, email, options, |tx| {
            require_tenant(tx, &scope).await?;
            let identity = Identity {
                recipe: RecipeId::Webauthn,
                kind: IdentityKind::Email,
                value: &email,
                account: Account::default(),
            };
            // A handle stays a user's, and tells nothing of one who isn't there yet.
            let known = identity::find(tx, &scope, &identity).await?;
            let handle = known.as_ref().map_or(options.id.as_str(), |id| id.as_str());
            let handle = BASE64_URL_SAFE_NO_PAD.encode(handle);
            let options = Options { user: Some((email, handle)), ..options };
            options.insert(tx, &scope).await?;
            Ok(options)
        });
        let options = self.store().write(body).await?;
        let timeout = options.timeout();
        let (email, handle) = options.user.unwrap_or_default();
        Ok(Response::Ok(RegistrationOptions {
            webauthn_generated_options_id: options.id,
            rp: RelyingParty { id: options.rp_id, name: options.rp_name },
            user: UserEntity {
                id: handle,
                name: email.clone(),
                display_name: operation.display_name.unwrap_or_else(|| email.clone()),
            },
            email,
            timeout,
            challenge: options.challenge,
            attestation: asked.attestation,
            created_at,
            expires_at: options.expires_at,
            pub_key_cred_params: options.algorithms.into_iter().map(parameters).collect(),
            exclude_credentials: Vec::new(),
            authenticator_selection: AuthenticatorSelection {
                require_resident_key: asked.resident_key == "required",
                resident_key: asked.resident_key,
                user_verification: options.user_verification,
            },
        }))
    }
}

fn parameters(algorithm: Algorithm) -> CredentialParameters {
    CredentialParameters { alg: algorithm.id(), r#type: "public-key".to_owned() }
}

/// What is asked for, looked at.
struct Asked {
    timeout: i64,
    attestation: String,
    resident_key: String,
    user_verification: String,
    /// Those that can be verified: with another one a passkey could be made, but never used.
    algorithms: Vec<Algorithm>,
    related_origins: Vec<String>,
}

impl Asked {
    fn read(operation: &CreatePasskeyRegistrationOptions) -> Result<Self, Reason> {
        let CreatePasskeyRegistrationOptions { relying_party_id, relying_party_name, .. } =
            operation;
        let related_origins = related_origins(operation.related_origins.as_deref())?;
        site(relying_party_id, relying_party_name, &operation.origin, &related_origins)?;
        let name = operation.display_name.as_deref().unwrap_or_default();
        if name.chars().count() > LONGEST_NAME {
            return Err("displayName must have no more than 256 characters".to_owned());
        }
        let word = |field, asked: &Option<String>, default: &'static str, words: &[&str]| {
            one_of(field, asked.as_deref(), default, words).map(str::to_owned)
        };
        let verification = &operation.user_verification;
        let mut algorithms = Vec::new();
        let ids = operation.supported_algorithm_ids.as_deref().unwrap_or(&DEFAULT_ALGORITHMS);
        for algorithm in ids.iter().copied().filter_map(Algorithm::from_id) {
            if !algorithms.contains(&algorithm) {
                algorithms.push(algorithm);
            }
        }
        if algorithms.is_empty() {
            return Err("supportedAlgorithmIDs has none of -8, -7, -35 and -257".to_owned());
        }
        Ok(Self {
            timeout: timeout(operation.timeout)?,
            attestation: word("attestation", &operation.attestation, "none", &ATTESTATIONS)?,
            resident_key: word("residentKey", &operation.resident_key, "required", &PREFERENCES)?,
            user_verification: word("userVerification", verification, "preferred", &PREFERENCES)?,
            algorithms,
            related_origins,
        })
    }
}
