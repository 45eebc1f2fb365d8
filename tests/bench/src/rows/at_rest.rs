//! The start of a program, and its memory at rest.

use std::{
    ffi::OsString,
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::{TURNS, expect_ok, median};
use crate::{
    Outcome,
    client::{Connection, get},
    report::Row,
};

/// A program that serves at once, and what it promises.
pub(crate) struct AtRest {
    pub(crate) name: &'static str,
    /// Makes it listen at an address and keep a database file.
    pub(crate) flags: fn(SocketAddr, &Path) -> Vec<OsString>,
    /// Where it shows its keys.
    pub(crate) keys: &'static str,
    /// In milliseconds.
    pub(crate) first_request: Option<f64>,
    /// In MiB.
    pub(crate) resident_memory: Option<f64>,
}

pub(crate) const EXAMPLE: AtRest = AtRest {
    name: "example-axum",
    flags: |address, database| {
        let address = address.to_string();
        vec!["--addr".into(), address.into(), "--database".into(), database.into()]
    },
    keys: "/auth/jwt/jwks.json",
    first_request: Some(100.0),
    resident_memory: Some(30.0),
};

pub(crate) const SERVER: AtRest = AtRest {
    name: "auth-server",
    flags: |address, database| {
        let (host, port) = (address.ip().to_string(), address.port().to_string());
        let url = format!("sqlite:{}", database.display());
        let flags = ["--host", &host, "--port", &port, "--database", &url];
        flags.iter().map(Into::into).collect()
    },
    keys: "/.well-known/jwks.json",
    first_request: None,
    resident_memory: None,
};

/// With its keys present.
pub(crate) fn at_rest(
    program: &AtRest,
    binary: &Path,
    is_wanted: impl Fn(&str) -> bool,
) -> Outcome<Vec<Row>> {
    let names = ["first request answered", "resident memory"]
        .map(|what| format!("{what}, {}", program.name));
    if !names.iter().any(|name| is_wanted(name)) {
        return Ok(Vec::new());
    }
    if !binary.is_file() {
        eprintln!("{} isn't there: start-up and memory are not measured", binary.display());
        return Ok(Vec::new());
    }
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("auth.db");
    let (mut starts, mut sizes) = (Vec::new(), Vec::new());
    // The first turn makes the keys and doesn't count.
    for turn in 0..=TURNS {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let start = Instant::now();
        let mut child = Command::new(binary)
            .args((program.flags)(address, &database))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let keys = get(program.keys, None);
        while start.elapsed() < Duration::from_secs(10) {
            let answered = Connection::open(address).and_then(|mut c| expect_ok(&mut c, &keys));
            if answered.is_ok() {
                break;
            }
        }
        if turn > 0 {
            starts.push(start.elapsed().as_secs_f64() * 1000.0);
            let status = fs::read_to_string(format!("/proc/{}/status", child.id()))?;
            let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
            let kib = resident.and_then(|text| text.split_whitespace().next()).ok_or("no VmRSS")?;
            sizes.push(kib.parse::<f64>()? / 1024.0);
        }
        child.kill()?;
        child.wait()?;
    }
    let [first_request, resident_memory] = names;
    let row = |name, unit, measured, budget| Row {
        name,
        unit,
        measured,
        budget,
        at_least: false,
        note: "keys present".into(),
    };
    Ok(vec![
        row(first_request, "ms", median(starts), program.first_request),
        row(resident_memory, "MiB", median(sizes), program.resident_memory),
    ])
}
