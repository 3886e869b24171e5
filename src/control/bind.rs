//! The socket of the Admin API.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{self, UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use mocker_control::{Address, Listener};
use mocker_runtime::resolve;

use crate::config::section::admin::Admin;
use crate::talk;

/// Binds the Admin API; `None` where it is off, and where somebody else has the address that nobody asked for.
///
/// # Errors
/// Where the address cannot be had, and where others than this machine could reach it without a token.
pub(super) fn bind(admin: &Admin) -> anyhow::Result<Option<Listener>> {
    let listener = match &admin.address {
        Address::Off => return Ok(None),
        Address::Unix(path) => Listener::Unix { listener: unix(path)?, path: path.clone() },
        Address::Tcp { host, port } => match tcp(host, *port, admin.token.is_some()) {
            Ok(listener) => Listener::Tcp { listener, host: host.clone() },
            Err(error) if !admin.is_given => {
                talk::warn(format_args!(
                    "warning: {} {}: this server has no Admin API (`--admin ADDR` gives it one, `--admin off` none)",
                    admin.address,
                    if is_taken(&error) {
                        "is taken".to_owned()
                    } else {
                        format!("cannot be had, {error:#}")
                    },
                ));
                return Ok(None);
            }
            Err(error) if is_taken(&error) => bail!(
                "cannot listen on {}: the port is taken (try another --admin, or `--admin off`)",
                admin.address
            ),
            Err(error) => return Err(error.context(format!("cannot listen on {}", admin.address))),
        },
    };
    Ok(Some(listener))
}

fn is_taken(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::AddrInUse)
}

fn tcp(host: &str, port: u16, has_token: bool) -> anyhow::Result<TcpListener> {
    let addresses = resolve(host, port)?;
    if !has_token && !addresses.iter().all(|address| address.ip().to_canonical().is_loopback()) {
        bail!(
            "others than this machine could reach the Admin API: give `admin.token` (MOCKER_ADMIN_TOKEN_FILE), or a loopback address"
        );
    }
    Ok(first_of(&addresses)?)
}

/// The first that this machine has: `localhost` means `::1` also where there is no IPv6.
fn first_of(addresses: &[SocketAddr]) -> io::Result<TcpListener> {
    let mut absent = None;
    for address in addresses {
        match TcpListener::bind(address) {
            Err(error) if error.kind() == ErrorKind::AddrNotAvailable => absent = Some(error),
            bound => return bound,
        }
    }
    Err(absent.unwrap_or_else(|| ErrorKind::AddrNotAvailable.into()))
}

/// The file of a socket, which goes when the server ends.
pub(crate) struct SocketFile {
    path: PathBuf,
    inode: u64,
}

impl SocketFile {
    /// The file that is there now.
    pub(super) fn of(path: &Path) -> Option<SocketFile> {
        Some(SocketFile { path: path.to_owned(), inode: fs::symlink_metadata(path).ok()?.ino() })
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Another server may have put its own there.
        if fs::symlink_metadata(&self.path).is_ok_and(|found| found.ino() == self.inode) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A socket that only its owner can connect to. It is made where nobody else can look, and put in its place when it is
/// closed to others; a socket that nobody listens to any more makes way.
fn unix(path: &Path) -> anyhow::Result<UnixListener> {
    let name = path.display();
    let context = || format!("cannot listen on unix:{name}");
    // What clients cannot name is no address.
    net::SocketAddr::from_pathname(path).with_context(context)?;
    match fs::symlink_metadata(path) {
        Ok(found) if !found.file_type().is_socket() => bail!("{name} is there already, and no socket"),
        Ok(_) => is_left_behind(path).with_context(context)?,
        Err(_) => {}
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    private(folder, path).with_context(context)
}

/// Whether nobody listens to a socket any more, for certain.
fn is_left_behind(path: &Path) -> io::Result<()> {
    match UnixStream::connect(path) {
        Ok(_) => Err(io::Error::other("another server listens there")),
        Err(error) if matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::NotFound) => Ok(()),
        Err(error) => {
            let message =
                format!("there is a socket already, and it does not say whether it is used: {error}");
            Err(io::Error::new(error.kind(), message))
        }
    }
}

fn private(folder: &Path, path: &Path) -> io::Result<UnixListener> {
    let random = BuildHasher::hash_one(&RandomState::new(), 0);
    let nursery = folder.join(format!(".mocker-{random:x}"));
    fs::DirBuilder::new().mode(0o700).create(&nursery)?;
    let placed = within(&nursery).and_then(|listener| {
        let made = nursery.join(MADE);
        fs::set_permissions(&made, fs::Permissions::from_mode(0o600))?;
        fs::rename(&made, path)?;
        Ok(listener)
    });
    // Ours, and empty unless something went wrong.
    let _ = fs::remove_dir_all(&nursery);
    placed
}

/// What a socket is called until it has its place.
const MADE: &str = "s";

/// A socket in a folder. Names of sockets are short (unix(7)), and the folder's may already be as long as that of the place:
/// the descriptor of the folder has a short one.
fn within(folder: &Path) -> io::Result<UnixListener> {
    let opened = fs::File::open(folder)?;
    let short = Path::new("/proc/self/fd").join(opened.as_raw_fd().to_string());
    UnixListener::bind(if short.exists() { short.join(MADE) } else { folder.join(MADE) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_path_as_long_as_one_may_be_is_one() {
        /// Bytes of a socket's path (unix(7)), less the zero at its end
        const MOST: usize = 107;
        let folder = tempfile::tempdir().unwrap();
        let left = MOST - folder.path().as_os_str().len() - "//s".len();
        let folder = folder.path().join("f".repeat(left));
        fs::create_dir(&folder).unwrap();
        let (longest, longer) = (folder.join("s"), folder.join("so"));
        assert_eq!(longest.as_os_str().len(), MOST);
        let listener = unix(&longest).unwrap();
        UnixStream::connect(&longest).unwrap();
        listener.accept().unwrap();
        assert!(unix(&longer).is_err());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    fn only_a_socket_that_nobody_listens_to_makes_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s");
        let listener = unix(&path).unwrap();
        let refused = |expected: &str| {
            let error = format!("{:#}", unix(&path).unwrap_err());
            assert!(error.contains(expected), "{error}");
        };
        refused("another server listens there");
        drop(listener);
        drop(unix(&path).unwrap());
        fs::remove_file(&path).unwrap();
        // One of another kind is live too, and refuses to be connected to like this.
        let datagrams = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
        refused("does not say whether it is used");
        drop(datagrams);
        unix(&path).unwrap();
    }
}
