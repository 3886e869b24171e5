//! The few things done to a descriptor that monoio owns.

#![allow(unsafe_code)] // borrowing a raw descriptor

use std::{
    io,
    mem::MaybeUninit,
    net::{Shutdown, SocketAddr, TcpStream},
    os::fd::{AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd},
    time::Duration,
};

use monoio::net::TcpStream as Connected;
use socket2::SockRef;

/// Runs `act` on the socket behind `fd`, which must be open: workers keep a descriptor in their table
/// exactly as long as the stream that owns it lives, on the same thread.
fn with<T>(fd: RawFd, act: impl FnOnce(&SockRef<'_>) -> T) -> T {
    // SAFETY: open for the whole call, see above; the borrow does not outlive the call.
    let fd = unsafe { BorrowedFd::borrow_raw(fd) };
    act(&SockRef::from(&fd))
}

/// No more bytes are expected: a pending receive ends with what is there already, or with none.
pub(crate) fn end_reading(fd: RawFd) {
    let _ = with(fd, |socket| socket.shutdown(Shutdown::Read));
}

/// No more bytes will be sent: the client sees the end after what was sent.
pub(crate) fn end_writing(stream: &Connected) {
    let _ = with(stream.as_raw_fd(), |socket| socket.shutdown(Shutdown::Write));
}

/// Ends pending operations; closing will reset the connection and forget what was not delivered.
pub(crate) fn abort(fd: RawFd) {
    with(fd, |socket| {
        let _ = socket.set_linger(Some(Duration::ZERO));
        let _ = socket.shutdown(Shutdown::Both);
    });
}

/// Closing will reset the connection. Unlike [`abort`], nothing is ended yet.
pub(crate) fn reset_on_close(fd: RawFd) {
    let _ = with(fd, |socket| socket.set_linger(Some(Duration::ZERO)));
}

/// Says whether a connection was made, once its socket is writable, and lets the socket wait as the driver wants it:
/// a ring does not wait for sockets that say they do not want to.
pub(crate) fn finish_connecting(fd: RawFd, nonblocking: bool) -> io::Result<()> {
    with(fd, |socket| {
        if let Some(error) = socket.take_error()? {
            return Err(error);
        }
        // A socket that was aborted has no error, and no peer.
        socket.peer_addr()?;
        socket.set_nonblocking(nonblocking)
    })
}

/// Takes a connection that waits at a listener; an error where none waits. Both sockets are left as the driver wants them.
pub(crate) fn accept_waiting(listener: RawFd, is_nonblocking: bool) -> io::Result<(TcpStream, SocketAddr)> {
    with(listener, |socket| {
        // A request to a ring that is armed already may take it first: this must not wait for another.
        socket.set_nonblocking(true)?;
        let taken = socket.accept();
        socket.set_nonblocking(is_nonblocking)?;
        let (stream, peer) = taken?;
        stream.set_nonblocking(is_nonblocking)?;
        let peer = peer.as_socket().ok_or(io::ErrorKind::Unsupported)?;
        Ok((stream.into(), peer))
    })
}

/// What can be seen of a peer without reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// It may send more.
    Present,
    /// It sends nothing more; whether it still reads cannot be told.
    Silent,
    /// The connection is broken.
    Gone,
}

/// Looks at the other end of a connection.
pub(crate) fn peer(fd: RawFd) -> Peer {
    let mut look = libc::pollfd { fd, events: libc::POLLRDHUP, revents: 0 };
    // SAFETY: the kernel reads and writes one whole pollfd that lives through the call, and does not wait.
    unsafe { libc::poll(&mut look, 1, 0) };
    match look.revents {
        seen if seen & (libc::POLLERR | libc::POLLHUP) != 0 => Peer::Gone,
        seen if seen & libc::POLLRDHUP != 0 => Peer::Silent,
        _ => Peer::Present,
    }
}

/// Whether a read would have to wait.
pub(crate) fn has_nothing(fd: RawFd) -> bool {
    let mut byte = [MaybeUninit::uninit()];
    let peeked = with(fd, |socket| socket.recv_with_flags(&mut byte, libc::MSG_PEEK | libc::MSG_DONTWAIT));
    peeked.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
}

/// Takes the descriptor out of the runtime of this thread, to be closed or to be served by another.
pub(crate) fn release(stream: Connected) -> OwnedFd {
    // SAFETY: `into_raw_fd` gives up the only owner; no operation is pending on a stream that was just accepted.
    unsafe { OwnedFd::from_raw_fd(stream.into_raw_fd()) }
}

/// Raises the soft limit of open files to the hard one and returns what is allowed now.
pub(crate) fn raise_open_files() -> u64 {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both calls get a pointer to a whole rlimit that lives through the call.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) != 0 {
            return 0;
        }
        let raised = libc::rlimit { rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max };
        if libc::setrlimit(libc::RLIMIT_NOFILE, &raised) == 0 { raised.rlim_cur } else { limit.rlim_cur }
    }
}
