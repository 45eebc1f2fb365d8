//! The rules of the wire that show in what a client sends and gets.

/// Each rule that must be proved: its section and row in the Frontend Driver Interface (`fdi`) or
/// the Core Driver Interface (`cdi`), or its name where it is the web's own (`http`); and what it
/// is about.
pub const ROWS: &[(&str, &str)] = &[
    ("fdi-2.4-1", "a legacy cookie"),
    ("fdi-2.4-3", "tokens of others are passed over"),
    ("fdi-2.4-4", "the choice between header and cookie"),
    ("fdi-2.4-5", "the anti-CSRF check by header"),
    ("fdi-2.4-6", "no token"),
    ("fdi-2.4-7", "verification"),
    ("fdi-2.4-8", "the core is asked"),
    ("fdi-2.4-9", "claims are asserted"),
    ("fdi-2.5-1", "cookies of a new session"),
    ("fdi-2.5-3", "how tokens of a new session travel"),
    ("fdi-2.5-6", "the other way of transfer is cleared"),
    ("fdi-2.6-2", "a refresh without a token"),
    ("fdi-2.6-4", "what the core says to a refresh"),
    ("fdi-2.6-5", "a refresh that succeeds"),
    ("fdi-2.7", "sign-out"),
    ("fdi-5.1", "the way of a request through the middleware"),
    ("fdi-5.3", "the reading of bodies"),
    ("fdi-6.10", "a second factor by overrides"),
    ("cdi-2.2", "access tokens"),
    ("cdi-2.6", "rotation with a grace period"),
    ("http-2", "HTTP/2"),
    ("http-body-in", "an application's request bodies"),
    ("http-body-out", "an application's streamed answers"),
    ("http-client", "clients that hang up"),
    ("http-connection", "connections of several requests"),
    ("http-handler", "an application's handlers that panic"),
    ("http-headers", "odd and many header lines"),
    ("http-method", "methods without a route"),
    ("http-mount", "where an application lies"),
];
