//! The server's process.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use crate::{Outcome, frameworks::Framework};

/// A measured server; it is stopped when this is dropped.
pub(crate) struct Server {
    child: Child,
    /// Where the bare route is.
    pub(crate) bare: SocketAddr,
    /// Where the protected route and sign-in are; on most frameworks the same.
    pub(crate) address: SocketAddr,
    folder: TempDir,
}

/// What a server is started with.
#[derive(Default)]
pub(crate) struct Start {
    pub(crate) threads: usize,
    pub(crate) sessions: usize,
    /// Whether a second factor is required, which the sessions have completed.
    pub(crate) second_factor: bool,
    /// The database's URL, in place of a SQLite file.
    pub(crate) database: Option<String>,
    /// Whether hashes and signatures are as cheap as they come, so that what else is done shows.
    pub(crate) light: bool,
}

impl Server {
    /// Starts this program as a server.
    pub(crate) fn start(framework: &Framework, start: &Start) -> Outcome<Self> {
        Self::start_by(Command::new(std::env::current_exe()?), framework, start)
    }

    /// Starts this program as a server, by a program that runs it.
    pub(crate) fn start_by(
        mut command: Command,
        framework: &Framework,
        start: &Start,
    ) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let mut child = command
            .args(["serve", "--framework", framework.name])
            .args(["--threads", &start.threads.to_string()])
            .args(["--sessions", &start.sessions.to_string()])
            .args(start.second_factor.then_some("--second-factor"))
            .args(start.light.then_some("--light"))
            .args(start.database.iter().flat_map(|url| ["--database", url.as_str()]))
            .arg("--folder")
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("the server has no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let (bare, address) = line.trim().split_once(' ').ok_or("the server did not start")?;
        Ok(Self { bare: bare.parse()?, address: address.parse()?, child, folder })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The access tokens of its sessions.
    pub(crate) fn access_tokens(&self) -> Outcome<Vec<String>> {
        self.lines("access")
    }

    /// The refresh tokens of its sessions.
    pub(crate) fn refresh_tokens(&self) -> Outcome<Vec<String>> {
        self.lines("refresh")
    }

    fn lines(&self, file: &str) -> Outcome<Vec<String>> {
        let text = fs::read_to_string(self.folder.path().join(file))?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// The processor time that the server has used, in seconds.
    pub(crate) fn processor_secs(&self) -> Outcome<f64> {
        fs::read_dir(format!("/proc/{}/task", self.child.id()))?
            .map(|task| processor_secs(&task?.path()))
            .sum()
    }
}

/// The processor time that this thread has used, in seconds.
pub(crate) fn own_processor_secs() -> Outcome<f64> {
    processor_secs(Path::new("/proc/thread-self"))
}

fn processor_secs(task: &Path) -> Outcome<f64> {
    let text = fs::read_to_string(task.join("schedstat"))?;
    let nanoseconds = text.split_whitespace().next().ok_or("schedstat is empty")?;
    Ok(nanoseconds.parse::<f64>()? / 1e9)
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
