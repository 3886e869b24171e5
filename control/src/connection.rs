//! Connections of clients, on one thread with a runtime of its own.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::thread;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONNECTION, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::limits::{
    ACCEPT_PAUSE, BLOCKING_THREADS, DRAIN_TIME, HEAD_TIME, MAX_CONNECTIONS, MAX_HEAD, REQUEST_TIME,
    WRITE_TIME,
};
use crate::patience::Patient;
use crate::problem::{Problem, completed};
use crate::{Gate, Listener, Plane, routes};

/// Pages of other origins may not even embed an answer.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The Admin API while it is served. Dropped, it takes no more requests, and answers those it has.
#[derive(Debug)]
pub struct Serving {
    end: Option<oneshot::Sender<()>>,
    ended: mpsc::Receiver<()>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Whoever asked for the end of the server is to hear that it comes.
        let told = self.end.take().map(|end| end.send(()));
        if told == Some(Ok(())) {
            let _ = self.ended.recv_timeout(DRAIN_TIME * 2);
        }
    }
}

/// Serves the Admin API as long as what this gives is kept.
///
/// # Errors
/// Where the system has no thread or no descriptors for it.
pub fn start(listener: Listener, plane: Plane, gate: Gate) -> io::Result<Serving> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .max_blocking_threads(BLOCKING_THREADS)
        .build()?;
    let door = Arc::new(Door { router: routes::router(plane), gate });
    // A socket is made the runtime's own here, so that what is wrong is told to whoever starts it.
    let entered = runtime.enter();
    let accepting = Accepting::new(listener)?;
    drop(entered);
    let (end, told) = oneshot::channel();
    let (say, ended) = mpsc::channel();
    let serve = move || {
        runtime.block_on(accepting.serve_until(told, door));
        // What still blocks is not waited for.
        runtime.shutdown_background();
        let _ = say.send(());
    };
    thread::Builder::new().name("control".to_owned()).spawn(serve)?;
    Ok(Serving { end: Some(end), ended })
}

/// What every connection leads to.
struct Door {
    router: Router,
    gate: Gate,
}

enum Accepting {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Accepting {
    fn new(listener: Listener) -> io::Result<Accepting> {
        Ok(match listener {
            Listener::Tcp { listener, .. } => {
                listener.set_nonblocking(true)?;
                Accepting::Tcp(TcpListener::from_std(listener)?)
            }
            Listener::Unix { listener, .. } => {
                listener.set_nonblocking(true)?;
                Accepting::Unix(UnixListener::from_std(listener)?)
            }
        })
    }

    async fn serve_until(self, end: oneshot::Receiver<()>, door: Arc<Door>) {
        let connections = GracefulShutdown::new();
        let accepted = async {
            let mut accepting = pin!(self.serve(door, &connections));
            let mut end = pin!(end);
            poll_fn(|context| match end.as_mut().poll(context) {
                Poll::Ready(_) => Poll::Ready(()),
                Poll::Pending => accepting.as_mut().poll(context),
            })
            .await;
        };
        accepted.await;
        let _ = timeout(DRAIN_TIME, connections.shutdown()).await;
    }

    async fn serve(self, door: Arc<Door>, connections: &GracefulShutdown) {
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        loop {
            // Those for whom there is no place wait in the kernel's queue.
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let (door, watcher) = (Arc::clone(&door), connections.watcher());
            let accepted = match &self {
                Accepting::Tcp(listener) => listener.accept().await.map(|(stream, _)| {
                    // Only for speed.
                    let _ = stream.set_nodelay(true);
                    drop(tokio::spawn(door.serve(stream, watcher, place)));
                }),
                Accepting::Unix(listener) => listener
                    .accept()
                    .await
                    .map(|(stream, _)| drop(tokio::spawn(door.serve(stream, watcher, place)))),
            };
            if accepted.is_err() {
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

impl Door {
    async fn serve<S>(self: Arc<Self>, stream: S, watcher: Watcher, _place: OwnedSemaphorePermit)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(|request: Request<Incoming>| async {
            Ok::<_, Infallible>(self.answer(request).await)
        });
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_header_size(MAX_HEAD)
            .serve_connection(TokioIo::new(Patient::new(stream, WRITE_TIME)), service);
        // A client that goes away is nobody's fault.
        let _ = watcher.watch(served).await;
    }

    async fn answer(&self, request: Request<Incoming>) -> Response {
        let (parts, body) = request.into_parts();
        let mut response = match self.gate.check(&parts) {
            // Who is not let in has no place to keep.
            Err(problem) => {
                let mut refused = problem.into_response();
                refused.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                refused
            }
            Ok(()) => {
                let request = Request::from_parts(parts, Body::new(body));
                match timeout(REQUEST_TIME, self.router.clone().oneshot(request)).await {
                    Ok(Ok(response)) => completed(response),
                    Ok(Err(never)) => match never {},
                    Err(_) => late().into_response(),
                }
            }
        };
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
        response
    }
}

fn late() -> Problem {
    let detail = format!(
        "there was no answer within {} s; what was asked for may still be done",
        REQUEST_TIME.as_secs()
    );
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
}
