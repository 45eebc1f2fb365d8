//! What is checked when a database is opened, and what is said where it can't be used: one line
//! that names the setting, and never the password.

use deadpool_postgres::Client;
use tokio_postgres::{Error, SimpleQueryMessage, error::SqlState};

use super::{
    connection::Mode,
    error::{describe, translate},
    tls,
};
use crate::{
    ConfigError, EngineError, PostgresUrl,
    postgres_url::{Schema, TlsMode},
};

/// The oldest server that is supported, as its `server_version_num`: 13.
const OLDEST_SERVER: u32 = 130_000;

/// Checks that the server and the database can hold what they must.
pub(super) async fn check(client: &Client, url: &PostgresUrl) -> Result<(), EngineError> {
    let number = show(client, "SHOW server_version_num").await?;
    if number.parse::<u32>().unwrap_or(0) < OLDEST_SERVER {
        let version = show(client, "SHOW server_version").await?;
        let problem = format!("the server at {} has the version {version}", url.servers());
        return Err(wrong(problem, "PostgreSQL 13 or later").into());
    }
    let encoding = show(client, "SHOW server_encoding").await?;
    if encoding != "UTF8" {
        let problem = format!("the database `{}` has the encoding {encoding}", url.name());
        return Err(wrong(problem, "one created with ENCODING 'UTF8'").into());
    }
    Ok(())
}

async fn show(client: &Client, sql: &str) -> Result<String, EngineError> {
    let answer = client.simple_query(sql).await.map_err(|error| translate(&error, Mode::Read))?;
    let value = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    Ok(value.unwrap_or_default().to_owned())
}

/// Why the first connection, or the schema's update, failed.
pub(super) fn explain(error: &Error, url: &PostgresUrl) -> EngineError {
    let (servers, user, name) = (url.servers(), url.user(), url.name());
    let Some(failure) = error.as_db_error() else {
        let what = describe(error);
        let expected = "a server that can be reached under the host and port in its URL";
        return if let Some(refused) = tls::explain(error, url) {
            refused.into()
        } else if what.contains("password") || what.contains("authentication") {
            let problem = format!("the server at {servers} wants a proof of `{user}` ({what})");
            wrong(problem, "a password in its URL, or in PGPASSWORD").into()
        } else {
            wrong(format!("no connection to {servers} ({what})"), expected).into()
        };
    };
    let message = failure.message();
    match failure.code() {
        // The server's texts are in its own language, but for the name of the file.
        code if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
            && url.tls == TlsMode::Disable
            && message.contains("pg_hba.conf") =>
        {
            let problem = format!("the server at {servers} refuses a plain connection ({message})");
            wrong(problem, "`sslmode=verify-full` or another encrypted one in its URL").into()
        }
        code if *code == SqlState::INVALID_PASSWORD
            || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION =>
        {
            let problem = format!("the server at {servers} refuses the user `{user}` ({message})");
            let expected = match *code == SqlState::INVALID_PASSWORD {
                true => "the right user and password in its URL",
                false => {
                    "the right user and password in its URL, or `sslcert` and `sslkey` where the \
                     server wants a certificate of the user"
                }
            };
            wrong(problem, expected).into()
        }
        code if *code == SqlState::INVALID_CATALOG_NAME => {
            let problem = format!("the server at {servers} has no database `{name}`");
            wrong(problem, format!("the name of one that is there, or `CREATE DATABASE {name}`"))
                .into()
        }
        code if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
            let problem = format!("the user `{user}` lacks a right ({message})");
            let schema = url.schema.as_ref().map_or("public", Schema::as_str);
            let expected = format!(
                "one that may use the tables, and create them; try `GRANT CONNECT, CREATE ON \
                 DATABASE {name} TO {user}` and `GRANT ALL ON SCHEMA {schema} TO {user}`"
            );
            wrong(problem, expected).into()
        }
        code if *code == SqlState::INVALID_SCHEMA_NAME => {
            let problem = format!("no schema has been selected to create tables in ({message})");
            wrong(problem, "a `search_path` whose first schema exists").into()
        }
        _ => translate(error, Mode::Write),
    }
}

/// Why a standby is no use.
pub(super) fn explain_standby(url: &PostgresUrl) -> EngineError {
    let problem = format!("the server at {} is a standby, which takes no writes", url.servers());
    let expected = "the primary, or every host of which one is: `postgres://user@one,two/name`";
    wrong(problem, expected).into()
}

/// Whether the server will likely let us in a little later.
pub(super) fn is_passing(error: &Error) -> bool {
    error.code().is_some_and(|code| {
        *code == SqlState::CANNOT_CONNECT_NOW || *code == SqlState::TOO_MANY_CONNECTIONS
    })
}

fn wrong(problem: String, expected: impl Into<String>) -> ConfigError {
    ConfigError::new("database", problem, expected)
}
