//! Starts an example as a person does, sends halves of requests, and has it end.

// What fails here fails a test.
#![allow(clippy::expect_used, clippy::panic, clippy::missing_panics_doc)]

use std::{
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// No example may take longer to start, to end, or to give up half of a request.
const PATIENCE: Duration = Duration::from_secs(120);

/// Halves of requests: nothing, of a head, and of a body for a route of sign-in.
const HALVES: [&str; 3] = [
    "",
    "GET / HTTP/1.1\r\nhost: localhost\r\nx-half",
    "POST /auth/signin HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
     content-length: 1000\r\n\r\n{",
];

/// A running example. It is killed when this is dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    port: u16,
}

impl Program {
    /// Starts an example in memory and waits until it listens.
    pub fn start(path: &str) -> Self {
        // Bound and let go: nobody listens on it.
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        drop(listener);
        let mut child = Command::new(path)
            .args(["--addr", &format!("127.0.0.1:{port}"), "--database", "sqlite::memory:"])
            .arg("--plain")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let output = child.stdout.take().expect("its output");
        let mut lines = BufReader::new(output).lines();
        let opens = lines.any(|line| line.is_ok_and(|line| line.starts_with("Open ")));
        assert!(opens, "{path} doesn't start");
        // Read on, so that it may write.
        thread::spawn(move || lines.for_each(drop));
        let program = Self { child, port };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < PATIENCE, "{path} doesn't listen");
        }
        program
    }

    /// Opens a connection for each half, and waits until the program has seen them.
    #[must_use]
    pub fn send_halves(&self) -> Vec<TcpStream> {
        let mut halves: Vec<TcpStream> = HALVES.iter().map(|half| self.send(half)).collect();
        let mut whole = self.send("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
        whole.read_exact(&mut [0; 4]).expect("an answer");
        halves.push(whole);
        halves
    }

    /// Sends it a signal, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let kill = Command::new("kill").args([&format!("-{name}"), &id]).status();
        assert!(kill.expect("kill runs").success());
    }

    /// Waits until it has ended by itself.
    #[must_use]
    pub fn wait(mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("its state") {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "it doesn't end");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.write_all(text.as_bytes()).expect("it is sent");
        stream
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The tests of an example whose program this is.
#[macro_export]
macro_rules! stopping {
    ($program:expr) => {
        #[test]
        fn it_ends_when_told_to_though_half_requests_are_open() {
            $crate::ends_though_half_requests_are_open($program);
        }

        #[test]
        fn half_requests_hold_no_descriptor_for_ever() {
            $crate::gives_up_half_requests($program);
        }
    };
}

/// By SIGTERM and by Ctrl-C, the example ends by itself though clients have sent halves of requests.
pub fn ends_though_half_requests_are_open(path: &str) {
    for signal in ["TERM", "INT"] {
        let program = Program::start(path);
        let halves = program.send_halves();
        program.signal(signal);
        let status = program.wait();
        assert!(status.success(), "{signal}: {status}");
        drop(halves);
    }
}

/// Connections are closed whose clients send nothing more.
pub fn gives_up_half_requests(path: &str) {
    let program = Program::start(path);
    for mut half in program.send_halves() {
        half.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        let mut rest = Vec::new();
        match half.read_to_end(&mut rest) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => panic!("half a request holds a descriptor: {error}"),
        }
    }
}
