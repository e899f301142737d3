//! A PostgreSQL server for the tests: the one that `TEST_POSTGRES_URL` names, else a private one that is made
//! with the `initdb` found on the machine. It is started once a process and ends with it, however that ends.

#[cfg(unix)]
mod private;

use std::io::Write;
use std::process::Child;
use std::sync::OnceLock;

use url::Url;

/// A server, by the URL of a database on it that is always there.
#[derive(Debug)]
pub struct Server {
    base: Url,
    /// The private server's keeper. Its input is a pipe from this process: once that is closed, by whatever
    /// end this process comes to, the keeper stops the server and removes its files.
    keeper: Option<Child>,
}

impl Server {
    /// The server of this process, or why there is none.
    pub fn get() -> Result<&'static Self, &'static str> {
        static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
        SERVER
            .get_or_init(Self::find_or_start)
            .as_ref()
            .map_err(String::as_str)
    }

    /// Whether the server ends with this process, and whatever is on it.
    pub const fn is_private(&self) -> bool {
        self.keeper.is_some()
    }

    /// The URL of a database on this server.
    pub fn url_of(&self, database: &str) -> String {
        let mut url = self.base.clone();
        url.set_path(database);
        url.into()
    }

    fn find_or_start() -> Result<Self, String> {
        if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
            let base = Url::parse(&url).map_err(|error| format!("TEST_POSTGRES_URL: {error}"))?;
            return Ok(Self { base, keeper: None });
        }
        Self::start()
    }

    #[cfg(unix)]
    fn start() -> Result<Self, String> {
        let (base, keeper) = private::start()?;
        Ok(Self {
            base,
            keeper: Some(keeper),
        })
    }

    #[cfg(not(unix))]
    fn start() -> Result<Self, String> {
        Err("TEST_POSTGRES_URL is not set, and a private server is made on Unix only".into())
    }
}

/// Says why PostgreSQL's tests are skipped, past the test runner's capture; or fails, where it must not be.
pub fn skip(why: &str) {
    static SAID: OnceLock<()> = OnceLock::new();
    assert!(
        std::env::var_os("MARQUEE_REQUIRE_POSTGRES").is_none_or(|value| value != "1"),
        "PostgreSQL is required here: {why}"
    );
    SAID.get_or_init(|| {
        writeln!(std::io::stderr(), "skipped: the tests on PostgreSQL ({why})").ok();
    });
}
