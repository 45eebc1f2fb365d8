//! What goes wrong between this program and a provider.

use std::{fmt, time::Duration};

use http::StatusCode;

/// A mistake in the configuration of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    field: String,
    problem: String,
    expected: String,
}

impl ConfigError {
    /// Names the field (such as `google.clients[0].clientId`), what is wrong, and what would be
    /// right.
    pub fn new(
        field: impl Into<String>,
        problem: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { field: field.into(), problem: problem.into(), expected: expected.into() }
    }

    /// The field that is wrong, with the provider's id before it.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// What would be right.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    pub(crate) fn of(mut self, provider: &str) -> Self {
        self.field = format!("{provider}.{}", self.field);
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}; expected {}", self.field, self.problem, self.expected)
    }
}

impl std::error::Error for ConfigError {}

/// Why a sign-in by a provider failed. Neither its text nor its `Debug` output holds a secret, a
/// code, a token, or what a provider answered beyond a status, an error code or a claim's name.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{provider}, {step}: {problem}")]
pub struct ProviderError {
    provider: String,
    step: Step,
    problem: Problem,
}

impl ProviderError {
    pub(crate) fn new(provider: &str, step: Step, problem: impl Into<Problem>) -> Self {
        Self { provider: provider.to_owned(), step, problem: problem.into() }
    }

    /// The provider's id.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// What was being done.
    pub fn step(&self) -> Step {
        self.step
    }

    /// What went wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Who can do something about it.
    pub fn fault(&self) -> Fault {
        match (&self.problem, self.step) {
            // What the browser or a client brought was sent there, and the provider took it ill. Some
            // say so by a status alone.
            (
                Problem::Status { status, .. },
                Step::TokenExchange | Step::TokenCheck | Step::UserInfo,
            ) if status.is_client_error() && *status != StatusCode::TOO_MANY_REQUESTS => {
                Fault::Refusal
            }
            // These are about the client's own id and secret, which nobody else sends.
            (Problem::Refused { code }, Step::TokenExchange)
                if OUR_OWN_FAULTS.contains(&code.as_str()) =>
            {
                Fault::Configuration
            }
            (problem, _) => problem.fault(),
        }
    }
}

/// Error codes of a token endpoint that doesn't know the client (RFC 6749 section 5.2; the last is
/// GitHub's).
const OUR_OWN_FAULTS: [&str; 3] =
    ["invalid_client", "unauthorized_client", "incorrect_client_credentials"];

/// A step of signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// The provider and one of its clients are chosen.
    Configuration,
    /// The provider's discovery document is read.
    Discovery,
    /// The browser is sent to the provider, or has come back.
    Authorization,
    /// A code is exchanged for tokens.
    TokenExchange,
    /// The provider's keys are read.
    Keys,
    /// The id token is checked.
    IdToken,
    /// The provider is asked whose an access token is.
    TokenCheck,
    /// The provider is asked who the user is.
    UserInfo,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configuration => "configuration",
            Self::Discovery => "discovery",
            Self::Authorization => "authorization",
            Self::TokenExchange => "token exchange",
            Self::Keys => "keys",
            Self::IdToken => "id token",
            Self::TokenCheck => "check of the access token",
            Self::UserInfo => "user info",
        })
    }
}

/// Who can do something about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The provider is down, slow, or talks nonsense: try again later.
    Provider,
    /// The provider, or the user at its page, said no.
    Refusal,
    /// A token or an answer isn't what it pretends to be, or is meant for somebody else.
    Forgery,
    /// Whoever configured the provider here.
    Configuration,
    /// Whoever sent the request to this program.
    Request,
}

