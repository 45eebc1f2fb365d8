//! Sign-ins by a browser that has signed in before, against Argon2id alone.

use std::thread;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde_json::json;

use super::{TURNS, Turn, expect_ok, first_framework, median, parallel::bound};
use crate::{
    Outcome,
    client::{Connection, from_known_device, request},
    process::{Server, Start},
    report::Row,
};

pub(crate) const SIGN_IN: &str = "sign-in";

pub(crate) fn sign_in(seconds: f64) -> Outcome<Row> {
    let cores = thread::available_parallelism()?.get();
    let server = Server::start(
        first_framework()?,
        &Start { threads: cores, sessions: 0, ..Start::default() },
    )?;
    let body = json!({ "formFields": [
        { "id": "email", "value": "ada@example.com" },
        { "id": "password", "value": "correct1horse" },
    ] })
    .to_string();
    let sign_up = request("POST", "/auth/signup", None, &body);
    let mut connection = Connection::open(server.address)?;
    expect_ok(&mut connection, &sign_up)?;
    let sign_in = request("POST", "/auth/signin", None, &body);
    let device = connection.send(&sign_in)?.known_device.ok_or("the device isn't known")?;
    let sign_in = from_known_device(&sign_in, &device);
    let (mut turns, mut bounds) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        bounds.push(bound(cores, seconds, argon2)?);
        let worker = || |connection: &mut Connection| expect_ok(connection, &sign_in);
        let workers = (0..2 * cores).map(|_| worker()).collect();
        turns.push(Turn::run(&server, server.address, seconds, workers)?);
    }
    Ok(Row {
        name: SIGN_IN.into(),
        unit: "of Argon2",
        measured: median(bounds.iter().zip(&turns).map(|(bound, turn)| bound.cost / turn.cost)),
        budget: Some(0.95),
        at_least: true,
        note: super::beside(&turns, &bounds, "hashes (19 MiB, 2 passes)"),
    })
}

/// A hash of the default cost, in memory that is used again.
fn argon2() -> impl FnMut() {
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
}
