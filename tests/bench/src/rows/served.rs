//! The engine served over CDI, by operations that hash no password.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use super::{TURNS, median, storages::Storages};
use crate::{
    Outcome,
    client::{Connection, load},
    report::Row,
};

const CONNECTIONS: usize = 32;
/// The newest that the reference's SDKs speak.
const CDI_VERSION: &str = "5.4";

/// One connection's operation, again and again; it keeps what it needs of the last answer.
type Worker = Box<dyn FnMut(&mut Connection) -> Outcome<()> + Send>;

/// Makes a connection's work, with its number and a session of its own.
type Operation = fn(usize, &Value) -> Worker;

const OPERATIONS: [(&str, Operation); 4] = [
    ("session created", create),
    ("session refreshed", refresh),
    ("session verified in the database", verify),
    ("metadata updated", update_metadata),
];

/// The rows that are wanted, on each storage; none where the server isn't built.
pub(crate) fn served(
    binary: &Path,
    seconds: f64,
    is_wanted: impl Fn(&str) -> bool,
) -> Outcome<Vec<Row>> {
    let name = |operation: &str| format!("over CDI, {operation}");
    let wanted: Vec<_> = OPERATIONS.into_iter().filter(|(it, _)| is_wanted(&name(it))).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    if !binary.is_file() {
        eprintln!("{} isn't there: nothing is measured over CDI", binary.display());
        return Ok(Vec::new());
    }
    let storages = Storages::start()?;
    let mut rows = Vec::new();
    for (storage, url) in storages.databases("served") {
        let server = Served::start(binary, &url)?;
        for (operation, worker) in &wanted {
            let mut turns = Vec::new();
            for turn in 0..TURNS {
                let mut connection = Connection::open(server.address)?;
                let workers = (0..CONNECTIONS)
                    .map(|number| {
                        let number = turn * CONNECTIONS + number;
                        let body = new_session(number);
                        let session = call(&mut connection, "POST", "/recipe/session", &body)?;
                        Ok(worker(number, &session))
                    })
                    .collect::<Outcome<Vec<_>>>()?;
                turns.push(load(server.address, seconds, workers)?.rate());
            }
            rows.push(Row {
                name: format!("{}, {storage}", name(operation)),
                unit: "/s",
                measured: median(turns),
                budget: None,
                at_least: true,
                note: format!("{CONNECTIONS} connections, CDI {CDI_VERSION}, each answer durable"),
            });
        }
    }
    Ok(rows)
}

/// A running server; it is stopped when this is dropped.
struct Served {
    child: Child,
    address: SocketAddr,
}

impl Served {
    fn start(binary: &Path, url: &str) -> Outcome<Self> {
        let mut child = Command::new(binary)
            .args(["--host", "127.0.0.1", "--port", "0", "--database", url])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("the server has no output")?;
        let started = BufReader::new(stdout).lines().map_while(Result::ok).find_map(|line| {
            line.strip_prefix("Started auth-server on ")?.split(' ').next()?.parse().ok()
        });
        match started {
            Some(address) => Ok(Self { child, address }),
            None => Err("the server did not start".into()),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn create(number: usize, _: &Value) -> Worker {
    let body = new_session(number);
    Box::new(move |connection| call(connection, "POST", "/recipe/session", &body).map(drop))
}

fn refresh(_: usize, session: &Value) -> Worker {
    let mut session = session.clone();
    Box::new(move |connection| {
        let body = json!({
            "refreshToken": session["refreshToken"]["token"], "enableAntiCsrf": false,
            "useDynamicSigningKey": true,
        });
        session = call(connection, "POST", "/recipe/session/refresh", &body)?;
        Ok(())
    })
}

fn verify(_: usize, session: &Value) -> Worker {
    let body = json!({
        "accessToken": session["accessToken"]["token"], "doAntiCsrfCheck": false,
        "enableAntiCsrf": false, "checkDatabase": true,
    });
    Box::new(move |connection| call(connection, "POST", "/recipe/session/verify", &body).map(drop))
}

fn update_metadata(number: usize, _: &Value) -> Worker {
    let mut visits = 0;
    Box::new(move |connection| {
        visits += 1;
        let body =
            json!({ "userId": format!("user-{number}"), "metadataUpdate": { "visits": visits } });
        call(connection, "PUT", "/recipe/user/metadata", &body).map(drop)
    })
}

fn new_session(number: usize) -> Value {
    json!({
        "userId": format!("user-{number}"), "userDataInJWT": { "role": "member" },
        "userDataInDatabase": {}, "enableAntiCsrf": false, "useDynamicSigningKey": true,
    })
}

/// The answer of an operation, which has to be `OK`.
fn call(connection: &mut Connection, method: &str, path: &str, body: &Value) -> Outcome<Value> {
    let body = body.to_string();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncdi-version: {CDI_VERSION}\r\n\
         content-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = connection.send(&request)?;
    let value: Value = serde_json::from_slice(&answer.body)
        .map_err(|_| format!("{path} answered with {}", answer.status))?;
    if value["status"] == "OK" { Ok(value) } else { Err(format!("{path}: {value}").into()) }
}
