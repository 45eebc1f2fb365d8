//! What is measured.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use auth_jwt::{Header, SigningKey};
use serde_json::json;

use crate::{
    Outcome,
    client::{Connection, get, load, request},
    process::Server,
    report::Row,
};

const TURNS: usize = 7;
const CONNECTIONS: usize = 8;

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

fn lines(folder: &Path, file: &str) -> Outcome<Vec<String>> {
    Ok(fs::read_to_string(folder.join(file))?.lines().map(str::to_owned).collect())
}

fn expect_ok(connection: &mut Connection, request: &str) -> Outcome<()> {
    let status = connection.send(request)?.status;
    if status == 200 { Ok(()) } else { Err(format!("answered with {status}").into()) }
}

/// The protected route with one token again and again, against the bare route.
pub(crate) fn repeated_token(seconds: f64) -> Outcome<Row> {
    let folder = tempfile::tempdir()?;
    let server = Server::start(1, &folder.path().to_string_lossy())?;
    let token = lines(folder.path(), "access")?.into_iter().next().ok_or("no token")?;
    let requests = [get("/bare", Some(&token)), get("/protected", Some(&token))];
    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        for (request, rates) in requests.iter().zip(&mut rates) {
            let worker = || |connection: &mut Connection| expect_ok(connection, request);
            let workers = (0..CONNECTIONS).map(|_| worker()).collect();
            rates.push(load(server.address, seconds, workers)?);
        }
    }
    let [bare, protected] = rates.map(median);
    Ok(Row {
        name: "protected route, repeated token",
        unit: "of bare",
        measured: protected / bare,
        budget: 0.90,
        at_least: true,
        note: format!("{protected:.0}/s against {bare:.0}/s, the same request on both"),
    })
}

/// The protected route with tokens that the server has never seen.
pub(crate) fn first_seen_token() -> Outcome<Row> {
    let folder = tempfile::tempdir()?;
    let server = Server::start(1, &folder.path().to_string_lossy())?;
    let tokens = lines(folder.path(), "access")?;
    let mut connection = Connection::open(server.address)?;
    let mut costs = [Vec::new(), Vec::new()];
    for tokens in tokens.chunks(500) {
        for (path, costs) in ["/bare", "/protected"].into_iter().zip(&mut costs) {
            let requests: Vec<_> = tokens.iter().map(|token| get(path, Some(token))).collect();
            let before = server.cpu_ns()?;
            for request in &requests {
                expect_ok(&mut connection, request)?;
            }
            let count = f64::from(u32::try_from(requests.len())?);
            costs.push((server.cpu_ns()? - before) / count / 1000.0);
        }
    }
    let [bare, protected] = costs.map(median);
    Ok(Row {
        name: "protected route, token never seen before",
        unit: "µs",
        measured: protected - bare,
        budget: 25.0,
        at_least: false,
        note: format!("processor time: {protected:.1} µs against {bare:.1} µs, RS256"),
    })
}

/// Refreshes over HTTP on a durable SQLite file, against what the processors can sign.
pub(crate) fn refresh(seconds: f64) -> Outcome<Row> {
    let folder = tempfile::tempdir()?;
    let cores = thread::available_parallelism()?.get();
    let server = Server::start(cores, &folder.path().to_string_lossy())?;
    let mut tokens = lines(folder.path(), "refresh")?;
    let key = SigningKey::generate(auth_jwt::Algorithm::Rs256)?;
    let header = Header::new(auth_jwt::Algorithm::Rs256, "k");
    let claims = json!({ "sub": "user-0", "text": "x".repeat(300) });
    let (mut rates, mut bounds) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        bounds.push(parallel_rate(cores, seconds, || {
            let _ = key.sign(&header, &claims);
        }));
        let workers = (0..32)
            .filter_map(|_| tokens.pop())
            .map(|mut token| {
                move |connection: &mut Connection| {
                    let request = request("POST", "/auth/session/refresh", Some(&token), "");
                    let answer = connection.send(&request)?;
                    token = answer.refresh_token.ok_or("no refresh token came back")?;
                    Ok(())
                }
            })
            .collect();
        rates.push(load(server.address, seconds, workers)?);
    }
    let (rate, bound) = (median(rates), median(bounds));
    Ok(Row {
        name: "refresh over HTTP, SQLite, durable",
        unit: "of signing",
        measured: rate / bound,
        budget: 0.7,
        at_least: true,
        note: format!(
            "{rate:.0}/s against {bound:.0} signatures/s; the client has no core of its own"
        ),
    })
}

/// Sign-ins over HTTP, against Argon2id alone.
pub(crate) fn sign_in(seconds: f64) -> Outcome<Row> {
    let folder = tempfile::tempdir()?;
    let cores = thread::available_parallelism()?.get();
    let server = Server::start(cores, &folder.path().to_string_lossy())?;
    let body = json!({ "formFields": [
        { "id": "email", "value": "ada@example.com" },
        { "id": "password", "value": "correct1horse" },
    ] })
    .to_string();
    let sign_up = request("POST", "/auth/signup", None, &body);
    expect_ok(&mut Connection::open(server.address)?, &sign_up)?;
    let sign_in = request("POST", "/auth/signin", None, &body);
    let (mut rates, mut bounds) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        bounds.push(argon2_rate(cores, seconds));
        let worker = || |connection: &mut Connection| expect_ok(connection, &sign_in);
        let workers = (0..2 * cores).map(|_| worker()).collect();
        rates.push(load(server.address, seconds, workers)?);
    }
    let (rate, bound) = (median(rates), median(bounds));
    Ok(Row {
        name: "sign-in",
        unit: "of Argon2",
        measured: rate / bound,
        budget: 0.95,
        at_least: true,
        note: format!("{rate:.0}/s against {bound:.0} hashes/s (19 MiB, 2 passes)"),
    })
}

fn argon2_rate(threads: usize, seconds: f64) -> f64 {
    parallel_rate_with(threads, seconds, || {
        let params = Params::new(19_456, 2, 1, None).unwrap_or_default();
        let mut memory = vec![Block::new(); params.block_count()];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        move || {
            let mut output = [0; 32];
            let _ = argon2.hash_password_into_with_memory(
                b"correct1horse",
                &[7; 16],
                &mut output,
                &mut memory,
            );
        }
    })
}

fn parallel_rate(threads: usize, seconds: f64, work: impl Fn() + Sync) -> f64 {
    parallel_rate_with(threads, seconds, || &work)
}

/// How often in a second the threads together do their work.
fn parallel_rate_with<W: FnMut()>(
    threads: usize,
    seconds: f64,
    worker: impl Fn() -> W + Sync,
) -> f64 {
    let start = Instant::now();
    let end = start + Duration::from_secs_f64(seconds);
    let count: u32 = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut work = worker();
                    let mut count = 0;
                    while Instant::now() < end {
                        work();
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).sum()
    });
    f64::from(count) / start.elapsed().as_secs_f64()
}

/// The example's start with its keys present, and its memory at rest.
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
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
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
    let row = |name, unit, measured, budget| Row {
        name,
        unit,
        measured,
        budget,
        at_least: false,
        note: "example-axum, keys present".into(),
    };
    Ok(vec![
        row("first request answered", "ms", median(starts), 100.0),
        row("resident memory", "MiB", median(sizes), 30.0),
    ])
}
