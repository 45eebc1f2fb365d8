//! A protected route against the bare one.

use super::{TURNS, Turn, expect_ok, first_framework, median};
use crate::{
    Outcome,
    client::{Connection, get},
    frameworks::Framework,
    process::{Server, Start},
    report::Row,
};

pub(crate) const FIRST_SEEN_TOKEN: &str = "protected route, token never seen before";

const CONNECTIONS: usize = 8;
/// More and shorter turns, so that both routes of a pair meet the machine in the same mood.
const SHORT_TURNS: usize = 4 * TURNS;
const SESSIONS: usize = 4_000;

pub(crate) fn repeated_token_name(framework: &Framework) -> String {
    format!("protected route, repeated token, {}", framework.name)
}

pub(crate) fn second_factor_name(framework: &Framework) -> String {
    format!("protected route, second factor required, {}", framework.name)
}

/// One token again and again.
pub(crate) fn repeated_token(framework: &Framework, name: String, seconds: f64) -> Outcome<Row> {
    let start = Start { threads: 1, sessions: 1, ..Start::default() };
    against_bare(framework, &start, name, 0.90, seconds)
}

/// The same, where the session must have completed a second factor.
pub(crate) fn second_factor(framework: &Framework, name: String, seconds: f64) -> Outcome<Row> {
    let start = Start { threads: 1, sessions: 1, second_factor: true, ..Start::default() };
    against_bare(framework, &start, name, 0.88, seconds)
}

fn against_bare(
    framework: &Framework,
    start: &Start,
    name: String,
    budget: f64,
    seconds: f64,
) -> Outcome<Row> {
    let server = Server::start(framework, start)?;
    let token = server.access_tokens()?.into_iter().next().ok_or("no token")?;
    let requests = [
        (server.bare, get("/bare", Some(&token))),
        (server.address, get("/protected", Some(&token))),
    ];
    let mut turns = [Vec::new(), Vec::new()];
    for _ in 0..SHORT_TURNS {
        for ((address, request), turns) in requests.iter().zip(&mut turns) {
            let worker = || |connection: &mut Connection| expect_ok(connection, request);
            let workers = (0..CONNECTIONS).map(|_| worker()).collect();
            turns.push(Turn::run(&server, *address, seconds / 4.0, workers)?);
        }
    }
    let [bare, protected] = &turns;
    let ratios = bare.iter().zip(protected).map(|(bare, protected)| bare.cost / protected.cost);
    let of = |turns: &[Turn], figure: fn(&Turn) -> f64| median(turns.iter().map(figure));
    Ok(Row {
        name,
        unit: "of bare",
        measured: median(ratios),
        budget: Some(budget),
        at_least: true,
        note: format!(
            "{:.2} µs against {:.2} µs of the server's processor time; {:.0}/s against {:.0}/s, \
             while the client took {:.2} processors",
            of(protected, |turn| turn.cost) * 1e6,
            of(bare, |turn| turn.cost) * 1e6,
            of(protected, |turn| turn.rate),
            of(bare, |turn| turn.rate),
            of(protected, |turn| turn.client_share),
        ),
    })
}

/// Tokens that the server has never seen.
pub(crate) fn first_seen_token() -> Outcome<Row> {
    let server = Server::start(
        first_framework()?,
        &Start { threads: 1, sessions: SESSIONS, ..Start::default() },
    )?;
    let tokens = server.access_tokens()?;
    let mut connection = Connection::open(server.address)?;
    let mut costs = [Vec::new(), Vec::new()];
    for tokens in tokens.chunks(500) {
        for (path, costs) in ["/bare", "/protected"].into_iter().zip(&mut costs) {
            let requests: Vec<_> = tokens.iter().map(|token| get(path, Some(token))).collect();
            let before = server.processor_secs()?;
            for request in &requests {
                expect_ok(&mut connection, request)?;
            }
            let count = f64::from(u32::try_from(requests.len())?);
            costs.push((server.processor_secs()? - before) / count * 1e6);
        }
    }
    let [bare, protected] = costs;
    let more = bare.iter().zip(&protected).map(|(bare, protected)| protected - bare);
    Ok(Row {
        name: FIRST_SEEN_TOKEN.into(),
        unit: "µs",
        measured: median(more),
        budget: Some(25.0),
        at_least: false,
        note: format!(
            "processor time: {:.1} µs against {:.1} µs, RS256",
            median(protected),
            median(bare)
        ),
    })
}
