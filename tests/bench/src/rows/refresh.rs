//! Refreshes, against what the processors can sign.

use std::thread;

use auth_jwt::{Algorithm, Header, SigningKey};
use serde_json::json;

use super::{TURNS, Turn, first_framework, median, parallel::bound};
use crate::{
    Outcome,
    client::{Connection, request},
    process::{Server, Start},
    report::Row,
};

pub(crate) const REFRESH: &str = "refresh over HTTP, SQLite, durable";

const CONNECTIONS: usize = 32;

pub(crate) fn refresh(seconds: f64) -> Outcome<Row> {
    let cores = thread::available_parallelism()?.get();
    let sessions = TURNS * CONNECTIONS;
    let server =
        Server::start(first_framework()?, &Start { threads: cores, sessions, ..Start::default() })?;
    let mut tokens = server.refresh_tokens()?;
    let key = SigningKey::generate(Algorithm::Rs256)?;
    let header = Header::new(Algorithm::Rs256, "k");
    let claims = json!({ "sub": "user-0", "text": "x".repeat(300) });
    let (mut turns, mut bounds) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        bounds.push(bound(cores, seconds, || {
            || {
                let _ = key.sign(&header, &claims);
            }
        })?);
        let workers = (0..CONNECTIONS)
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
        turns.push(Turn::run(&server, server.address, seconds, workers)?);
    }
    Ok(Row {
        name: REFRESH.into(),
        unit: "of signing",
        measured: median(bounds.iter().zip(&turns).map(|(bound, turn)| bound.cost / turn.cost)),
        budget: Some(0.7),
        at_least: true,
        note: super::beside(&turns, &bounds, "signatures"),
    })
}
