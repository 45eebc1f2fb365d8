use super::answer::Answer;

fn answer(json: &str) -> Answer {
    serde_json::from_str(json).expect("an answer")
}

#[test]
fn answers_are_read_as_the_providers_document_them() {
    let turnstile = answer(
        r#"{"success": true, "challenge_ts": "2022-02-28T15:14:30.096Z", "hostname": "example.com",
            "error-codes": [], "action": "login", "cdata": "x", "metadata": {"interactive": false}}"#,
    );
    assert!(turnstile.success);
    assert_eq!(turnstile.hostname.as_deref(), Some("example.com"));
    assert_eq!(turnstile.action.as_deref(), Some("login"));
    let hcaptcha = answer(
        r#"{"success": true, "challenge_ts": "2026-01-01T00:00:00Z", "hostname": "example.com",
            "credit": false}"#,
    );
    assert_eq!((hcaptcha.success, hcaptcha.score), (true, None));
    let recaptcha =
        answer(r#"{"success": true, "score": 0.9, "action": "signIn", "hostname": null}"#);
    assert_eq!((recaptcha.score, recaptcha.hostname), (Some(0.9), None));
}

#[test]
fn codes_say_whose_fault_it_is() {
    let codes = |codes: &str| answer(&format!(r#"{{"success": false, "error-codes": {codes}}}"#));
    for theirs in [
        r#"["invalid-input-response"]"#,
        r#"["timeout-or-duplicate"]"#,
        r#"["already-seen-response", "expired-input-response"]"#,
        r#"["missing-input-response"]"#,
        r#"["something-new"]"#,
        "[]",
    ] {
        assert_eq!(codes(theirs).our_fault(), None, "{theirs}");
    }
    for ours in ["invalid-input-secret", "missing-input-secret", "bad-request", "internal-error"] {
        assert_eq!(codes(&format!(r#"["{ours}"]"#)).our_fault().as_deref(), Some(ours));
    }
}
