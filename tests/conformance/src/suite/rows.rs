//! The rows of the wire's rules.

/// Every row that a case must name: the Front-end Driver Interface's (`fdi`) sections by their
/// steps, the rules of the core (`cdi`), and what malformed input gets.
pub const ROWS: &[&str] = &[
    // Email and password: routes by number, then what they share.
    "fdi-1.1.1",
    "fdi-1.1.2",
    "fdi-1.1.3",
    "fdi-1.1.4",
    "fdi-1.1.5",
    "fdi-1.1.6",
    "fdi-10",
    // Discovery.
    "fdi-1.11",
    "fdi-1.12",
    // Cookies and headers.
    "fdi-2.2.cors",
    // The access token.
    "fdi-2.3.header",
    "fdi-2.3.payload",
    "fdi-2.3.key-mode",
    // Checking a session.
    "fdi-2.4.methods",
    "fdi-2.4.1",
    "fdi-2.4.2",
    "fdi-2.4.3",
    "fdi-2.4.4",
    "fdi-2.4.5",
    "fdi-2.4.6",
    "fdi-2.4.7",
    "fdi-2.4.8",
    "fdi-2.4.9",
    "fdi-2.4.10",
    "fdi-2.4.unauthorised",
    "fdi-2.4.try-refresh-token",
    "fdi-2.4.token-theft-detected",
    "fdi-2.4.invalid-claims",
    "fdi-2.4.clear-duplicate-session-cookies",
    // Creating a session.
    "fdi-2.5.1",
    "fdi-2.5.2",
    "fdi-2.5.3",
    "fdi-2.5.4",
    "fdi-2.5.5",
    "fdi-2.5.6",
    "fdi-2.5.7",
    // Refreshing a session.
    "fdi-2.6.0",
    "fdi-2.6.1",
    "fdi-2.6.2",
    "fdi-2.6.3",
    "fdi-2.6.4",
    "fdi-2.6.5",
    // Signing out.
    "fdi-2.7",
    // Methods of a session.
    "fdi-2.8.merge",
    "fdi-2.8.database",
    "fdi-2.8.revoke",
    // Claims.
    "fdi-2.9.primitive",
    "fdi-2.9.array",
    "fdi-2.9.missing",
    "fdi-2.9.age",
    "fdi-2.9.order",
    "fdi-2.9.set",
    // The middleware.
    "fdi-5.1.base-path",
    "fdi-5.1.rid",
    "fdi-5.1.tenant",
    "fdi-5.1.trailing-slash",
    "fdi-5.1.not-handled",
    "fdi-5.1.gateway",
    "fdi-5.2",
    // The second factor by overrides.
    "fdi-6.10",
    // Sessions in the core. The reference SDKs' way to refresh (2.5) shows in an embedded core by
    // what both ways have in common; rotation with a grace window is 2.6.
    "cdi-2.5.1",
    "cdi-2.5.4",
    "cdi-2.6.rotation",
    "cdi-2.6.grace",
    "cdi-2.6.reuse",
    "cdi-2.6.verify",
    "cdi-2.7",
    "cdi-2.8.regenerate",
    "cdi-2.8.update",
    "cdi-2.8.revoke",
    // Malformed input.
    "bad-input.tokens",
    "bad-input.headers",
    "bad-input.bodies",
    "bad-input.methods",
];