/// What went wrong.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// No connection could be made, or it broke.
    #[error("{host} can't be reached: {reason}")]
    Unreachable {
        /// The host.
        host: String,
        /// The system's or TLS's words.
        reason: String,
    },
    /// The answer took too long.
    #[error("{host} gave no answer within {} s", limit.as_secs_f32())]
    TimedOut {
        /// The host.
        host: String,
        /// How long it could have taken.
        limit: Duration,
    },
    /// An answer with a status that isn't success.
    #[error("{host} answered with {status}")]
    Status {
        /// The host.
        host: String,
        /// The status.
        status: StatusCode,
    },
    /// The answer is longer than it may be; the rest wasn't read.
    #[error("{host} answered with more than {limit} bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// The answer points elsewhere, which isn't followed.
    #[error("{host} redirects elsewhere, which isn't followed")]
    Redirected {
        /// The host.
        host: String,
    },
    /// The answer isn't what it should be.
    #[error("{what}")]
    Unreadable {
        /// What is missing or wrong.
        what: String,
    },
    /// The provider answered with an error code of OAuth's, or one of its own.
    #[error("refused with `{code}`")]
    Refused {
        /// The code, such as `access_denied`.
        code: String,
    },
    /// The id token isn't to be trusted.
    #[error("{0}")]
    IdToken(#[from] IdTokenProblem),
    /// The answer, or its discovery document, is by another issuer (RFC 9207).
    #[error("the issuer is `{found}` and not `{expected}`")]
    IssuerMismatch {
        /// The configured one.
        expected: String,
        /// The one that was found.
        found: String,
    },
    /// The state isn't that of the browser that has come back.
    #[error("the state is another browser's")]
    AnotherBrowser,
    /// The access token was given to another client.
    #[error("the access token belongs to another client")]
    TokenOfAnotherClient,
    /// The application's own check of access tokens said no.
    #[error("the access token isn't what it should be: {0}")]
    AccessToken(&'static str),
    /// Whoever wants can have such tokens, as the secret of development clients is known to all.
    #[error("tokens that a client brings aren't taken with a development client")]
    DevelopmentClient,
    /// There is no way to tell whose the access token is.
    #[error(
        "an access token that a client brings can't be checked with this provider, and \
         `acceptUncheckedAccessTokens` isn't set"
    )]
    TokenUncheckable,
    /// User info and id token are about two users (OpenID Connect Core section 5.3.2).
    #[error("user info is about another user than the id token")]
    TwoUsers,
    /// Nothing says who the user is.
    #[error("third party user id is missing")]
    NoUserId,
    /// The address is private, or resolves to one, and isn't allowed by name.
    #[error("{host} is in a private network or not https, and isn't allowed by name")]
    BlockedAddress {
        /// The host.
        host: String,
    },
    /// The configuration is wrong.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// There is no such provider.
    #[error("the provider {0} could not be found in the configuration")]
    UnknownProvider(String),
    /// The client can't be chosen.
    #[error("{0}")]
    UnknownClient(String),
    /// The request lacks a value.
    #[error("`{0}` is missing")]
    Missing(&'static str),
}

impl Problem {
    /// Who can do something about it.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Unreachable { .. }
            | Self::TimedOut { .. }
            | Self::Status { .. }
            | Self::TooLarge { .. }
            | Self::Redirected { .. }
            | Self::Unreadable { .. }
            | Self::NoUserId => Fault::Provider,
            Self::Refused { .. } => Fault::Refusal,
            Self::IdToken(_)
            | Self::IssuerMismatch { .. }
            | Self::AnotherBrowser
            | Self::TokenOfAnotherClient
            | Self::AccessToken(_)
            | Self::TwoUsers => Fault::Forgery,
            Self::BlockedAddress { .. } | Self::Config(_) => Fault::Configuration,
            Self::TokenUncheckable
            | Self::DevelopmentClient
            | Self::UnknownProvider(_)
            | Self::UnknownClient(_)
            | Self::Missing(_) => Fault::Request,
        }
    }

    pub(crate) fn unreadable(what: impl Into<String>) -> Self {
        Self::Unreadable { what: what.into() }
    }
}

/// Why an id token isn't to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdTokenProblem {
    /// It isn't a signed token in compact form.
    #[error("the id token can't be read")]
    Malformed,
    /// Its header demands what isn't understood, or says that it is another kind of token.
    #[error("the id token's header isn't that of an id token")]
    Header,
    /// Its algorithm isn't one that its key is for; `none` never is.
    #[error("the id token is signed by an algorithm that its key isn't for")]
    Algorithm,
    /// No key of the provider has its key's id.
    #[error("the id token is signed by a key that the provider doesn't publish")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the id token's signature is wrong")]
    Signature,
    /// It is by another issuer.
    #[error("the id token is by another issuer")]
    Issuer,
    /// It is for another client.
    #[error("the id token is for another client")]
    Audience,
    /// It was asked for by another client.
    #[error("the id token was given to another party")]
    AuthorizedParty,
    /// Its time is over.
    #[error("the id token is expired")]
    Expired,
    /// Its time hasn't come.
    #[error("the id token isn't valid yet")]
    NotYetValid,
    /// It belongs to another authorization.
    #[error("the id token has another nonce")]
    Nonce,
    /// It belongs to another access token.
    #[error("the id token belongs to another access token")]
    AccessToken,
    /// A claim is missing or isn't what it should be.
    #[error("the id token's `{0}` isn't what it should be")]
    Claim(&'static str),
}
