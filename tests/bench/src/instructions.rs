//! How many instructions a request takes, counted by valgrind: nearly the same on every run, however
//! busy the machine is.

use std::{fs, path::PathBuf, process::Command};

use serde_json::json;
use tempfile::TempDir;

use crate::{
    Outcome,
    client::{Connection, from_known_device, get, request},
    frameworks::{FRAMEWORKS, Framework},
    process::{Server, Start},
    rows::expect_ok,
};

const REQUESTS: u32 = 2_000;

/// How many sign-ins and refreshes: they go through several threads, and take longer.
const FLOWS: u32 = 200;

/// Prints the counts: of the routes of each framework whose name contains the filter, and of what
/// the first one's sign-in and refresh take.
pub(crate) fn print(filter: &str) -> Outcome<()> {
    println!("| framework | bare route | bearer token | cookie | second factor |");
    println!("|---|---|---|---|---|");
    for framework in FRAMEWORKS.iter().filter(|it| it.name.contains(filter)) {
        let [bare, bearer, cookie] = plain(framework)?;
        let second_factor = second_factor(framework)?;
        let beside =
            |count: f64| format!("{count:.0} (+ {:.0}, {:.2})", count - bare, bare / count);
        println!(
            "| {} | {bare:.0} | {} | {} | {} |",
            framework.name,
            beside(bearer),
            beside(cookie),
            beside(second_factor)
        );
    }
    let framework = FRAMEWORKS.first().ok_or("no framework")?;
    println!("\nWith light hashes and signatures, {}:\n", framework.name);
    println!("sign-in: {:.0}", sign_in(framework, true)?);
    println!("sign-in, the first of a device: {:.0}", sign_in(framework, false)?);
    println!("refresh: {:.0}", refresh(framework)?);
    Ok(())
}

fn plain(framework: &Framework) -> Outcome<[f64; 3]> {
    let start = Start { threads: 1, sessions: 1, ..Start::default() };
    let mut counted = Counted::start(framework, &start)?;
    let token = counted.token()?;
    let (bare, address) = (counted.server.bare, counted.server.address);
    let mut send = |address, request: String| {
        let mut connection = Connection::open(address)?;
        counted.each(REQUESTS, || expect_ok(&mut connection, &request))
    };
    Ok([
        send(bare, get("/bare", Some(&token)))?,
        send(address, get("/protected", Some(&token)))?,
        send(address, with_cookie(&token))?,
    ])
}

/// With as many headers as one that has a bearer token.
fn with_cookie(token: &str) -> String {
    let bearer = get("/protected", Some(token));
    bearer.replacen("authorization: Bearer ", "cookie: sAccessToken=", 1)
}

fn second_factor(framework: &Framework) -> Outcome<f64> {
    let start = Start { threads: 1, sessions: 1, second_factor: true, ..Start::default() };
    let mut counted = Counted::start(framework, &start)?;
    let protected = get("/protected", Some(&counted.token()?));
    let mut connection = Connection::open(counted.server.address)?;
    counted.each(REQUESTS, || expect_ok(&mut connection, &protected))
}

/// A sign-in by a device that is known, and one by a device that isn't, which signs a token for it.
fn sign_in(framework: &Framework, is_known: bool) -> Outcome<f64> {
    let start = Start { threads: 1, light: true, ..Start::default() };
    let mut counted = Counted::start(framework, &start)?;
    let body = json!({ "formFields": [
        { "id": "email", "value": "ada@example.com" },
        { "id": "password", "value": "correct1horse" },
    ] })
    .to_string();
    let mut connection = Connection::open(counted.server.address)?;
    expect_ok(&mut connection, &request("POST", "/auth/signup", None, &body))?;
    let mut sign_in = request("POST", "/auth/signin", None, &body);
    if is_known {
        let device = connection.send(&sign_in)?.known_device.ok_or("the device isn't known")?;
        sign_in = from_known_device(&sign_in, &device);
    }
    counted.each(FLOWS, || expect_ok(&mut connection, &sign_in))
}

fn refresh(framework: &Framework) -> Outcome<f64> {
    let start = Start { threads: 1, sessions: 1, light: true, ..Start::default() };
    let mut counted = Counted::start(framework, &start)?;
    let mut token = counted.server.refresh_tokens()?.into_iter().next().ok_or("no token")?;
    let mut connection = Connection::open(counted.server.address)?;
    counted.each(FLOWS, || {
        let request = request("POST", "/auth/session/refresh", Some(&token), "");
        token = connection.send(&request)?.refresh_token.ok_or("no refresh token came back")?;
        Ok(())
    })
}

/// A server whose instructions outside of the kernel are counted.
struct Counted {
    server: Server,
    /// The beginning of the names of valgrind's files.
    file: PathBuf,
    dumps: u32,
    _folder: TempDir,
}

impl Counted {
    fn start(framework: &Framework, start: &Start) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("count");
        let mut valgrind = Command::new("valgrind");
        valgrind
            .args(["--quiet", "--tool=callgrind"])
            .arg(format!("--callgrind-out-file={}", file.display()))
            .arg(std::env::current_exe()?);
        let server = Server::start_by(valgrind, framework, start)
            .map_err(|error| format!("{error} (valgrind counts; is it installed?)"))?;
        Ok(Self { server, file, dumps: 0, _folder: folder })
    }

    fn token(&self) -> Outcome<String> {
        Ok(self.server.access_tokens()?.into_iter().next().ok_or("no token")?)
    }

    /// The count for each time that this is done.
    fn each(&mut self, times: u32, mut act: impl FnMut() -> Outcome<()>) -> Outcome<f64> {
        // At first without counting: buffers are made, and tokens become known.
        (0..50).try_for_each(|_| act())?;
        self.control("--zero")?;
        (0..times).try_for_each(|_| act())?;
        self.control("--dump")?;
        self.dumps += 1;
        let text = fs::read_to_string(self.file.with_extension(self.dumps.to_string()))?;
        let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
        let total: f64 = total.ok_or("no total in valgrind's file")?.trim().parse()?;
        Ok(total / f64::from(times))
    }

    fn control(&self, what: &str) -> Outcome<()> {
        let id = self.server.id().to_string();
        let output = Command::new("callgrind_control").args([what, &id]).output()?;
        if output.status.success() { Ok(()) } else { Err("callgrind_control failed".into()) }
    }
}
