//! How many instructions a request takes, counted by valgrind: the same on every run, however
//! busy the machine is.

use std::{fs, process::Command};

use crate::{
    Outcome,
    client::{Connection, get},
    frameworks::{FRAMEWORKS, Framework},
    process::{Server, Start},
    rows::expect_ok,
};

const REQUESTS: u32 = 2_000;

/// Prints the count for each framework's routes.
pub(crate) fn print() -> Outcome<()> {
    println!("| framework | bare route | protected route, repeated token | more | ratio |");
    println!("|---|---|---|---|---|");
    for framework in FRAMEWORKS {
        let [bare, protected] = count(framework)?;
        println!(
            "| {} | {bare:.0} | {protected:.0} | {:.0} | {:.2} |",
            framework.name,
            protected - bare,
            bare / protected
        );
    }
    Ok(())
}

/// The server's instructions outside of the kernel, for each request.
fn count(framework: &Framework) -> Outcome<[f64; 2]> {
    let counts = tempfile::tempdir()?;
    let file = counts.path().join("count");
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--quiet", "--tool=callgrind"])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(std::env::current_exe()?);
    let server = Server::start_by(
        valgrind,
        framework,
        &Start { threads: 1, sessions: 1, ..Start::default() },
    )
    .map_err(|error| format!("{error} (valgrind counts; is it installed?)"))?;
    let token = server.access_tokens()?.into_iter().next().ok_or("no token")?;
    let send = |address, path: &str, count: u32| {
        let mut connection = Connection::open(address)?;
        let request = get(path, Some(&token));
        (0..count).try_for_each(|_| expect_ok(&mut connection, &request))
    };
    let mut dumps = 0;
    let mut counted = |address, path: &str| -> Outcome<f64> {
        // Once without counting: buffers are made, and the token becomes known.
        send(address, path, 50)?;
        control("--zero", &server)?;
        send(address, path, REQUESTS)?;
        control("--dump", &server)?;
        dumps += 1;
        let text = fs::read_to_string(file.with_extension(dumps.to_string()))?;
        let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
        Ok(total.ok_or("no total in valgrind's file")?.trim().parse::<f64>()? / f64::from(REQUESTS))
    };
    Ok([counted(server.bare, "/bare")?, counted(server.address, "/protected")?])
}

fn control(what: &str, server: &Server) -> Outcome<()> {
    let output =
        Command::new("callgrind_control").args([what, &server.id().to_string()]).output()?;
    if output.status.success() { Ok(()) } else { Err("callgrind_control failed".into()) }
}
