//! What is measured.

mod at_rest;
mod codes;
mod parallel;
mod passkey;
mod postgres;
mod refresh;
mod served;
mod sign_in;
mod storages;
mod token;

pub(crate) use at_rest::{EXAMPLE, SERVER, at_rest};
pub(crate) use codes::codes;
pub(crate) use passkey::passkeys;
pub(crate) use postgres::postgres;
pub(crate) use refresh::{REFRESH, refresh};
pub(crate) use served::served;
pub(crate) use sign_in::{SIGN_IN, sign_in};
pub(crate) use token::{
    FIRST_SEEN_TOKEN, first_seen_token, repeated_token, repeated_token_name, second_factor,
    second_factor_name,
};

use std::net::SocketAddr;

use parallel::Bound;

use crate::{
    Outcome,
    client::{Connection, Load, load},
    frameworks::{FRAMEWORKS, Framework},
    process::Server,
};

const TURNS: usize = 7;

/// The framework of the rows that are measured with one.
fn first_framework() -> Outcome<&'static Framework> {
    Ok(FRAMEWORKS.first().ok_or("no framework")?)
}

fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

pub(crate) fn expect_ok(connection: &mut Connection, request: &str) -> Outcome<()> {
    let status = connection.send(request)?.status;
    if status == 200 { Ok(()) } else { Err(format!("answered with {status}").into()) }
}

/// A turn of load, with what it cost the server.
struct Turn {
    rate: f64,
    /// Processor time of the server for each request, in seconds.
    cost: f64,
    /// How many processors the server, and the client, kept busy.
    server_share: f64,
    client_share: f64,
}

impl Turn {
    fn run<W>(server: &Server, address: SocketAddr, seconds: f64, workers: Vec<W>) -> Outcome<Self>
    where
        W: FnMut(&mut Connection) -> Outcome<()> + Send,
    {
        let before = server.processor_secs()?;
        let load: Load = load(address, seconds, workers)?;
        let used = server.processor_secs()? - before;
        Ok(Self {
            rate: load.rate(),
            cost: used / load.requests,
            server_share: used / load.seconds,
            client_share: load.client_secs / load.seconds,
        })
    }
}

/// How often, and who kept the processors busy, in words.
fn beside(turns: &[Turn], bounds: &[Bound], what: &str) -> String {
    let of = |figure: fn(&Turn) -> f64| median(turns.iter().map(figure));
    let bound = |figure: fn(&Bound) -> f64| median(bounds.iter().map(figure));
    format!(
        "{:.0} µs of the server's processor time against {:.0} µs; {:.0}/s against {:.0} {what} in \
         a second, while the server took {:.2} and the client {:.2} processors",
        of(|turn| turn.cost) * 1e6,
        bound(|bound| bound.cost) * 1e6,
        of(|turn| turn.rate),
        bound(|bound| bound.rate),
        of(|turn| turn.server_share),
        of(|turn| turn.client_share),
    )
}
