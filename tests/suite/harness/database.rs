//! A private database for each test, on either engine.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use marquee::store::{Store, StoreOptions};
use sqlx::migrate::MigrateDatabase;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, Postgres, QueryBuilder, Sqlite, SqliteConnection};
use tempfile::TempDir;

use super::postgres::{Server, skip};

/// A database of its own for one test, gone with the value.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    home: Home,
}

#[derive(Debug)]
enum Home {
    Sqlite {
        /// Goes with the value, and the file with it.
        _directory: TempDir,
    },
    Postgres,
}

/// Databases of the private server that a test is done with: emptying one is ten times faster than making one.
static EMPTIED: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl TestDatabase {
    /// An empty SQLite database in a directory of its own.
    pub fn sqlite() -> Self {
        let directory = tempfile::tempdir().expect("a directory for SQLite");
        Self {
            url: format!("sqlite://{}", directory.path().join("marquee.db").display()),
            home: Home::Sqlite {
                _directory: directory,
            },
        }
    }

    /// An empty database on PostgreSQL; `None`, said aloud once, where there is no PostgreSQL.
    pub async fn postgres() -> Option<Self> {
        static DATABASES: AtomicU32 = AtomicU32::new(0);
        let server = match Server::get() {
            Ok(server) => server,
            Err(why) => {
                skip(why);
                return None;
            }
        };
        let emptied = EMPTIED.lock().ok().and_then(|mut emptied| emptied.pop());
        if let Some(url) = emptied {
            return Some(Self {
                url,
                home: Home::Postgres,
            });
        }
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let url = server.url_of(&format!("marquee_test_{}_{number}", std::process::id()));
        Postgres::drop_database(&url)
            .await
            .expect("no database of an earlier run");
        Postgres::create_database(&url)
            .await
            .expect("a database on PostgreSQL");
        Some(Self {
            url,
            home: Home::Postgres,
        })
    }

    /// Whether it is on PostgreSQL.
    pub const fn is_postgres(&self) -> bool {
        matches!(self.home, Home::Postgres)
    }

    /// How a test connects: few connections, and a patience that suits a busy machine.
    pub fn options(&self) -> StoreOptions {
        StoreOptions {
            url: self.url.clone(),
            max_connections: 4,
            busy_timeout: Duration::from_secs(20),
            acquire_timeout: Duration::from_mins(1),
        }
    }

    /// A store on it, with the whole schema.
    pub async fn store(&self) -> Store {
        let store = Store::connect(&self.options()).await.expect("a store");
        store.migrate_up().await.expect("a schema");
        store
    }

    /// Runs statements past the store, on a connection of their own.
    pub async fn run_sql(&self, sql: &'static str) {
        match self.home {
            Home::Sqlite { .. } => {
                let mut connection = SqliteConnection::connect(&self.url).await.expect("a connection");
                sqlx::raw_sql(sql).execute(&mut connection).await.expect(sql);
                connection.close().await.expect("a close");
            }
            Home::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.expect("a connection");
                sqlx::raw_sql(sql).execute(&mut connection).await.expect(sql);
                connection.close().await.expect("a close");
            }
        }
    }

    /// Writes votes past the store: round, voter, film, value.
    pub async fn cast(&self, votes: &[(i64, i64, i64, i32)]) {
        const SQL: &str =
            "INSERT INTO votes (round_id, member_id, film_id, cast_at, value) VALUES ($1, $2, $3, 0, $4)";
        match self.home {
            Home::Sqlite { .. } => {
                let mut connection = SqliteConnection::connect(&self.url).await.expect("a connection");
                for (round, voter, film, value) in votes {
                    let vote = sqlx::query(SQL).bind(round).bind(voter).bind(film).bind(value);
                    vote.execute(&mut connection).await.expect("a vote");
                }
                connection.close().await.expect("a close");
            }
            Home::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.expect("a connection");
                for (round, voter, film, value) in votes {
                    let vote = sqlx::query(SQL).bind(round).bind(voter).bind(film).bind(value);
                    vote.execute(&mut connection).await.expect("a vote");
                }
                connection.close().await.expect("a close");
            }
        }
    }

    /// Runs one statement past the store, waiting so long at most for locks that others hold.
    pub async fn try_sql(&self, sql: &'static str, wait: Duration) -> Result<(), sqlx::Error> {
        match self.home {
            Home::Sqlite { .. } => {
                let options: SqliteConnectOptions = self.url.parse()?;
                let mut connection = options.busy_timeout(wait).connect().await?;
                sqlx::query(sql).execute(&mut connection).await?;
                connection.close().await
            }
            Home::Postgres => {
                let lock_timeout = format!("{}ms", wait.as_millis());
                let options: PgConnectOptions = self.url.parse()?;
                let options = options.options([("lock_timeout", lock_timeout)]);
                let mut connection = options.connect().await?;
                sqlx::query(sql).execute(&mut connection).await?;
                connection.close().await
            }
        }
    }

    /// Keeps everybody else from writing until it is let go; they can still read.
    pub async fn hold_writes(&self) -> HeldWrites {
        match self.home {
            Home::Sqlite { .. } => {
                let mut connection = SqliteConnection::connect(&self.url).await.expect("a connection");
                sqlx::raw_sql("BEGIN IMMEDIATE")
                    .execute(&mut connection)
                    .await
                    .expect("the writer's lock");
                HeldWrites::Sqlite(connection)
            }
            Home::Postgres => {
                self.hold("LOCK TABLE guilds, films, rounds, proposals, polls, votes IN EXCLUSIVE MODE")
                    .await
            }
        }
    }

    /// Keeps everybody else on PostgreSQL even from reading until it is let go; SQLite's readers wait for
    /// nobody.
    pub async fn hold_everything(&self) -> HeldWrites {
        assert!(self.is_postgres(), "readers of SQLite wait for nobody");
        self.hold("LOCK TABLE films, proposals, title_index IN ACCESS EXCLUSIVE MODE")
            .await
    }

    /// Keeps everybody else on PostgreSQL from writing the rows that this locks until they are let go.
    pub async fn hold_rows(&self, locks: &'static str) -> HeldWrites {
        assert!(self.is_postgres(), "SQLite locks no rows");
        self.hold(locks).await
    }

    /// Takes PostgreSQL's locks on several tables. The bot may be taking them in another order just then, and
    /// PostgreSQL lets one of the two have its way: this one tries again.
    async fn hold(&self, locks: &'static str) -> HeldWrites {
        const DEADLOCK: &str = "40P01";
        let mut connection = PgConnection::connect(&self.url).await.expect("a connection");
        loop {
            sqlx::raw_sql("BEGIN")
                .execute(&mut connection)
                .await
                .expect("a transaction");
            match sqlx::raw_sql(locks).execute(&mut connection).await {
                Ok(_) => return HeldWrites::Postgres(connection),
                Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(DEADLOCK) => {}
                Err(error) => panic!("the tables' locks: {error}"),
            }
            sqlx::raw_sql("ROLLBACK")
                .execute(&mut connection)
                .await
                .expect("an undo");
        }
    }

    /// Every table but that of the migrations with its rows, each as a JSON object, in an order of their own.
    pub async fn dump(&self) -> BTreeMap<String, Vec<String>> {
        let mut tables = BTreeMap::new();
        match self.home {
            Home::Sqlite { .. } => {
                let mut connection = SqliteConnection::connect(&self.url).await.expect("a connection");
                let columns: Vec<(String, String)> = sqlx::query_as(
                    "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
                     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '_sqlx%' ORDER BY 1, 2",
                )
                .fetch_all(&mut connection)
                .await
                .expect("the columns");
                for (table, sql) in reading(columns, "json_object") {
                    let mut query = QueryBuilder::<Sqlite>::new(sql);
                    let rows = query.build_query_scalar().fetch_all(&mut connection);
                    tables.insert(table, rows.await.expect("the rows"));
                }
            }
            Home::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.expect("a connection");
                let columns: Vec<(String, String)> = sqlx::query_as(
                    "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
                     WHERE table_schema = 'public' AND table_name NOT LIKE '_sqlx%' ORDER BY 1, 2",
                )
                .fetch_all(&mut connection)
                .await
                .expect("the columns");
                for (table, sql) in reading(columns, "json_build_object") {
                    let mut query = QueryBuilder::<Postgres>::new(sql);
                    let rows = query.build_query_scalar().fetch_all(&mut connection);
                    tables.insert(table, rows.await.expect("the rows"));
                }
            }
        }
        tables
    }

    /// The one whole number that a query past the store yields.
    pub async fn number(&self, sql: &'static str) -> i64 {
        match self.home {
            Home::Sqlite { .. } => {
                let mut connection = SqliteConnection::connect(&self.url).await.expect("a connection");
                sqlx::query_scalar(sql)
                    .fetch_one(&mut connection)
                    .await
                    .expect(sql)
            }
            Home::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.expect("a connection");
                sqlx::query_scalar(sql)
                    .fetch_one(&mut connection)
                    .await
                    .expect(sql)
            }
        }
    }
}

