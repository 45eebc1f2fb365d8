//! The example's start, and its memory at rest.

use std::{
    fs,
    net::TcpListener,
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

pub(crate) const FIRST_REQUEST: &str = "first request answered";
pub(crate) const RESIDENT_MEMORY: &str = "resident memory";

/// With its keys present.
pub(crate) fn example(binary: &Path) -> Outcome<Vec<Row>> {
    if !binary.is_file() {
        eprintln!("{} isn't there: start-up and memory are not measured", binary.display());
        return Ok(Vec::new());
    }
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("example.db");
    let (mut starts, mut sizes) = (Vec::new(), Vec::new());
    // The first turn makes the keys and doesn't count.
    for turn in 0..=TURNS {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}").parse()?;
        let start = Instant::now();
        let mut child = Command::new(binary)
            .arg("--addr")
            .arg(format!("127.0.0.1:{port}"))
            .arg("--database")
            .arg(&database)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let keys = get("/auth/jwt/jwks.json", None);
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
    let row = |name: &str, unit, measured, budget| Row {
        name: name.into(),
        unit,
        measured,
        budget,
        at_least: false,
        note: "example-axum, keys present".into(),
    };
    Ok(vec![
        row(FIRST_REQUEST, "ms", median(starts), 100.0),
        row(RESIDENT_MEMORY, "MiB", median(sizes), 30.0),
    ])
}
