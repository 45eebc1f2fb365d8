//! What is depended on, and with which Rust it builds.

use std::process::Command;

use crate::run::{self, Outcome, cargo, root};

/// What an application builds on, and the server.
const SHIPPED: &[&str] = &[
    "auth-actix",
    "auth-axum",
    "auth-core",
    "auth-poem",
    "auth-rocket",
    "auth-server",
    "auth-tower",
    "auth-warp",
];

/// Licences, sources, and crates that mustn't be there or be there twice, by `deny.toml`.
pub(crate) fn allowed() -> Outcome {
    if !run::is_installed("cargo-deny") {
        return Outcome::NotFetched("`cargo install --locked cargo-deny` has the program for it");
    }
    run::run(cargo().args(["deny", "check", "bans", "licenses", "sources"]))
}

/// Checks what is shipped with the oldest Rust that the manifest promises, which rustup fetches
/// where it isn't there.
pub(crate) fn oldest_rust() -> Outcome {
    let Some(version) = promised() else {
        eprintln!("Cargo.toml names no `rust-version`");
        return Outcome::Failed;
    };
    if !run::is_installed("rustup") {
        return Outcome::NotFetched("rustup has other versions of Rust");
    }
    let mut install = Command::new("rustup");
    install.args(["toolchain", "install", &version, "--profile", "minimal", "--no-self-update"]);
    if !matches!(run::run(&mut install), Outcome::Passed) {
        return Outcome::NotFetched("rustup couldn't fetch the oldest Rust");
    }
    // By rustup, as the cargo that runs this is of one version.
    let mut check = Command::new("rustup");
    check.current_dir(root()).env_remove("RUSTC").env_remove("CARGO");
    check.args(["run", &version, "cargo", "check", "--locked", "--target-dir"]);
    check.arg(run::target_folder().join("oldest-rust"));
    check.args(SHIPPED.iter().flat_map(|package| ["--package", package]));
    // The libraries in C are compiled for their build scripts' sake; nothing of them runs.
    check.args(["--config", "profile.dev.package.'*'.opt-level=0"]);
    run::run(&mut check)
}

/// The workspace's `rust-version`.
fn promised() -> Option<String> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).ok()?;
    let line = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \""))?;
    line.strip_suffix('"').map(str::to_owned)
}
