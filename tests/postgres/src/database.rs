//! A database for one test.

use std::{
    cell::RefCell,
    env, process,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use crate::programs::Programs;

/// Names the server on which tests make their databases, by the URL of one that is there already.
pub const SERVER_VARIABLE: &str = "AUTH_TEST_POSTGRES";

/// Names a pooler before that server, by the URL of a database: what is tested then connects by the
/// pooler.
pub const POOLER_VARIABLE: &str = "AUTH_TEST_PGBOUNCER";

/// What is added to the parameters of the URL by which tests reach their databases, such as
/// `isolation=serializable`.
pub const PARAMETERS_VARIABLE: &str = "AUTH_TEST_POSTGRES_PARAMETERS";

/// Where the server has a database of this name, new ones are copies of it: that is quicker than
/// creating every table anew.
pub const TEMPLATE: &str = "auth_template";

/// Databases that this process has made; their names are counted on.
static COUNT: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// Each test has a thread of its own, and what is kept here ends with it.
    static OF_THIS_TEST: RefCell<Vec<TestDatabase>> = const { RefCell::new(Vec::new()) };
}

/// The URL of a new database that is gone when the test, that is its thread, ends; or, where the
/// environment names no server, that of SQLite in memory.
pub fn url_for_this_test() -> String {
    let Some(database) = TestDatabase::if_wanted() else { return "sqlite::memory:".to_owned() };
    let url = database.url();
    OF_THIS_TEST.with_borrow_mut(|databases| databases.push(database));
    url
}

/// A database that is gone when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    programs: Programs,
    server: String,
    name: String,
}

impl TestDatabase {
    /// Creates one, if tests are to run on PostgreSQL: if the environment names a server.
    pub fn if_wanted() -> Option<Self> {
        env::var(SERVER_VARIABLE).ok().as_deref().map(Self::on)
    }

    /// Creates one on the server that the environment names.
    pub fn create() -> Self {
        Self::if_wanted().unwrap_or_else(|| {
            panic!("{SERVER_VARIABLE} names no server; `cargo xtask test` starts one")
        })
    }

    /// Creates one without tables.
    pub fn create_empty() -> Self {
        let database = Self::create();
        let name = &database.name;
        database.at_server(&format!("DROP DATABASE {name}"));
        database.at_server(&format!("CREATE DATABASE {name}"));
        database
    }

    /// Creates one on a server, which is named by the URL of a database that is there already.
    pub fn on(server: &str) -> Self {
        let server = server.to_owned();
        let programs = Programs::find().expect(crate::MISSING);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{count}", process::id());
        let database = Self { programs, server, name };
        let find = format!("SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'");
        let template = match database.at_server(&find).is_empty() {
            true => "template1",
            false => TEMPLATE,
        };
        database.at_server(&format!("CREATE DATABASE {} TEMPLATE {template}", database.name));
        database
    }

    /// Its URL, by the pooler where there is one, and with the parameters that are to be added.
    pub fn url(&self) -> String {
        let url = match env::var(POOLER_VARIABLE) {
            Ok(pooler) => self.url_at(&pooler),
            Err(_) => self.url_at(&self.server),
        };
        match env::var(PARAMETERS_VARIABLE) {
            Ok(parameters) => format!("{url}&{parameters}"),
            Err(_) => url,
        }
    }

    fn url_at(&self, server: &str) -> String {
        let (before, after) = server.rsplit_once('/').expect("a URL");
        let parameters = after.split_once('?').map_or("", |(_, parameters)| parameters);
        format!("{before}/{}?{parameters}", self.name)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs a statement in it as the superuser, and gives its rows, one a line.
    pub fn psql(&self, sql: &str) -> String {
        self.try_psql(sql).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same where the server may refuse it; then what it says.
    pub fn try_psql(&self, sql: &str) -> Result<String, String> {
        self.programs.psql(&self.url_at(&self.server), sql)
    }

    fn at_server(&self, sql: &str) -> String {
        self.programs.psql(&self.server, sql).unwrap_or_else(|error| panic!("{error}"))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let (programs, server) = (self.programs.clone(), self.server.clone());
        // Not waited for: the server first lets every connection that is just being made go on,
        // and those of this very test stand still meanwhile. What is left behind is gone with the
        // server.
        thread::spawn(move || drop(programs.psql(&server, &sql)));
    }
}
