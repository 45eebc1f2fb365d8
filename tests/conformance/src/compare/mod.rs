//! Whether adapters and storages answer alike: status, header lines and body of every exchange of
//! a case, apart from what is random in each run.

mod normalise;

use crate::{
    Run,
    client::Reply,
    transcript::{Exchange, Transcript},
};
use normalise::Normaliser;

/// Header lines that are the server's own: the time, its name, and how the message is framed.
const OF_THE_SERVER: [&str; 6] =
    ["connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"];

/// How the library and the test application name what they answer; a framework's own answers have
/// other types, or none.
const OURS: &str = "application/json; charset=utf-8";

/// The first difference between the runs of a case that passed, in words.
///
/// # Errors
/// That difference.
pub fn compare(runs: &[impl AsRef<Run>]) -> Result<(), String> {
    let mut passed = runs.iter().filter_map(|run| {
        let run = run.as_ref();
        Some((run, run.outcome().as_ref().ok()?))
    });
    let Some((first, wanted)) = passed.next() else { return Ok(()) };
    for (other, given) in passed {
        if let Some(difference) = difference(wanted, given) {
            return Err(format!(
                "{}::{} and {}::{} differ: {difference}",
                first.adapter(),
                first.storage(),
                other.adapter(),
                other.storage(),
            ));
        }
    }
    Ok(())
}

fn difference(wanted: &Transcript, given: &Transcript) -> Option<String> {
    if wanted.len() != given.len() {
        return Some(format!("{} and {} exchanges", wanted.len(), given.len()));
    }
    let (mut in_wanted, mut in_given) = (Normaliser::default(), Normaliser::default());
    let pairs = wanted.iter().zip(given);
    pairs.enumerate().find_map(|(index, (wanted, given))| {
        let (left, right) = (lines(wanted, &mut in_wanted), lines(given, &mut in_given));
        (left != right).then(|| {
            let request = &wanted.request;
            format!("exchange {index}, {request}\n--- {left:#?}\n+++ {right:#?}")
        })
    })
}

/// An exchange as what must be the same in every run.
fn lines(exchange: &Exchange, normaliser: &mut Normaliser) -> Vec<String> {
    let Some(reply) = &exchange.reply else { return vec!["no response".to_owned()] };
    let cors = cors(reply);
    if exchange.request.starts_with("OPTIONS ") && matches!(reply.status, 200 | 204) {
        // Libraries for CORS word what they allow in their own ways; a case looks at that.
        return [vec!["a preflight request is answered".to_owned()], cors].concat();
    }
    let content_type = reply.header_values("content-type");
    if reply.status >= 400 && content_type != [OURS] {
        return [vec![of_the_framework(reply)], cors].concat();
    }
    let is_compared = |(name, _): &&(String, String)| {
        !OF_THE_SERVER.contains(&name.as_str()) && !is_of_cors(name)
    };
    let mut headers: Vec<&(String, String)> = reply.headers.iter().filter(is_compared).collect();
    // Only the order of lines of one name means something (RFC 9110 section 5.3).
    headers.sort_by_key(|(name, _)| name.as_str());
    let headers =
        headers.into_iter().map(|(name, value)| format!("{name}: {}", normaliser.text(value)));
    let mut lines = vec![reply.status.to_string()];
    lines.extend(headers);
    lines.extend(cors);
    lines.push(match std::str::from_utf8(&reply.body) {
        Ok(text) => normaliser.text(text),
        Err(_) => format!("{:?}", reply.body),
    });
    lines
}

fn is_of_cors(name: &str) -> bool {
    name == "vary" || name.starts_with("access-control-allow-")
}

/// Which page may read the answer, and whether caches know that it depends on the page.
fn cors(reply: &Reply) -> Vec<String> {
    let vary = reply.header_values("vary").join(",").to_ascii_lowercase();
    let by_origin = vary.split(',').any(|name| name.trim() == "origin");
    let mut lines: Vec<String> =
        by_origin.then(|| "it varies by origin".to_owned()).into_iter().collect();
    for name in ["access-control-allow-origin", "access-control-allow-credentials"] {
        lines.extend(reply.header_values(name).iter().map(|value| format!("{name}: {value}")));
    }
    lines
}

/// Frameworks word their own refusals in their own ways, and some tell an unknown path from a
/// wrong method.
fn of_the_framework(reply: &Reply) -> String {
    match reply.status {
        404 | 405 => "passed on to the framework, which knows no such route".to_owned(),
        400..500 => "refused by the framework".to_owned(),
        status => format!("the framework's own {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let reply = Reply { status, headers: headers.collect(), body: body.into() };
        Exchange { request: "GET /".into(), reply: Some(reply) }
    }

    fn differ(left: &Exchange, right: &Exchange) -> bool {
        difference(&vec![left.clone()], &vec![right.clone()]).is_some()
    }

    #[test]
    fn status_headers_their_order_and_body_count() {
        let own = exchange(200, &[("a", "1"), ("a", "2"), ("b", "3")], "x");
        assert!(!differ(&own, &own));
        assert!(!differ(&own, &exchange(200, &[("b", "3"), ("a", "1"), ("a", "2")], "x")));
        for other in [
            exchange(201, &[("a", "1"), ("a", "2"), ("b", "3")], "x"),
            exchange(200, &[("a", "2"), ("a", "1"), ("b", "3")], "x"),
            exchange(200, &[("a", "1"), ("a", "2")], "x"),
            exchange(200, &[("a", "1"), ("a", "2"), ("b", "3"), ("c", "4")], "x"),
            exchange(200, &[("a", "1"), ("a", "2"), ("b", "3")], "y"),
            Exchange { request: "GET /".into(), reply: None },
        ] {
            assert!(differ(&own, &other), "{other:?}");
        }
    }

    #[test]
    fn who_may_read_an_answer_counts() {
        let allowed = [("access-control-allow-origin", "https://a.example"), ("vary", "Origin")];
        let plain = exchange(404, &[], "");
        assert!(differ(&plain, &exchange(404, &allowed, "")));
        assert!(differ(&plain, &exchange(404, &allowed[1..], "")));
        let more = [allowed[0], ("vary", "accept"), ("vary", "x, origin")];
        assert!(!differ(&exchange(404, &more, ""), &exchange(405, &allowed, "")));
    }

    #[test]
    fn what_the_server_adds_does_not_count() {
        let bare = exchange(200, &[], "x");
        let framed = [("date", "now"), ("server", "this"), ("content-length", "1")];
        assert!(!differ(&bare, &exchange(200, &framed, "x")));
    }

    #[test]
    fn refusals_of_the_framework_are_alike_unless_one_of_them_is_ours() {
        let ours = exchange(404, &[("content-type", OURS)], "{}");
        let html = exchange(404, &[("content-type", "text/html")], "<p>");
        assert!(!differ(&html, &exchange(405, &[], "")));
        assert!(differ(&html, &ours));
        assert!(differ(&html, &exchange(400, &[], "")));
        assert!(differ(&html, &exchange(500, &[], "")));
    }

    #[test]
    fn random_values_are_alike_where_they_stand_for_the_same() {
        let id = |number: u8| format!("{number:08}-0000-4000-8000-000000000000");
        let body = |first: u8, second: u8| {
            exchange(200, &[], &format!(r#"{{"a":"{}","b":"{}"}}"#, id(first), id(second)))
        };
        assert!(!differ(&body(1, 2), &body(3, 4)));
        assert!(differ(&body(1, 2), &body(3, 3)));
    }
}
