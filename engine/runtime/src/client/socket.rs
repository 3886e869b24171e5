//! A connection to a server.

use std::{
    cell::Cell,
    io,
    net::SocketAddr,
    os::fd::{AsRawFd, RawFd},
    rc::Rc,
};

use monoio::{
    buf::{IoBuf, IoBufMut},
    io::{AsyncReadRent, AsyncWriteRent},
    net::TcpStream,
};
use socket2::{Domain, Protocol, Type};

use crate::socket;

/// A connection, or the way to one. Dropping it closes it.
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    abort: Abort,
}

/// Ends what a socket waits for, from another task of its thread. Does nothing once the socket is gone.
#[derive(Clone, Debug)]
pub struct Abort(Rc<Cell<Option<RawFd>>>);

impl Abort {
    /// Pending and later operations of the socket fail; closing it resets the connection.
    pub fn abort(&self) {
        if let Some(fd) = self.0.get() {
            socket::abort(fd);
        }
    }
}

/// Whether a connection failed because this machine has no descriptor or no port left.
pub fn is_exhausted(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE | libc::EADDRNOTAVAIL))
}

/// What can be written.
pub trait Bytes: IoBuf {}

impl Bytes for Vec<u8> {}
impl Bytes for super::Piece {}

impl Socket {
    /// Begins to connect; [`Socket::connected`] waits for the outcome. Small writes leave at once (`TCP_NODELAY`).
    ///
    /// # Errors
    /// When there is no descriptor or no port left, and where the kernel knows at once that nobody is there.
    ///
    /// # Panics
    /// Outside of [`Reactor::block_on`](super::Reactor::block_on).
    pub fn dial(address: SocketAddr) -> io::Result<Self> {
        let socket = socket2::Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        match socket.connect(&address.into()) {
            Err(error) if error.raw_os_error() != Some(libc::EINPROGRESS) => return Err(error),
            _ => {}
        }
        let stream = TcpStream::from_std(socket.into())?;
        let abort = Abort(Rc::new(Cell::new(Some(stream.as_raw_fd()))));
        Ok(Self { stream, abort })
    }

    /// Waits until the connection is made.
    ///
    /// # Errors
    /// Why it was not.
    pub async fn connected(&mut self) -> io::Result<()> {
        self.stream.writable(false).await?;
        socket::finish_connecting(self.stream.as_raw_fd(), monoio::utils::is_legacy())
    }

    /// Whether nothing has come that is not read yet, neither bytes nor an end: as it must be between an answer and
    /// the next request. Asks the kernel, without waiting.
    pub fn is_quiet(&self) -> bool {
        socket::has_nothing(self.stream.as_raw_fd())
    }

    /// For ending the waits of this socket.
    pub fn abort_handle(&self) -> Abort {
        self.abort.clone()
    }

    /// Reads behind what is in `buffer`, as much as it has room for; at least one byte. Gives how many came: 0 is
    /// the end.
    ///
    /// # Errors
    /// The connection is broken.
    #[inline]
    pub async fn read(&mut self, mut buffer: Vec<u8>) -> (io::Result<usize>, Vec<u8>) {
        buffer.reserve(1);
        let filled = buffer.len();
        let (result, slice) = self.stream.read(buffer.slice_mut(filled..)).await;
        (result, slice.into_inner())
    }

    /// Writes all of `bytes` and gives them back.
    ///
    /// # Errors
    /// The connection is broken.
    #[inline]
    pub async fn write_all<B: Bytes>(&mut self, bytes: B) -> (io::Result<()>, B) {
        let length = bytes.bytes_init();
        let (result, bytes) = self.stream.write(bytes).await;
        match result {
            Ok(sent) if sent == length => (Ok(()), bytes),
            Ok(sent) => Box::pin(self.write_rest(bytes, sent)).await,
            Err(error) => (Err(error), bytes),
        }
    }

