//! Any text is normalised or refused; what comes out has the promised form.
#![no_main]

use auth_core::normalise;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(domain) = normalise::domain(text) {
        assert!(!domain.ends_with('/'), "{domain}");
        let _ = normalise::top_level_site(&domain);
    }
    if let Ok(path) = normalise::path(text) {
        assert!(path.is_empty() || path.starts_with('/'), "{path}");
    }
});