/// A query for each table that reads its rows as JSON.
fn reading(columns: Vec<(String, String)>, object: &str) -> BTreeMap<String, String> {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in columns {
        let field = format!("'{column}', \"{column}\"");
        fields.entry(table).or_default().push(field);
    }
    fields
        .into_iter()
        .map(|(table, fields)| {
            let row = format!("CAST({object}({}) AS TEXT)", fields.join(", "));
            let sql = format!("SELECT {row} FROM \"{table}\" ORDER BY 1");
            (table, sql)
        })
        .collect()
}

/// A database that nobody else can write to.
#[derive(Debug)]
pub enum HeldWrites {
    /// By SQLite's one lock for writers.
    Sqlite(SqliteConnection),
    /// By locks on all tables.
    Postgres(PgConnection),
}

impl HeldWrites {
    /// Lets the others write again.
    pub async fn let_go(self) {
        let closed = match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        };
        closed.expect("a close");
    }
}

impl Drop for TestDatabase {
    /// SQLite's goes with its directory. PostgreSQL's is emptied or dropped by a thread of its own, since the
    /// test's runtime may be ending.
    fn drop(&mut self) {
        if !self.is_postgres() {
            return;
        }
        let url = self.url.clone();
        let clearing = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            let reuse = Server::get().is_ok_and(Server::is_private);
            if reuse && runtime.block_on(empty(&url)).is_ok() {
                if let Ok(mut emptied) = EMPTIED.lock() {
                    emptied.push(url);
                }
            } else {
                runtime.block_on(Postgres::force_drop_database(&url)).ok();
            }
        });
        clearing.join().ok();
    }
}

/// Ends whatever is still connected to the database, and leaves nothing in it.
async fn empty(url: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    let clear = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid();
                 DROP SCHEMA public CASCADE;
                 CREATE SCHEMA public;";
    sqlx::raw_sql(clear).execute(&mut connection).await?;
    connection.close().await
}
