//! TLS to PostgreSQL: each `sslmode` against a server that admits encrypted connections only.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a failed test panics

mod common;

use std::{fs, path::PathBuf};

use auth_engine::{Engine, EngineConfig, EngineError};
use common::cheap;
use tempfile::TempDir;
use test_postgres::{Authority, Durability, Identity, MISSING, Server};

/// A server that says it is `localhost`, and the files of authorities.
struct Test {
    server: Server,
    folder: TempDir,
}

impl Test {
    /// A server with a certificate by an authority.
    fn new(sign: impl FnOnce(&Authority) -> Identity) -> Self {
        let (ours, foreign) = (Authority::new("ours"), Authority::new("foreign"));
        let server = Server::start_with_tls(Durability::None, &sign(&ours)).expect(MISSING);
        let test = Self { server, folder: tempfile::tempdir().unwrap() };
        for (name, authority) in [("ours.pem", ours), ("foreign.pem", foreign)] {
            fs::write(test.file(name), &authority.identity().certificate).unwrap();
        }
        test
    }

    /// A server with three users: `postgres` is let in by TLS, `plain` without, and `ada` by a
    /// certificate. Certificates of users, and their keys, are in files of their names.
    fn with_users() -> Self {
        let rules = "hostssl all postgres 127.0.0.1/32 scram-sha-256\n\
            hostnossl all plain 127.0.0.1/32 scram-sha-256\n\
            hostssl all ada 127.0.0.1/32 cert\n";
        let (ours, foreign) = (Authority::new("ours"), Authority::new("foreign"));
        let identity = ours.sign(&["localhost"]);
        let server = Server::start_with_rules(Durability::None, &identity, Some(&ours), rules);
        let test = Self { server: server.expect(MISSING), folder: tempfile::tempdir().unwrap() };
        for user in ["plain", "ada"] {
            let password = "SUPERUSER LOGIN PASSWORD 'a-password-for-tests'";
            test.server.psql("postgres", &format!("CREATE ROLE {user} {password}"));
        }
        for (name, user) in [
            ("ada", ours.sign_user("ada")),
            ("bob", ours.sign_user("bob")),
            ("forged", foreign.sign_user("ada")),
        ] {
            fs::write(test.file(&format!("{name}.pem")), user.certificate).unwrap();
            fs::write(test.file(&format!("{name}_key.pem")), user.key).unwrap();
        }
        test
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The parameters stand in the URL as they are, but for `{ours}` and the like, which become
    /// files. `localhost` isn't looked up: it may have several addresses.
    fn url(&self, host: &str, parameters: &str) -> String {
        // The user may be named before the host.
        let (user, host) = host.split_once('@').unwrap_or(("postgres", host));
        let url = self.server.url("postgres").replace("127.0.0.1", host);
        let url = url.replace("//postgres:", &format!("//{user}:"));
        let (url, _) = url.split_once('?').unwrap();
        let folder = format!("{}/", self.folder.path().display());
        let parameters = parameters.replace('{', &folder).replace('}', ".pem");
        format!("{url}?hostaddr=127.0.0.1&{parameters}")
    }

    async fn open(&self, host: &str, parameters: &str) -> Result<Engine, EngineError> {
        let database = self.url(host, parameters).parse()?;
        Engine::open(cheap(EngineConfig::new(database))).await
    }

    /// The version of TLS that an engine's connections have.
    async fn version(&self, host: &str, parameters: &str) -> String {
        let engine = self.open(host, parameters).await;
        let engine = engine.unwrap_or_else(|error| panic!("{host}, {parameters}: {error}"));
        let versions = "SELECT DISTINCT version FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
             WHERE application_name = 'auth-engine'";
        let version = self.server.psql("postgres", versions);
        engine.shutdown().await;
        version.trim().to_owned()
    }

    /// What is said at start-up: one line, about the setting, without the password.
    async fn refused(&self, host: &str, parameters: &str) -> String {
        let error = self.open(host, parameters).await.unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("`database`: "), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(!format!("{text} {error:?}").contains("a-password-for-tests"), "{text}");
        text
    }
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn each_sslmode_asks_of_the_server_what_it_says_and_no_less() {
    let test = Test::new(|authority| authority.sign(&["localhost"]));
    for (host, parameters) in [
        // Whoever it is.
        ("127.0.0.1", ""),
        ("127.0.0.1", "sslmode=prefer"),
        ("127.0.0.1", "sslmode=prefer&sslrootcert={foreign}"),
        ("127.0.0.1", "sslmode=require"),
        ("127.0.0.1", "sslmode=require&channel_binding=require"),
        // By the right authority, for whatever host.
        ("127.0.0.1", "sslmode=verify-ca&sslrootcert={ours}"),
        ("127.0.0.1", "sslmode=require&sslrootcert={ours}"),
        // For the right host, too.
        ("localhost", "sslmode=verify-full&sslrootcert={ours}"),
        ("localhost", "sslrootcert={ours}"),
    ] {
        assert_eq!(test.version(host, parameters).await, "TLSv1.3", "{host}, {parameters}");
    }
    let plain = "refuses a plain connection";
    let unknown = "`sslrootcert` in its URL to name a PEM file with the authority";
    let wrong_host = "a host in its URL that the certificate names, or `sslmode=verify-ca`";
    for (host, parameters, expected) in [
        ("localhost", "sslmode=disable", plain),
        ("localhost", "sslmode=disable&sslrootcert={ours}", plain),
        ("localhost", "sslmode=verify-ca&sslrootcert={foreign}", unknown),
        ("localhost", "sslmode=require&sslrootcert={foreign}", unknown),
        ("localhost", "sslmode=verify-full&sslrootcert={foreign}", unknown),
        ("localhost", "sslrootcert={foreign}", unknown),
        ("127.0.0.1", "sslmode=verify-full&sslrootcert={ours}", wrong_host),
        ("127.0.0.1", "sslrootcert={ours}", wrong_host),
        ("db.example.com", "sslmode=verify-full&sslrootcert={ours}", wrong_host),
    ] {
        let text = test.refused(host, parameters).await;
        assert!(text.contains(expected), "{host}, {parameters}: {text}");
    }
    // As signatures of the older version are checked by other code.
    let older = "ALTER SYSTEM SET ssl_max_protocol_version = 'TLSv1.2'";
    test.server.psql("postgres", older);
    test.server.psql("postgres", "SELECT pg_reload_conf()");
    let version = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    while test.server.psql("postgres", version).trim() != "TLSv1.2" {}
    for parameters in ["sslmode=require", "sslmode=verify-ca&sslrootcert={ours}"] {
        assert_eq!(test.version("127.0.0.1", parameters).await, "TLSv1.2", "{parameters}");
    }
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn a_file_of_authorities_that_is_missing_or_holds_none_is_named() {
    let test = Test::new(|authority| authority.sign(&["localhost"]));
    fs::write(test.file("empty.pem"), "").unwrap();
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    fs::write(test.file("broken.pem"), broken).unwrap();
    for name in ["missing", "empty", "broken"] {
        let text = test.refused("localhost", &format!("sslrootcert={{{name}}}")).await;
        let file = test.file(&format!("{name}.pem"));
        let expected = format!("the file of its `sslrootcert`, {}, can't be used", file.display());
        assert!(text.contains(&expected), "{text}");
    }
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn an_expired_certificate_is_refused_wherever_certificates_are_checked() {
    let test = Test::new(|authority| authority.sign_expired(&["localhost"]));
    assert_eq!(test.version("localhost", "sslmode=require").await, "TLSv1.3");
    for mode in ["verify-ca", "verify-full"] {
        let text = test.refused("localhost", &format!("sslmode={mode}&sslrootcert={{ours}}")).await;
        assert!(text.contains("expired"), "{mode}: {text}");
        assert!(text.contains("a server with a valid certificate"), "{mode}: {text}");
    }
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn an_authority_that_is_a_server_itself_is_refused_with_a_reason() {
    let test = Test::new(|authority| authority.identity().clone());
    assert_eq!(test.version("localhost", "sslmode=require").await, "TLSv1.3");
    let text = test.refused("localhost", "sslmode=verify-ca&sslrootcert={ours}").await;
    assert!(text.contains("CaUsedAsEndEntity"), "{text}");
    assert!(text.contains("a valid certificate that an authority has signed for it"), "{text}");
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn a_connection_that_is_only_let_in_without_encryption_is_made_where_that_is_no_must() {
    let test = Test::with_users();
    for parameters in ["", "sslmode=prefer", "sslmode=disable"] {
        assert_eq!(test.version("plain@localhost", parameters).await, "", "{parameters}");
        // The other way round it is encrypted, as long as it may be.
        if parameters != "sslmode=disable" {
            assert_eq!(test.version("localhost", parameters).await, "TLSv1.3", "{parameters}");
        }
    }
    let text = test.refused("plain@localhost", "sslmode=require").await;
    assert!(text.contains("refuses the user `plain`"), "{text}");
    // No rule lets this one in, and the refusal of the encrypted connection is told.
    let text = test.refused("nobody@localhost", "").await;
    assert!(
        text.contains("refuses the user `nobody`") && text.contains("SSL encryption"),
        "{text}"
    );
}

#[tokio::test]
#[ignore = "needs a server: cargo xtask test"]
async fn a_user_who_is_known_by_a_certificate_shows_it() {
    let test = Test::with_users();
    let shown = "sslcert={ada}&sslkey={ada_key}";
    for mode in ["prefer", "require"] {
        let parameters = format!("sslmode={mode}&{shown}");
        assert_eq!(test.version("ada@localhost", &parameters).await, "TLSv1.3", "{mode}");
    }
    // One that isn't asked for does no harm.
    assert_eq!(test.version("localhost", &format!("sslmode=require&{shown}")).await, "TLSv1.3");
    for (parameters, expected) in [
        ("", "or `sslcert` and `sslkey` where the server wants a certificate of the user"),
        ("sslcert={bob}&sslkey={bob_key}", "refuses the user `ada`"),
        ("sslcert={forged}&sslkey={forged_key}", "`sslcert` that the server trusts"),
        ("sslcert={ada}&sslkey={bob_key}", "it and the certificate don't fit"),
        (
            "sslcert={ada_key}&sslkey={ada_key}",
            "ada_key.pem, can't be used: it holds no certificate",
        ),
        ("sslcert={ada}&sslkey={ada}", "the file of its `sslkey`"),
        ("sslcert={missing}&sslkey={ada_key}", "the file of its `sslcert`"),
        ("sslcert={ada}&sslkey={missing}", "the file of its `sslkey`"),
    ] {
        let text = test.refused("ada@localhost", &format!("sslmode=require&{parameters}")).await;
        assert!(text.contains(expected), "{parameters}: {text}");
    }
}
