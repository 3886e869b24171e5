//! Listening sockets: one for each worker and address, all on the same port.

use std::{
    io::{self, ErrorKind},
    net::{SocketAddr, TcpListener, ToSocketAddrs},
};

use socket2::{Domain, Protocol, Socket, Type};
use thiserror::Error;

/// Why a server cannot listen; each reads as one line.
#[derive(Debug, Error)]
pub enum BindError {
    /// Somebody listens there.
    #[error(
        "cannot listen on {0}: the port is taken by another process (try another --port, or 0 for a free one)"
    )]
    PortTaken(SocketAddr),
    /// A privileged port, or a policy.
    #[error("cannot listen on {0}: permission denied (ports below 1024 usually need root)")]
    PermissionDenied(SocketAddr),
    /// Not an address of this machine.
    #[error("cannot listen on {0}: no network interface of this machine has that address")]
    NotLocal(SocketAddr),
    /// A name that means no address.
    #[error("cannot listen on `{host}`: {reason}")]
    BadHost {
        /// As given.
        host: String,
        /// What the resolver said.
        reason: String,
    },
    /// No address was given.
    #[error("cannot listen: no address was given")]
    NoAddress,
    /// Anything else the kernel said.
    #[error("cannot listen on {address}: {error}")]
    Other {
        /// Where.
        address: SocketAddr,
        /// What the kernel said.
        error: io::Error,
    },
}

impl BindError {
    fn new(address: SocketAddr, error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::AddrInUse => Self::PortTaken(address),
            ErrorKind::PermissionDenied => Self::PermissionDenied(address),
            ErrorKind::AddrNotAvailable => Self::NotLocal(address),
            _ => Self::Other { address, error },
        }
    }
}

/// The addresses that a host name or address and a port mean, without repetition.
///
/// # Errors
/// [`BindError::BadHost`] when the name means none.
pub fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, BindError> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let bad = |reason: String| BindError::BadHost { host: host.to_owned(), reason };
    let mut addresses = Vec::new();
    for address in (bare, port).to_socket_addrs().map_err(|error| bad(error.to_string()))? {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() { Err(bad("the name has no address".to_owned())) } else { Ok(addresses) }
}

/// The listening sockets of all workers.
#[derive(Debug)]
pub(crate) struct Listeners {
    /// Real addresses, as bound.
    pub(crate) addresses: Vec<SocketAddr>,
    /// For each worker, one listener an address.
    pub(crate) workers: Vec<Vec<TcpListener>>,
}

/// How is listened.
#[derive(Clone, Copy)]
pub(crate) struct Listening {
    /// Sockets an address
    pub(crate) workers: usize,
    /// Connections the kernel queues for each
    pub(crate) backlog: u32,
    /// Whether other processes may do the same
    pub(crate) shares_port: bool,
}

/// Binds a socket of each worker to each address. Of several, those that this machine has are enough: names
/// such as `localhost` mean `::1` also where there is no IPv6.
pub(crate) fn bind(addresses: &[SocketAddr], how: Listening) -> Result<Listeners, BindError> {
    let mut listeners =
        Listeners { addresses: Vec::new(), workers: (0..how.workers).map(|_| Vec::new()).collect() };
    let mut absent = None;
    for &address in addresses {
        let address = match listeners.addresses.first() {
            Some(first) if address.port() == 0 => SocketAddr::new(address.ip(), first.port()),
            _ => address,
        };
        let (real, sockets) = match bind_all(address, how) {
            Ok(bound) => bound,
            Err(error) if is_absent(&error) => {
                absent.get_or_insert(BindError::new(address, error));
                continue;
            }
            Err(error) => return Err(BindError::new(address, error)),
        };
        listeners.addresses.push(real);
        for (worker, socket) in listeners.workers.iter_mut().zip(sockets) {
            worker.push(socket.into());
        }
    }
    match listeners.addresses.is_empty() {
        true => Err(absent.unwrap_or(BindError::NoAddress)),
        false => Ok(listeners),
    }
}

/// Whether the machine has no such address, or no addresses of that family.
fn is_absent(error: &io::Error) -> bool {
    error.kind() == ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(libc::EAFNOSUPPORT)
}

