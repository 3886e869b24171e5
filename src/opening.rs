//! Opens files without waiting for anybody: a named pipe would have its opener wait for the other end, without end.

use std::fs::{File, FileType, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

/// Which files are read that are none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Special {
    Refused,
    /// Said of what is refused: it was read before
    GoneBy,
    /// Pipes of a shell (`<(generate)`) and devices, as nobody has to come for them to be opened
    Read,
}

/// Opens what is to be read.
///
/// # Errors
/// When it cannot be opened, is a folder, or is no file and must be one.
pub(crate) fn reading(path: &Path, special: Special) -> io::Result<File> {
    // Before it is opened: whoever waits for a reader of a pipe would take us for it.
    fit(path, std::fs::metadata(path)?.file_type(), special)?;
    let file = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    // Something else may have its name by now.
    let kind = file.metadata()?.file_type();
    fit(path, kind, special)?;
    if kind.is_file() { Ok(file) } else { File::open(path) }
}

fn fit(path: &Path, kind: FileType, special: Special) -> io::Result<()> {
    let refused = |why: &str| Err(io::Error::other(why.to_owned()));
    match special {
        _ if kind.is_file() => Ok(()),
        _ if kind.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Special::GoneBy => refused("is a pipe or a device, which is read at the start only"),
        Special::Refused => refused("is a pipe, a device or a socket, and must be a regular file"),
        // What a shell has made has no name among the files.
        Special::Read if kind.is_fifo() && path.canonicalize().is_ok() => refused(
            "is a named pipe, which may wait for its writer without end: give a file, or `<(cat PIPE)`",
        ),
        Special::Read => Ok(()),
    }
}

/// Opens what is written, with these options.
///
/// # Errors
/// When it cannot be opened, and when it is a pipe that nobody reads.
pub(crate) fn writing(path: &Path, options: &OpenOptions) -> io::Result<File> {
    let no_wait = |options: &OpenOptions| options.clone().custom_flags(libc::O_NONBLOCK).open(path);
    let opened = no_wait(options).map_err(|error| match error.raw_os_error() {
        Some(libc::ENXIO) => io::Error::other(
            "is a pipe or a socket that nobody reads: start its reader first, or name a file",
        ),
        _ => error,
    })?;
    if !opened.metadata()?.file_type().is_fifo() {
        return Ok(opened);
    }
    // Lines wait for a reader that is slow; opening does not, while we are one ourselves.
    let _reader = no_wait(OpenOptions::new().read(true))?;
    options.open(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::{Read, Write};
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn nobody_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("file"), "four").unwrap();
        assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
        std::os::unix::fs::symlink("pipe", at("link")).unwrap();
        let _socket = UnixListener::bind(at("socket")).unwrap();
        let device = Path::new("/dev/null");
        let (gone, refused, named) = ("read at the start only", "must be a regular file", "named pipe");
        for (path, special, expected) in [
            (&*at("file"), Special::Refused, None),
            (&at("file"), Special::GoneBy, None),
            (&at("file"), Special::Read, None),
            (&at("pipe"), Special::Refused, Some(refused)),
            (&at("pipe"), Special::GoneBy, Some(gone)),
            (&at("pipe"), Special::Read, Some(named)),
            (&at("link"), Special::Read, Some(named)),
            (&at("socket"), Special::Refused, Some(refused)),
            (&at("socket"), Special::GoneBy, Some(gone)),
            (device, Special::Refused, Some(refused)),
            (device, Special::GoneBy, Some(gone)),
            (device, Special::Read, None),
            (folder.path(), Special::Read, Some("directory")),
            (folder.path(), Special::GoneBy, Some("directory")),
            (&at("none"), Special::Read, Some("No such file")),
        ] {
            let error = reading(path, special).err().map(|error| error.to_string());
            match expected {
                None => assert_eq!(error, None, "{path:?}"),
                Some(expected) => assert!(
                    error.as_ref().is_some_and(|error| error.contains(expected)),
                    "{path:?}: {error:?}"
                ),
            }
        }
    }

    #[test]
    fn a_pipe_without_a_name_is_read() {
        use std::os::fd::AsRawFd;

        let (out, mut into) = std::io::pipe().unwrap();
        into.write_all(b"said").unwrap();
        drop(into);
        let path = format!("/dev/fd/{}", out.as_raw_fd());
        let mut text = String::new();
        reading(Path::new(&path), Special::Read).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "said");
    }

    #[test]
    fn a_pipe_is_written_where_somebody_reads() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let mut options = File::options();
        options.append(true);
        let error = writing(&pipe, &options).unwrap_err().to_string();
        assert!(error.contains("nobody reads"), "{error}");
        let mut reader = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(&pipe).unwrap();
        writing(&pipe, &options).unwrap().write_all(b"line\n").unwrap();
        let mut text = [0; 5];
        reader.read_exact(&mut text).unwrap();
        assert_eq!(&text, b"line\n");
    }
}
