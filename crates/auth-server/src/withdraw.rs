//! `auth-server keys`: the keys that sign tokens, listed and withdrawn on the database itself.

use auth_engine::{Database, Engine};
use auth_protocol::{
    TenantScope,
    jwt::{
        ListSigningKeys, ListSigningKeysResponse, RetireSigningKey, RetireSigningKeyResponse,
        RevokeSigningKey, RevokeSigningKeyResponse, SigningKeyInfo, SigningKeyState,
    },
};
use auth_server::Settings;
use clap::Subcommand;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::Outcome;

/// What is done with the keys.
#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    /// Lists the keys: id, algorithm, when each was made, and what it is good for
    List,
    /// Lets a key sign nothing any more; what it has signed is still accepted
    Retire {
        /// The key's id, as `keys list` shows it
        kid: String,
    },
    /// Withdraws a key for good: what it has signed is refused, and there is no way back
    Revoke {
        /// The key's id, as `keys list` shows it
        kid: String,
    },
}

/// Does it. Servers and applications on the same database follow by themselves.
pub(crate) async fn run(command: KeysCommand, settings: Settings) -> Outcome<()> {
    must_be_there(&settings.database)?;
    let engine = Engine::open(settings.engine).await?;
    let outcome = on(&engine, command).await;
    engine.shutdown().await;
    for line in outcome? {
        println!("{line}");
    }
    Ok(())
}

/// A name that was mistyped must not make a database of its own.
pub(crate) fn must_be_there(database: &Database) -> Outcome<()> {
    match database {
        Database::InMemory => Err("`database`: a database in memory has nothing but what the \
             process made that it lives in; ask that one (`POST /recipe/jwt/keys/revoke`)"
            .into()),
        Database::SqliteFile(path) if !path.is_file() => {
            Err(format!("`database`: there is no file {}", path.display()).into())
        }
        _ => Ok(()),
    }
}

/// The lines that tell what was done.
async fn on(engine: &Engine, command: KeysCommand) -> Outcome<Vec<String>> {
    let scope = TenantScope::default();
    let (kid, is_known, done) = match command {
        KeysCommand::List => {
            let ListSigningKeysResponse::Ok { keys } =
                engine.handle(&scope, ListSigningKeys {}).await?;
            return Ok(keys.iter().map(line).collect());
        }
        KeysCommand::Retire { kid } => {
            let answer = engine.handle(&scope, RetireSigningKey { kid: kid.clone() }).await?;
            (kid, answer == RetireSigningKeyResponse::Ok, "signs nothing any more")
        }
        KeysCommand::Revoke { kid } => {
            let answer = engine.handle(&scope, RevokeSigningKey { kid: kid.clone() }).await?;
            (kid, answer == RevokeSigningKeyResponse::Ok, "neither signs nor verifies any more")
        }
    };
    match is_known {
        true => Ok(vec![format!("{kid} {done}; running servers follow within seconds")]),
        false => Err(format!("there is no key `{kid}`; `auth-server keys list` shows them").into()),
    }
}

/// Columns with blanks between them, which a script can split.
fn line(key: &SigningKeyInfo) -> String {
    let made = OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(key.created_at);
    let made = made.format(&Rfc3339).unwrap_or_else(|_| key.created_at.to_string());
    let state = match key.state {
        SigningKeyState::Active => "active",
        SigningKeyState::Retired => "retired",
        SigningKeyState::Revoked => "revoked",
    };
    format!("{:<40} {:<6} {made:<24} {state}", key.kid, key.algorithm)
}
