//! A client of the Admin API: one request, one answer.

use std::io;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use crate::Address;
use crate::limits::{ANSWER_TIME, CONNECT_TIME, MAX_ANSWER};

/// Asks the Admin API of a server.
#[derive(Clone, Debug)]
pub struct Client {
    address: Address,
    token: Option<String>,
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// 100 to 999
    pub status: u16,
    /// Whole
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The Admin API is turned off
    #[error("the Admin API is off (`admin.address`): give --admin ADDRESS")]
    Off,
    /// Nobody listens
    #[error("no server answers at {address}: {reason}")]
    Unreachable {
        /// Where
        address: Address,
        /// What the system said
        reason: io::Error,
    },
    /// Somebody listens who does not speak as the Admin API does
    #[error("what answers at {address} is no Admin API: {reason}")]
    Strange {
        /// Where
        address: Address,
        /// What was wrong
        reason: String,
    },
    /// The token cannot be sent
    #[error("the token cannot be sent: it has characters that a header field cannot have")]
    Token,
    /// The system has no descriptors
    #[error("cannot ask {address}: {reason}")]
    System {
        /// Where
        address: Address,
        /// What the system said
        reason: io::Error,
    },
}

/// A stream to either kind of address.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Client {
    /// For the server at an address.
    pub fn new(address: Address, token: Option<String>) -> Client {
        Client { address, token }
    }

    /// Where it asks.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Sends a request without a body and waits for the answer.
    ///
    /// # Errors
    /// [`ClientError`], where there is none.
    pub fn send(&self, method: &str, path: &str) -> Result<Answer, ClientError> {
        self.block_on(async {
            let stream = self.connect().await?;
            let answered = timeout(ANSWER_TIME, self.exchange(stream, method, path)).await;
            answered.unwrap_or_else(|_| {
                Err(self.strange(format!("it said nothing for {} s", ANSWER_TIME.as_secs())))
            })
        })
    }

    /// Waits until nobody listens any more, `time` at most. Whether it was so.
    ///
    /// # Errors
    /// Where the system has no descriptors.
    pub fn wait_for_end(&self, time: Duration) -> Result<bool, ClientError> {
        self.block_on(async {
            let ended = timeout(time, async {
                // An idle connection is closed in the end: who connects again then is still served.
                while let Ok(mut stream) = self.connect().await {
                    let mut said = [0; 64];
                    while stream.read(&mut said).await.is_ok_and(|length| length > 0) {}
                }
            });
            Ok(ended.await.is_ok())
        })
    }

    fn block_on<T>(&self, work: impl Future<Output = Result<T, ClientError>>) -> Result<T, ClientError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
        runtime
            .map_err(|reason| ClientError::System { address: self.address.clone(), reason })?
            .block_on(work)
    }

    async fn connect(&self) -> Result<Box<dyn Stream>, ClientError> {
        let connecting = async {
            Ok(match &self.address {
                Address::Off => return Ok(None),
                Address::Tcp { host, port } => {
                    Some(Box::new(TcpStream::connect((host.as_str(), *port)).await?) as Box<dyn Stream>)
                }
                Address::Unix(path) => Some(Box::new(UnixStream::connect(path).await?) as Box<dyn Stream>),
            })
        };
        let connected = timeout(CONNECT_TIME, connecting).await;
        match connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            Ok(stream) => stream.ok_or(ClientError::Off),
            Err(reason) => Err(ClientError::Unreachable { address: self.address.clone(), reason }),
        }
    }

    async fn exchange(
        &self,
        stream: Box<dyn Stream>,
        method: &str,
        path: &str,
    ) -> Result<Answer, ClientError> {
        let strange = |error: hyper::Error| self.strange(error.to_string());
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(strange)?;
        let host = match &self.address {
            Address::Tcp { .. } => self.address.to_string(),
            Address::Unix(_) | Address::Off => "localhost".to_owned(),
        };
        let mut request = Request::builder().method(method).uri(path).header("Host", host);
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let request = request.body(Full::<Bytes>::default()).map_err(|_| ClientError::Token)?;
        let answered = async move {
            let answer = sender.send_request(request).await.map_err(strange)?;
            let status = answer.status().as_u16();
            let body = Limited::new(answer.into_body(), MAX_ANSWER).collect().await;
            let body = body.map_err(|error| self.strange(error.to_string()))?.to_bytes().to_vec();
            Ok(Answer { status, body })
        };
        let driven = async {
            let _ = connection.await;
            std::future::pending::<()>().await;
        };
        tokio::pin!(answered, driven);
        std::future::poll_fn(|context| {
            let _ = driven.as_mut().poll(context);
            answered.as_mut().poll(context)
        })
        .await
    }

    fn strange(&self, reason: String) -> ClientError {
        ClientError::Strange { address: self.address.clone(), reason }
    }
}
