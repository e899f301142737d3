//! The operator's endpoints, over HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use marquee::lifecycle::Tasks;
use marquee::ops::serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A free port on this machine, given back before it is used.
async fn free_address() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

async fn status(address: std::net::SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn readiness_follows_the_bot_and_health_the_process() {
    let (address, tasks) = (free_address().await, Tasks::new());
    let connected = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&connected);
    let ready = move || std::future::ready(asked.load(Ordering::SeqCst));
    serve(address, ready, &tasks).await;

    assert_eq!(status(address, "/healthz").await, "200");
    assert_eq!(status(address, "/readyz").await, "503");
    connected.store(true, Ordering::SeqCst);
    assert_eq!(status(address, "/readyz").await, "200");
    assert_eq!(status(address, "/secrets").await, "404");

    assert_eq!(tasks.stop(Duration::from_secs(5)).await, 0);
    assert!(
        TcpStream::connect(address).await.is_err(),
        "the port is free again"
    );
}

#[tokio::test]
async fn a_port_that_is_taken_stops_nothing() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let tasks = Tasks::new();
    serve(taken.local_addr().unwrap(), || std::future::ready(true), &tasks).await;
    assert_eq!(tasks.running(), 0);
}
