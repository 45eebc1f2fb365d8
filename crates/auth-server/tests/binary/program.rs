//! A process that is started, asked and ended.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
};

use tempfile::TempDir;

pub(crate) const KEY: &str = "kDsT3bA7xwWmQ0uR5vHy";

/// The program in a folder, without any variable of this process' environment.
pub(crate) fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-server"));
    command.current_dir(folder.path()).env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A running server. It is killed when this is dropped.
pub(crate) struct Program {
    pub(crate) address: String,
    child: Child,
    output: BufReader<ChildStdout>,
}

/// What a program wrote until it ended.
pub(crate) struct Written {
    pub(crate) output: String,
    pub(crate) error: String,
}

impl Program {
    /// Starts it and waits until it says where it listens.
    pub(crate) fn start(command: &mut Command) -> Self {
        Self::start_on("127.0.0.1", command)
    }

    /// The same on another of this machine's addresses.
    pub(crate) fn start_on(host: &str, command: &mut Command) -> Self {
        let mut child = command.args(["--port", "0", "--host", host]).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let Some(address) = line.split_whitespace().nth(3).map(str::to_owned) else {
            let mut error = String::new();
            child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
            panic!("it doesn't start: {error}");
        };
        assert!(line.ends_with(&format!("with PID: {}\n", child.id())), "{line}");
        Self { address, child, output }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// Sends a request, whose head this is, and gives the answer.
    pub(crate) fn ask(&self, head: &str) -> String {
        self.ask_with(head, "")
    }

    pub(crate) fn ask_with(&self, head: &str, body: &str) -> String {
        let mut socket = self.connect();
        let length = body.len();
        write!(
            socket,
            "{head}\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Tells it to end.
    pub(crate) fn tell_to_end(&self) {
        self.signal("-TERM");
    }

    /// What Ctrl and C do.
    pub(crate) fn interrupt(&self) {
        self.signal("-INT");
    }

    fn signal(&self, signal: &str) {
        let id = self.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Waits until it has ended, which it has to do by itself, and gives what it wrote since it
    /// said where it listens.
    pub(crate) fn wait(mut self) -> Written {
        let mut written = Written { output: String::new(), error: String::new() };
        self.output.read_to_string(&mut written.output).unwrap();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut written.error).unwrap();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {}", written.error);
        written
    }

    pub(crate) fn end(self) -> Written {
        self.tell_to_end();
        self.wait()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text with which it refuses to start.
pub(crate) fn refusal(command: &mut Command) -> String {
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    if !line.is_empty() {
        child.kill().unwrap();
        panic!("it starts with {command:?}");
    }
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{text}");
    let text = text.strip_prefix("auth-server: ").unwrap().to_owned();
    assert_eq!(text.lines().count(), 1, "{text}");
    text
}

/// The text with which it refuses a configuration file.
pub(crate) fn refused_file(folder: &TempDir, yaml: &str) -> String {
    let path = folder.path().join("config.yaml");
    fs::write(&path, yaml).unwrap();
    refusal(command(folder).args(["--database", "sqlite::memory:"]).arg("--config").arg(path))
}
