//! One provider's server: as much HTTP as it takes to misbehave at every layer of it.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use marquee::domain::film::Source;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::behaviour::Behaviour;
use super::{Call, Shelf, dialects, lock};

/// The longest request head that is read.
const HEAD_BYTES: usize = 16 * 1024;

/// A server on a port of its own.
#[derive(Debug)]
pub struct Server {
    desk: Arc<Desk>,
    address: SocketAddr,
    accepting: Mutex<JoinSet<()>>,
}

/// What the server's connections know.
#[derive(Debug)]
struct Desk {
    source: Source,
    shelf: Arc<Shelf>,
    behaviour: Mutex<Behaviour>,
}

impl Server {
    /// Starts a server that behaves.
    pub fn start(source: Source, shelf: Arc<Shelf>) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port on the loopback address");
        let address = listener.local_addr().expect("the listener's address");
        let server = Self {
            desk: Arc::new(Desk {
                source,
                shelf,
                behaviour: Mutex::new(Behaviour::Fine),
            }),
            address,
            accepting: Mutex::new(JoinSet::new()),
        };
        server.accept(Some(listener));
        server
    }

    /// Which provider it plays.
    pub fn source(&self) -> Source {
        self.desk.source
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes its behaviour from the next request on.
    pub fn behave(&self, behaviour: Behaviour) {
        let to_refuse = matches!(behaviour, Behaviour::Refuse);
        let before = std::mem::replace(&mut *lock(&self.desk.behaviour), behaviour);
        if to_refuse {
            lock(&self.accepting).abort_all();
        } else if matches!(before, Behaviour::Refuse) {
            // Bound here and now if the port is free already, so that the next request finds it.
            self.accept(std::net::TcpListener::bind(self.address).ok());
        }
    }

    fn accept(&self, listener: Option<std::net::TcpListener>) {
        let desk = Arc::clone(&self.desk);
        let address = self.address;
        lock(&self.accepting).spawn(async move {
            let listener = match listener {
                Some(listener) => {
                    listener
                        .set_nonblocking(true)
                        .expect("a listener that does not block");
                    TcpListener::from_std(listener).expect("a listener of the runtime")
                }
                None => bind_again(address).await,
            };
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                while connections.try_join_next().is_some() {}
                connections.spawn(serve(stream, Arc::clone(&desk)));
            }
        });
    }
}

/// Takes a port again that its last owner is just letting go.
async fn bind_again(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => tokio::time::sleep(Duration::from_millis(2)).await,
        }
    }
}

/// Serves one request; a connection that breaks on the way is the other side's affair.
async fn serve(mut stream: TcpStream, desk: Arc<Desk>) {
    let behaviour = lock(&desk.behaviour).clone();
    match behaviour {
        Behaviour::Refuse => return,
        Behaviour::PlainGreeting => {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            let _ = stream.shutdown().await;
            return;
        }
        _ => {}
    }
    if let Some(head) = read_head(&mut stream).await {
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        lock(&desk.shelf.calls).push(Call {
            source: desk.source,
            path: path.clone(),
        });
        let _ = answer(&mut stream, &desk, &behaviour, &head, &path).await;
    }
}

async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < HEAD_BYTES {
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

async fn answer(
    stream: &mut TcpStream,
    desk: &Desk,
    behaviour: &Behaviour,
    head: &str,
    path: &str,
) -> std::io::Result<()> {
    let fine = || dialects::answer(desk.source, &lock(&desk.shelf.films), head, path);
    match behaviour {
        Behaviour::RedirectPath { from, to } if from == path => {
            send(stream, desk, 307, &[("Location", to.clone())], b"").await
        }
        Behaviour::Fine | Behaviour::Refuse | Behaviour::PlainGreeting | Behaviour::RedirectPath { .. } => {
            let (status, body) = fine();
            send(stream, desk, status, &[], &body).await
        }
        Behaviour::Delay(by) => {
            tokio::time::sleep(*by).await;
            let (status, body) = fine();
            send(stream, desk, status, &[], &body).await
        }
        Behaviour::Reset => stream.set_zero_linger(),
        Behaviour::Hang => std::future::pending().await,
        Behaviour::HeadersThenSilence => {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
                .await?;
            std::future::pending().await
        }
        Behaviour::Drip => {
            let (status, body) = fine();
            stream
                .write_all(head_of(status, &[], body.len()).as_bytes())
                .await?;
            for byte in body {
                stream.write_u8(byte).await?;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Ok(())
        }
        Behaviour::EndlessChunks => {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")
                .await?;
            loop {
                stream.write_all(b"4\r\n    \r\n").await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Behaviour::Truncated => {
            let (status, body) = fine();
            stream
                .write_all(head_of(status, &[], body.len() + 100).as_bytes())
                .await?;
            stream.write_all(&body).await
        }
        Behaviour::Answer {
            status,
            headers,
            body,
        } => send(stream, desk, *status, headers, body).await,
    }
}

/// An answer, its body in pieces, each counted once the other side's system has taken it.
async fn send(
    stream: &mut TcpStream,
    desk: &Desk,
    status: u16,
    headers: &[(&'static str, String)],
    body: &[u8],
) -> std::io::Result<()> {
    stream
        .write_all(head_of(status, headers, body.len()).as_bytes())
        .await?;
    for piece in body.chunks(16 * 1024) {
        stream.write_all(piece).await?;
        desk.shelf
            .bytes_sent
            .fetch_add(piece.len() as u64, Ordering::Relaxed);
    }
    stream.shutdown().await
}

fn head_of(status: u16, headers: &[(&'static str, String)], length: usize) -> String {
    use std::fmt::Write as _;

    let mut head = format!("HTTP/1.1 {status} Some Reason\r\nConnection: close\r\n");
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    if status != 204 {
        let _ = write!(head, "Content-Length: {length}\r\n");
    }
    head.push_str("\r\n");
    head
}