/// Binds all sockets of one address. `SO_REUSEPORT` lets workers share the port, but would also let a
/// second server of the same user share it unseen; so the first socket is bound without, which fails if
/// anybody listens there, and joins the others only then. Where the port is to be shared, it is bound like the others.
fn bind_all(address: SocketAddr, how: Listening) -> io::Result<(SocketAddr, Vec<Socket>)> {
    let first = open(address)?;
    if how.shares_port {
        first.set_reuse_port(true)?;
    }
    first.bind(&address.into())?;
    let bound = first.local_addr()?;
    let real = bound.as_socket().unwrap_or(address);
    let mut sockets = vec![first];
    if how.workers > 1 {
        sockets[0].set_reuse_port(true)?;
    }
    for _ in 1..how.workers {
        let socket = open(address)?;
        socket.set_reuse_port(true)?;
        socket.bind(&bound)?;
        sockets.push(socket);
    }
    for socket in &sockets {
        socket.listen(i32::try_from(how.backlog).unwrap_or(i32::MAX))?;
    }
    Ok((real, sockets))
}

/// A socket with close-on-exec set. What accepted connections inherit is set here, once.
fn open(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_tcp_nodelay(true)?;
    if address.is_ipv6() {
        // So that 0.0.0.0 and :: can be listened on side by side; on [::] alone, IPv4 comes too.
        socket.set_only_v6(!address.ip().is_unspecified())?;
    }
    Ok(socket)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn bind(addresses: &[SocketAddr], workers: usize) -> Result<Listeners, BindError> {
        super::bind(addresses, Listening { workers, backlog: 16, shares_port: false })
    }

    fn local(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[test]
    fn a_free_port_is_the_same_for_all_workers_and_addresses() {
        let listeners = bind(&[local(0), SocketAddr::from(([127, 0, 0, 2], 0))], 3).unwrap();
        let port = listeners.addresses[0].port();
        assert_ne!(port, 0);
        assert_eq!(listeners.addresses[1].port(), port);
        for worker in &listeners.workers {
            assert_eq!(worker.len(), 2);
            assert!(worker.iter().all(|listener| listener.local_addr().unwrap().port() == port));
        }
    }

    #[test]
    fn a_taken_port_is_said_to_be_taken_even_by_one_of_our_own() {
        for workers in [1, 2] {
            let holder = bind(&[local(0)], workers).unwrap();
            for others in [1, 2] {
                let error = bind(&[holder.addresses[0]], others).unwrap_err();
                assert!(matches!(error, BindError::PortTaken(_)), "{workers} then {others}: {error}");
                assert!(!error.to_string().contains('\n'));
            }
        }
    }

    #[test]
    fn a_port_is_shared_with_those_who_share_it() {
        let shared =
            |address, workers| super::bind(&[address], Listening { workers, backlog: 16, shares_port: true });
        for workers in [1, 2] {
            let holder = shared(local(0), workers).unwrap();
            let address = holder.addresses[0];
            assert_eq!(shared(address, workers).unwrap().addresses, [address]);
            assert!(matches!(bind(&[address], workers), Err(BindError::PortTaken(_))));
        }
    }

    #[test]
    fn a_port_can_be_taken_again_after_its_owner_left() {
        let address = bind(&[local(0)], 2).unwrap().addresses[0];
        bind(&[address], 2).unwrap();
    }

    #[test]
    fn a_foreign_address_is_said_to_be_foreign() {
        let error = bind(&[SocketAddr::from(([192, 0, 2, 1], 0))], 1).unwrap_err();
        assert!(matches!(error, BindError::NotLocal(_)), "{error}");
    }

    #[test]
    fn one_address_of_several_is_enough() {
        let foreign = SocketAddr::from(([192, 0, 2, 1], 0));
        let listeners = bind(&[foreign, local(0)], 2).unwrap();
        assert_eq!(listeners.addresses.len(), 1);
        assert!(listeners.workers.iter().all(|worker| worker.len() == 1));
    }

    #[test]
    fn no_address_is_an_error() {
        assert!(matches!(bind(&[], 1), Err(BindError::NoAddress)));
    }

    #[test]
    fn hosts_resolve_with_and_without_brackets() {
        assert_eq!(resolve("127.0.0.1", 80).unwrap(), [local(80)]);
        assert_eq!(resolve("[::1]", 80).unwrap(), resolve("::1", 80).unwrap());
        assert!(matches!(resolve("no such host", 80), Err(BindError::BadHost { .. })));
    }

    #[test]
    fn permission_is_its_own_error() {
        let error = BindError::new(local(80), ErrorKind::PermissionDenied.into());
        assert!(error.to_string().contains("permission denied"));
    }
}