    #[cold]
    async fn write_rest<B: Bytes>(&mut self, mut bytes: B, mut sent: usize) -> (io::Result<()>, B) {
        while sent < bytes.bytes_init() {
            let (result, slice) = self.stream.write(bytes.slice(sent..)).await;
            bytes = slice.into_inner();
            match result {
                Ok(0) => return (Err(io::ErrorKind::WriteZero.into()), bytes),
                Ok(more) => sent += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return (Err(error), bytes),
            }
        }
        (Ok(()), bytes)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.abort.0.set(None);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::{
        io::{Read, Write},
        net::TcpListener,
        sync::Arc,
        thread,
    };

    use super::*;
    use crate::{
        DriverChoice,
        client::{Piece, Reactor, spawn},
    };

    const DRIVERS: [DriverChoice; 2] = [DriverChoice::Auto, DriverChoice::Epoll];

    fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    #[test]
    fn what_is_written_arrives_and_what_comes_is_appended() {
        for driver in DRIVERS {
            let (listener, address) = listener();
            let length = 8 * 1024 * 1024;
            let server = thread::spawn(move || {
                let mut peer = listener.accept().unwrap().0;
                let mut all = vec![0; length + 3];
                peer.read_exact(&mut all).unwrap();
                peer.write_all(b"answer").unwrap();
                all
            });
            let received = Reactor::build(driver).unwrap().block_on(async {
                let mut socket = Socket::dial(address).unwrap();
                socket.connected().await.unwrap();
                // More than the kernel takes at once.
                let (result, sent) = socket.write_all(vec![7; length]).await;
                result.unwrap();
                assert_eq!(sent.len(), length);
                let whole: Rc<Arc<[u8]>> = Rc::new(Arc::from(&b"..end.."[..]));
                socket.write_all(Piece::new(&whole, 2..5)).await.0.unwrap();
                let mut buffer = b"the ".to_vec();
                while buffer.len() < 10 {
                    let (result, back) = socket.read(buffer).await;
                    buffer = back;
                    assert_ne!(result.unwrap(), 0);
                }
                buffer
            });
            assert_eq!(received, b"the answer");
            let all = server.join().unwrap();
            assert!(all[..length].iter().all(|&byte| byte == 7) && all.ends_with(b"end"));
        }
    }

    #[test]
    fn nobody_there_is_an_error() {
        for driver in DRIVERS {
            let (listener, address) = listener();
            drop(listener);
            let error = Reactor::build(driver).unwrap().block_on(async {
                match Socket::dial(address) {
                    Ok(mut socket) => socket.connected().await.unwrap_err(),
                    Err(error) => error,
                }
            });
            assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused, "{driver:?}");
        }
    }

    #[test]
    fn a_wait_can_be_aborted() {
        for driver in DRIVERS {
            let (listener, address) = listener();
            Reactor::build(driver).unwrap().block_on(async {
                let mut socket = Socket::dial(address).unwrap();
                socket.connected().await.unwrap();
                let _peer = listener.accept().unwrap();
                let abort = socket.abort_handle();
                spawn(async move { abort.abort() });
                let (result, _) = socket.read(Vec::new()).await;
                assert!(matches!(result, Ok(0) | Err(_)), "{driver:?}: {result:?}");
                let abort = socket.abort_handle();
                drop(socket);
                abort.abort();
            });
        }
    }

    #[test]
    fn a_socket_is_quiet_until_something_comes() {
        for driver in DRIVERS {
            for ends in [false, true] {
                let (listener, address) = listener();
                Reactor::build(driver).unwrap().block_on(async {
                    let mut socket = Socket::dial(address).unwrap();
                    socket.connected().await.unwrap();
                    let (mut peer, _) = listener.accept().unwrap();
                    assert!(socket.is_quiet());
                    match ends {
                        true => drop(peer),
                        false => peer.write_all(b"?").unwrap(),
                    }
                    assert!(!socket.is_quiet());
                });
            }
        }
    }

    #[test]
    fn a_dial_can_be_aborted() {
        // A full queue: nobody accepts, and further connections are not answered.
        let socket = socket2::Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        socket.listen(0).unwrap();
        let address = socket.local_addr().unwrap().as_socket().unwrap();
        for driver in DRIVERS {
            Reactor::build(driver).unwrap().block_on(async {
                let _full: Vec<Socket> = (0..8).map(|_| Socket::dial(address).unwrap()).collect();
                let mut socket = Socket::dial(address).unwrap();
                let abort = socket.abort_handle();
                spawn(async move { abort.abort() });
                assert!(socket.connected().await.is_err(), "{driver:?}");
            });
        }
    }
}
