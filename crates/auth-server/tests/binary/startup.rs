//! Where settings come from.

use tempfile::TempDir;
use test_postgres::TestDatabase;
use url::Url;

use crate::program::{KEY, Program, command, refusal, refused_file};

#[test]
fn it_starts_without_any_setting_and_keeps_its_data_in_a_file() {
    let folder = TempDir::new().unwrap();
    let program = Program::start(&mut command(&folder));
    assert!(program.ask("GET /hello HTTP/1.1").ends_with("Hello\n"));
    assert!(folder.path().join("auth.db").is_file());
    program.end();
}

#[test]
fn cdi_7_it_takes_a_configuration_file_and_keys_from_the_environment() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("config.yaml");
    std::fs::write(&config, "core_config_version: 0\ndatabase: 'sqlite::memory:'\n").unwrap();
    let program =
        Program::start(command(&folder).arg("--config").arg(&config).env("API_KEYS", KEY));
    assert!(program.ask("GET /users HTTP/1.1").starts_with("HTTP/1.1 401 "));
    let keyed = format!("GET /users HTTP/1.1\r\napi-key: {KEY}");
    assert!(program.ask(&keyed).starts_with("HTTP/1.1 200 "));
    assert!(!folder.path().join("auth.db").exists());
}

#[test]
fn an_empty_variable_does_not_take_the_file_s_keys_away() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("config.yaml");
    std::fs::write(&config, format!("api_keys: {KEY}\n")).unwrap();
    let program = Program::start(command(&folder).arg("--config").arg(&config).env("API_KEYS", ""));
    assert!(program.ask("GET /users HTTP/1.1").starts_with("HTTP/1.1 401 "));
}

