//! Where PostgreSQL's programs are.

use std::{
    fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
};

/// What to do where they are missing.
pub const MISSING: &str = "PostgreSQL is missing; install the package postgresql";

/// Where Debian's packages put the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder of PostgreSQL's programs.
#[derive(Clone, Debug)]
pub struct Programs(PathBuf);

impl Programs {
    /// Finds the newest version that is installed.
    pub fn find() -> Option<Self> {
        let versions = fs::read_dir(DEBIAN).ok()?.flatten().map(|entry| entry.path());
        let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
        versions
            .filter(|version| version.join("bin/postgres").is_file())
            .max_by_key(number)
            .map(|version| Self(version.join("bin")))
    }

    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.0.join(program)
    }

    /// Runs a statement as the superuser and gives its rows, one a line.
    pub(crate) fn psql(&self, url: &str, sql: &str) -> Result<String, String> {
        let mut command = Command::new(self.path("psql"));
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql]);
        let output = command.output().map_err(|error| format!("psql: {error}"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Has a program run as a user that it accepts.
pub(crate) fn run_as_unprivileged(command: &mut Command) {
    if let Some((user, group)) = unprivileged_user() {
        command.uid(user).gid(group);
    }
}

/// A user and group without rights, where this process is the superuser: PostgreSQL refuses to run
/// as one.
pub(crate) fn unprivileged_user() -> Option<(u32, u32)> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|this| {
        use std::os::unix::fs::MetadataExt;
        this.uid() == 0
    });
    if !is_root {
        return None;
    }
    let users = fs::read_to_string(Path::new("/etc/passwd")).unwrap_or_default();
    let find = |wanted: &str| {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
            (name == wanted).then_some((uid, gid))
        })
    };
    find("postgres").or_else(|| find("nobody"))
}
