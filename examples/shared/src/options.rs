//! The flags.

use std::{fmt, net::SocketAddr, path::PathBuf};

use auth_core::{
    core::{CoreError, Database},
    recipes::{
        passwordless::FlowType,
        session::{AllowedTransferMethod, SameSite},
    },
};
use clap::{Parser, ValueEnum};

use crate::{ProviderFlag, TenantFlag};

/// A two-factor sign-in application: open the address that it prints.
#[derive(Clone, Debug, Parser)]
#[command(version)]
pub struct Options {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:3001")]
    pub addr: SocketAddr,
    /// Where users and sessions are kept: a SQLite file, or a URL such as `sqlite::memory:` or
    /// `postgres://user:password@host/name`.
    #[arg(long, value_name = "FILE|URL", default_value = "example.db")]
    pub database: DatabaseFlag,
    /// Append every mail and message to this file, one JSON line each.
    #[arg(long, value_name = "FILE")]
    pub outbox: Option<PathBuf>,
    /// Where browsers reach this server [default: localhost and the port of `--addr`].
    #[arg(long, value_name = "URL")]
    pub api_domain: Option<String>,
    /// Where browsers reach the front end [default: the API's domain].
    #[arg(long, value_name = "URL")]
    pub website_domain: Option<String>,
    /// The cookies' `SameSite` [default: by the two domains].
    #[arg(long, value_name = "strict|lax|none")]
    pub cookie_same_site: Option<SameSite>,
    /// How sessions travel.
    #[arg(long, value_enum, default_value = "any")]
    pub token_transfer: TokenTransfer,
    /// What the Passwordless recipe sends.
    #[arg(long, value_enum, default_value = "both")]
    pub passwordless: PasswordlessFlow,
    /// How long a code or a link is good, in milliseconds [default: 10 minutes].
    #[arg(long = "code-lifetime", value_name = "MS")]
    pub code_lifetime_ms: Option<u64>,
    /// Who vouches for users beside their passwords: a provider that runs beside the example and
    /// believes everybody, the issuer of an OpenID provider (with `OIDC_CLIENT_ID` and
    /// `OIDC_CLIENT_SECRET` in the environment), or nobody. Google and GitHub are added where
    /// `GOOGLE_CLIENT_ID` or `GITHUB_CLIENT_ID` and their secrets are in the environment.
    #[arg(long, value_name = "local|ISSUER|none", default_value = "local")]
    pub provider: ProviderFlag,
    /// Make a tenant and say what its users sign in by, such as `acme=emailpassword,thirdparty`; may be
    /// given several times. The web app offers them at `/t`, and has each at an address of its own,
    /// such as `/t/acme`.
    #[arg(long = "tenant", value_name = "NAME=FACTOR,…")]
    pub tenants: Vec<TenantFlag>,
    /// Ask for a proof of work at each sign-up, which the pages do by themselves.
    #[arg(long)]
    pub captcha: bool,
    /// Bind sessions in cookies to the browser's device, where it offers that and the API's domain is
    /// https; and for how many seconds a proof of the device counts.
    #[arg(long, value_name = "SECONDS")]
    pub device_bound: Option<u64>,
    /// Serve the plain page even where the built web app is there.
    #[arg(long)]
    pub plain: bool,
}

/// A path or a URL. It may hold a password, so that it isn't shown.
#[derive(Clone)]
pub struct DatabaseFlag(String);

impl From<&str> for DatabaseFlag {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for DatabaseFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseFlag(..)")
    }
}

impl DatabaseFlag {
    /// The database that it means; what has no scheme is a path.
    ///
    /// # Errors
    /// Where it is a URL of no database that is known; the text names the flag's value no further
    /// than its scheme.
    pub fn database(&self) -> Result<Database, CoreError> {
        let is_url =
            ["sqlite:", "postgres:", "postgresql:"].iter().any(|it| self.0.starts_with(it))
                || self.0.contains("://");
        match is_url {
            true => Ok(self.0.parse()?),
            false => Ok(Database::SqliteFile(self.0.clone().into())),
        }
    }
}

/// How sessions may travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TokenTransfer {
    /// As the front end wishes.
    Any,
    /// In cookies only.
    Cookie,
    /// In headers only.
    Header,
}

impl From<TokenTransfer> for AllowedTransferMethod {
    fn from(transfer: TokenTransfer) -> Self {
        match transfer {
            TokenTransfer::Any => Self::Any,
            TokenTransfer::Cookie => Self::Cookie,
            TokenTransfer::Header => Self::Header,
        }
    }
}

/// What users are sent to sign in without a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PasswordlessFlow {
    /// A code to type in.
    Code,
    /// A link to follow.
    Link,
    /// Both, in one mail or message.
    Both,
}

impl From<PasswordlessFlow> for FlowType {
    fn from(flow: PasswordlessFlow) -> Self {
        match flow {
            PasswordlessFlow::Code => Self::UserInputCode,
            PasswordlessFlow::Link => Self::MagicLink,
            PasswordlessFlow::Both => Self::UserInputCodeAndMagicLink,
        }
    }
}

impl Options {
    /// Where browsers reach this server.
    pub fn api_domain(&self) -> String {
        self.api_domain.clone().unwrap_or_else(|| format!("http://localhost:{}", self.addr.port()))
    }

    /// Where browsers reach the front end.
    pub fn website_domain(&self) -> String {
        self.website_domain.clone().unwrap_or_else(|| self.api_domain())
    }
}
