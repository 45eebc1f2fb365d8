//! Mails through a real SMTP server (`server.mjs`, by npm's `smtp-server`), and messages to a
//! stand-in for Twilio. `cargo xtask test --filter delivery` runs the tests.