#[test]
fn cdi_1_1_the_configuration_s_path_is_told_to_who_knows_the_process() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("config.yaml");
    std::fs::write(&config, "database: 'sqlite::memory:'\n").unwrap();
    let program = Program::start(command(&folder).args(["--config", "config.yaml"]));
    let answer = program.ask(&format!("GET /config?pid={} HTTP/1.1", program.id()));
    let path = std::fs::canonicalize(&config).unwrap();
    let expected = serde_json::json!({ "status": "OK", "path": path }).to_string();
    assert!(answer.ends_with(&expected), "{answer}");
    let answer = program.ask("GET /config?pid=1 HTTP/1.1");
    assert!(answer.ends_with(r#"{"status":"NOT_ALLOWED"}"#), "{answer}");
}

#[test]
fn cdi_7_what_has_no_effect_is_told_with_the_reason() {
    let folder = TempDir::new().unwrap();
    let program = Program::start(command(&folder).env("BCRYPT_LOG_ROUNDS", "11"));
    let written = program.end();
    let line = "the setting `bcrypt_log_rounds` has no effect: new hashes are Argon2id";
    assert!(written.error.contains(line), "{}", written.error);
}

#[test]
fn what_it_can_not_read_or_listen_on_is_named() {
    let folder = TempDir::new().unwrap();
    let text = refusal(command(&folder).args(["--config", "missing.yaml"]));
    assert!(text.starts_with("the configuration file missing.yaml can't be read: "), "{text}");
    let first = Program::start(&mut command(&folder));
    let (host, port) = first.address.split_once(':').unwrap();
    let mut second = command(&folder);
    second.args(["--host", host, "--port", port, "--database", "sqlite::memory:"]);
    let text = refusal(&mut second);
    let start = format!(
        "`host` and `port`: can't listen on {} (another program listens on port {port})",
        first.address
    );
    assert!(text.starts_with(&start) && text.contains("a port that is free"), "{text}");
    // On the same database, which isn't opened for it.
    let mut twin = command(&folder);
    twin.args(["--host", host, "--port", port]);
    assert_eq!(refusal(&mut twin), text);
    let text = refusal(command(&folder).args(["--database", "sqlite:missing/auth.db"]));
    assert!(text.contains("missing/auth.db can't be opened"), "{text}");
}

/// Where the run has a server to make databases on.
#[test]
fn cdi_7_it_finds_a_postgresql_server_by_the_reference_s_parts() {
    let Some(database) = TestDatabase::if_wanted() else { return };
    let url = Url::parse(&database.url()).unwrap();
    let folder = TempDir::new().unwrap();
    let mut command = command(&folder);
    command.envs([
        ("POSTGRESQL_HOST", url.host_str().unwrap()),
        ("POSTGRESQL_PORT", &url.port().unwrap().to_string()),
        ("POSTGRESQL_USER", url.username()),
        ("POSTGRESQL_PASSWORD", url.password().unwrap()),
        ("POSTGRESQL_DATABASE_NAME", database.name()),
    ]);
    let program = Program::start(&mut command);
    assert!(program.ask("GET /users HTTP/1.1").starts_with("HTTP/1.1 200 "));
    assert!(!folder.path().join("auth.db").exists());
    assert_ne!(database.psql("SELECT count(*) FROM apps"), "0\n");
}

#[test]
fn it_tells_its_version_and_what_it_takes_where_nothing_is_said() {
    let folder = TempDir::new().unwrap();
    let say = |flag: &str| {
        let output = command(&folder).arg(flag).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(say("--version"), concat!("auth-server ", env!("CARGO_PKG_VERSION"), "\n"));
    let help = say("--help");
    for default in ["none", "localhost", "3567", "sqlite:auth.db"] {
        assert!(help.contains(&format!("[default: {default}]")), "{default}: {help}");
    }
    assert!(help.contains("Without `api_keys`"), "{help}");
    let own = "password_hashing_longest_wait_sec (PASSWORD_HASHING_LONGEST_WAIT_SEC)";
    assert!(help.contains(own) && help.contains("database (AUTH_SERVER_DATABASE)"), "{help}");
}

#[test]
fn it_says_that_it_runs_without_keys_and_all_the_more_where_others_may_reach_it() {
    let folder = TempDir::new().unwrap();
    let local = Program::start(&mut command(&folder)).end();
    let no_keys = "no `api_keys` are set";
    assert!(local.error.contains(&format!("{no_keys}: every program on this machine")));
    let mut everywhere = command(&folder);
    let everywhere = Program::start_on("0.0.0.0", &mut everywhere).end();
    let others = format!("{no_keys}, and other machines may reach 0.0.0.0:");
    assert!(everywhere.error.contains(&others), "{}", everywhere.error);
    let keyed = Program::start(command(&folder).env("API_KEYS", KEY)).end();
    assert!(!keyed.error.contains(no_keys), "{}", keyed.error);
}

#[test]
fn a_database_that_is_no_path_is_told_and_leaves_no_file() {
    let folder = TempDir::new().unwrap();
    for database in [":memory:", "sqlite::memory", "sqlite:file::memory:", "auth.db"] {
        let text = refusal(command(&folder).args(["--port", "0", "--database", database]));
        assert!(text.starts_with("`database`: "), "{database}: {text}");
        assert!(text.contains("`sqlite::memory:`"), "{database}: {text}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{database}");
    }
}

#[test]
fn a_configuration_file_that_is_no_yaml_is_refused_by_its_line_and_without_its_secrets() {
    let folder = TempDir::new().unwrap();
    for (yaml, line) in [
        ("port: 1\napi_keys: [kDsT3bA7xwWmQ0uR5vHy\nhost: a\n", 2..=4),
        ("port: 1\n\n  host: a\n", 3..=3),
        ("port: 1\nport: 2\n", 2..=2),
        ("- a\n", 1..=1),
    ] {
        let text = refused_file(&folder, yaml);
        let start = "`the configuration file`: it can't be read at line ";
        let rest = text.strip_prefix(start).unwrap_or_else(|| panic!("{yaml}: {text}"));
        let told: u32 = rest.split(',').next().unwrap().parse().unwrap();
        assert!(line.contains(&told), "{yaml}: {text}");
        assert!(!text.contains("kDsT3bA7xwWmQ0uR5vHy"), "{text}");
    }
}

#[test]
fn a_password_waits_for_as_long_as_the_file_or_the_environment_says() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("config.yaml");
    std::fs::write(&config, "password_hashing_longest_wait_sec: 0\n").unwrap();
    let mut by_file = command(&folder);
    by_file.arg("--config").arg(&config);
    let mut by_environment = command(&folder);
    by_environment.env("PASSWORD_HASHING_LONGEST_WAIT_SEC", "0");
    let mut patient = command(&folder);
    patient.env("PASSWORD_HASHING_LONGEST_WAIT_SEC", "600");
    for (command, may_refuse) in
        [(&mut by_file, true), (&mut by_environment, true), (&mut patient, false)]
    {
        let program = Program::start(command);
        let body = r#"{"email":"ada@example.com","password":"correct1horse"}"#;
        let sign_in = || program.ask_with("POST /recipe/signin HTTP/1.1", body);
        let statuses: Vec<String> = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..24).map(|_| scope.spawn(sign_in)).collect();
            callers.into_iter().map(|it| it.join().unwrap()).collect()
        });
        let refused = statuses.iter().filter(|it| it.starts_with("HTTP/1.1 503 ")).count();
        let answered = statuses.iter().filter(|it| it.starts_with("HTTP/1.1 200 ")).count();
        assert_eq!(refused + answered, 24, "{statuses:?}");
        assert!(answered > 0 && (refused > 0) == may_refuse, "{refused} of 24 refused");
    }
}
