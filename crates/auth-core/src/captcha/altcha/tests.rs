use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{
    challenge::{Challenge, digest_of, signature_of},
    solution::Solution,
};

const MAX: u32 = 2_000;
const NOW_SECS: i64 = 1_700_000_000;

fn key() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, b"a key of at least thirty-two bytes")
}

/// What the widget does.
fn solve(challenge: &Value) -> Value {
    let salt = challenge["salt"].as_str().expect("a salt");
    let number = (0..=challenge["maxnumber"].as_u64().expect("a number"))
        .find(|number| digest_of(salt, *number) == challenge["challenge"])
        .expect("there is a solution");
    json!({
        "algorithm": challenge["algorithm"],
        "challenge": challenge["challenge"],
        "number": number,
        "salt": salt,
        "signature": challenge["signature"],
        "took": 12,
    })
}

fn fresh() -> Value {
    let challenge = Challenge::new(&key(), MAX, NOW_SECS + 60).expect("random bytes");
    solve(&serde_json::to_value(challenge).expect("JSON"))
}

fn is_right(solution: &Value, now_secs: i64) -> bool {
    let token = BASE64_STANDARD.encode(solution.to_string());
    Solution::read(&token).is_some_and(|solution| solution.is_right(&key(), MAX, now_secs))
}

/// Computed with Python's `hashlib` and `hmac` from the documented formulas.
#[test]
fn digest_and_signature_are_those_of_other_implementations() {
    let salt = "0123456789abcdef01234567?expires=1700000060&";
    let challenge = digest_of(salt, 1234);
    assert_eq!(challenge, "34c00541c252dd87a36862c3a5651f294ba6bdc44d9b1ea29992876f2eaf987a");
    assert_eq!(
        signature_of(&key(), &challenge),
        "c34b172103beb1623835a1bb4827ed50769b61e54f3e72d85b4c794e78d371d8"
    );
}

#[test]
fn a_solution_is_good_until_its_challenge_expires() {
    let solution = fresh();
    assert!(is_right(&solution, NOW_SECS));
    assert!(is_right(&solution, NOW_SECS + 59));
    assert!(!is_right(&solution, NOW_SECS + 60));
}

#[test]
fn whatever_is_changed_in_a_solution_is_found() {
    for (member, value) in [
        ("algorithm", json!("SHA-1")),
        ("algorithm", json!("SHA-512")),
        ("number", json!(u64::from(MAX) + 1)),
        ("number", json!(-1)),
        ("number", json!(1.5)),
        ("number", json!("1")),
        ("signature", json!("")),
        ("signature", json!("0".repeat(64))),
        ("challenge", json!("0".repeat(64))),
        ("salt", json!("0123?expires=9999999999&")),
        ("salt", Value::Null),
    ] {
        let mut solution = fresh();
        solution[member] = value;
        assert!(!is_right(&solution, NOW_SECS), "{solution}");
    }
    let other = hmac::Key::new(hmac::HMAC_SHA256, b"the key of another application!!");
    let challenge = Challenge::new(&other, MAX, NOW_SECS + 60).expect("random bytes");
    let foreign = solve(&serde_json::to_value(challenge).expect("JSON"));
    assert!(!is_right(&foreign, NOW_SECS));
    for token in ["", "x", "e30=", "bnVsbA==", &BASE64_STANDARD.encode("[".repeat(1500))] {
        assert!(Solution::read(token).is_none(), "{token}");
    }
    let padded = format!("{}{}", fresh(), " ".repeat(4096));
    assert!(Solution::read(&BASE64_STANDARD.encode(padded)).is_none());
}

/// A digit at the salt's end and the number's beginning are one text for the digest: the end of the salt
/// is fixed, so that a solved challenge can't be made to expire later.
#[test]
fn no_digit_can_be_moved_from_the_number_to_the_time_of_expiry() {
    let salt = format!("0123456789abcdef01234567?expires={NOW_SECS}");
    for (salt, number) in
        [(salt.clone(), 12_u64), (format!("{salt}1"), 2), (format!("{salt}&1"), 2)]
    {
        let challenge = digest_of(&salt, number);
        let solution = json!({
            "algorithm": "SHA-256",
            "challenge": challenge,
            "number": number,
            "salt": salt,
            "signature": signature_of(&key(), &challenge),
        });
        assert!(!is_right(&solution, NOW_SECS - 10), "{solution}");
    }
}
