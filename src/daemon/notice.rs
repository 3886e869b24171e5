//! The notice that a service is ready, as service managers take it (sd_notify(3)).

use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::{Duration, Instant};

use crate::config::Environment;
use crate::limits::MAX_NOTICE;

const READY: &str = "READY=1\nSTATUS=";

/// Tells whoever started this process that it serves. Nobody may be waiting.
pub(crate) fn ready(line: &str) {
    if let Some(name) = Environment::notify_socket() {
        let _ = send(&name, &format!("{READY}{line}\n"));
    }
}

fn send(name: &OsStr, text: &str) -> io::Result<()> {
    let address = match name.as_bytes().split_first() {
        Some((b'@', name)) => SocketAddr::from_abstract_name(name)?,
        _ => SocketAddr::from_pathname(name)?,
    };
    UnixDatagram::unbound()?.send_to_addr(text.as_bytes(), &address).map(drop)
}

/// Where the notice of a process is waited for.
pub(crate) struct Ear {
    socket: UnixDatagram,
    name: String,
}

/// What came of waiting.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It serves; its start line
    Ready(String),
    /// It has ended
    Ended,
    /// Neither within the time
    Nothing,
}

impl Ear {
    pub(crate) fn new() -> io::Result<Ear> {
        let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0);
        let name = format!("mocker-{}-{random:x}", std::process::id());
        let socket = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name)?)?;
        Ok(Ear { socket, name: format!("@{name}") })
    }

    /// For the variable NOTIFY_SOCKET of the process.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What ends the waiting when the process has ended.
    pub(crate) fn end(name: &str) {
        let _ = send(OsStr::new(name), "");
    }

    /// Waits for the notice or for the end.
    pub(crate) fn hear(&self, time: Duration) -> io::Result<Heard> {
        let deadline = Instant::now() + time;
        let mut notice = vec![0; MAX_NOTICE];
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Heard::Nothing);
            }
            self.socket.set_read_timeout(Some(left))?;
            match self.socket.recv(&mut notice) {
                Ok(0) => return Ok(Heard::Ended),
                Ok(length) => {
                    let text = String::from_utf8_lossy(&notice[..length]);
                    if let Some(line) = text.strip_prefix(READY) {
                        return Ok(Heard::Ready(line.trim_end().to_owned()));
                    }
                }
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn what_is_said_is_heard() {
        let ear = Ear::new().unwrap();
        send(OsStr::new(ear.name()), "STATUS=compiling").unwrap();
        send(OsStr::new(ear.name()), "READY=1\nSTATUS=listening\n").unwrap();
        assert_eq!(ear.hear(PATIENCE).unwrap(), Heard::Ready("listening".to_owned()));
        Ear::end(ear.name());
        assert_eq!(ear.hear(PATIENCE).unwrap(), Heard::Ended);
        assert_eq!(ear.hear(Duration::from_millis(1)).unwrap(), Heard::Nothing);
    }

    #[test]
    fn a_socket_of_the_file_system_does_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s");
        let socket = UnixDatagram::bind(&path).unwrap();
        send(path.as_os_str(), "READY=1").unwrap();
        let mut heard = [0; 16];
        assert_eq!(socket.recv(&mut heard).unwrap(), 7);
    }
}
