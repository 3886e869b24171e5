//! Memory that is given back: pages of the program's file that were needed only once, and what was freed.

#![allow(unsafe_code)] // neither madvise nor the allocator has a safe wrapper for it

use std::io;

use crate::limits::FILE_PAGES_SLACK;

/// Gives back what the allocator, mimalloc, keeps of memory that was freed: by all threads where it lies free as a whole, by the
/// calling thread also where it does not yet. By itself it does so only when something else is allocated or freed.
pub fn release_free_memory() {
    // SAFETY: may be called at any time on any thread; it touches only what is free.
    unsafe { libmimalloc_sys::mi_collect(true) }
}

/// Gives back pages of the program's file that are mapped and not used again: what was reached to compile an operation for
/// its first answer, or documents that changed, is not needed to go on.
#[derive(Debug, Default)]
pub struct FilePages {
    looks: u64,
    /// The look at which pages are given back though no more of them are mapped than before
    due: u64,
    /// Bytes that were mapped one look after they were given back: those that are used
    settled: Option<u64>,
}

impl FilePages {
    /// Looks whether there is something to give back; to be called now and then. That is so when more is mapped than is
    /// used, and, ever more rarely, to find out again how much that is. Whether there was.
    pub fn look(&mut self) -> bool {
        let Some(mapped) = mapped() else { return false };
        self.looks += 1;
        let settled = *self.settled.get_or_insert(mapped);
        let has_grown = mapped > settled.saturating_add(FILE_PAGES_SLACK);
        let gives_back = (has_grown || self.looks >= self.due) && release_file_pages().is_ok();
        if gives_back {
            self.settled = None;
            self.due = self.looks.saturating_mul(2);
        }
        gives_back
    }
}

/// Bytes of files that are mapped into memory now, as the kernel tells them (Linux 4.5).
fn mapped() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssFile:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Gives back the pages of the program's code and constants that are mapped now: most of them were needed to start. What
/// is reached again is mapped again, from the page cache.
///
/// Only mappings that nothing was written to since they were made from the file are touched: their pages are the file's.
///
/// # Errors
/// When the process cannot read what it has mapped.
pub fn release_file_pages() -> io::Result<()> {
    let program = std::fs::read_link("/proc/self/exe")?;
    let maps = std::fs::read_to_string("/proc/self/smaps")?;
    for range in pristine(&maps, &program.to_string_lossy()) {
        // SAFETY: the range is one private mapping of the program's own file, which stays as long as the process does; it
        // is not writable and has no page of its own, neither in memory nor swapped out: dropping its pages loses
        // nothing, an access reads them from the file again (madvise(2), MADV_DONTNEED).
        unsafe { libc::madvise(range.start as *mut libc::c_void, range.len(), libc::MADV_DONTNEED) };
    }
    Ok(())
}

/// A mapping, in the words of proc_pid_smaps(5).
struct Mapping<'m> {
    range: std::ops::Range<usize>,
    permissions: &'m str,
    path: &'m str,
    /// Pages that are not the file's any more: in memory, and swapped out
    own: [Option<&'m str>; 2],
}

/// Address ranges of the program's code and of the constants before it that have no page of their own. Constants behind
/// the code were relocated: those are not the file's.
fn pristine(maps: &str, program: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    for mapping in mappings(maps).into_iter().filter(|mapping| mapping.path == program) {
        let is_code = mapping.permissions == "r-xp";
        if (is_code || mapping.permissions == "r--p") && mapping.own == [Some("0 kB"); 2] {
            found.push(mapping.range);
        }
        if is_code {
            break;
        }
    }
    found
}

fn mappings(maps: &str) -> Vec<Mapping<'_>> {
    let mut mappings: Vec<Mapping<'_>> = Vec::new();
    for line in maps.lines() {
        if let Some(mapping) = header(line) {
            mappings.push(mapping);
        } else if let (Some(mapping), Some((name, size))) = (mappings.last_mut(), line.split_once(':')) {
            match name {
                "Anonymous" => mapping.own[0] = Some(size.trim()),
                "Swap" => mapping.own[1] = Some(size.trim()),
                _ => {}
            }
        }
    }
    mappings
}

/// A mapping by its first line; `None` for another line.
fn header(line: &str) -> Option<Mapping<'_>> {
    let mut words = line.splitn(6, ' ');
    let (start, end) = words.next()?.split_once('-')?;
    let address = |text: &str| usize::from_str_radix(text, 16).ok();
    let range = address(start)?..address(end)?;
    let permissions = words.next()?;
    let path = words.nth(3).unwrap_or_default().trim_start();
    Some(Mapping { range, permissions, path, own: [None; 2] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_the_files_is_given_back() {
        let clean = "Anonymous:             0 kB\nSwap:                  0 kB\n";
        let maps = [
            "1000-2000 r--p 00000000 08:01 7                 /my bin/mocker\nRss: 4 kB\n",
            clean,
            "VmFlags: rd mr mw me\n2000-3000 r--p 00001000 08:01 7                 /my bin/mocker\n",
            "Anonymous:             4 kB\nSwap:                  0 kB\n",
            "3000-4000 r--p 00001000 08:01 7                 /my bin/mocker\n",
            "Anonymous:             0 kB\nSwap:                  4 kB\n",
            "4000-5000 r-xp 00001000 08:01 7                 /my bin/mocker\n",
            clean,
            "5000-6000 r--p 00003000 08:01 7                 /my bin/mocker\n",
            clean,
            "6000-7000 rw-p 00003000 08:01 7                 /my bin/mocker\n",
            clean,
            "7000-8000 r-xp 00000000 08:01 9                 /lib/other.so\n",
            clean,
            "8000-9000 r-xp 00000000 00:00 0                 [vdso]\n",
            clean,
        ];
        assert_eq!(pristine(&maps.concat(), "/my bin/mocker"), [0x1000..0x2000, 0x4000..0x5000]);
        let silent = "1000-2000 r-xp 00000000 08:01 7                 /mocker\nAnonymous: 0 kB\n";
        assert_eq!(pristine(silent, "/mocker"), [], "nothing is said of what is swapped out");
    }

    #[test]
    fn the_program_goes_on() {
        let before = mapped().expect("Linux 4.5");
        release_file_pages().expect("Linux");
        let after = mapped().expect("Linux 4.5");
        assert!(after < before, "{after} of {before} bytes are mapped");
        assert_eq!(format!("{:.3}", 1.0_f64.exp()), "2.718");
    }

    #[test]
    fn pages_are_given_back_ever_more_rarely_and_when_more_are_mapped() {
        let mut pages = FilePages::default();
        let given_back: Vec<u64> = (1..=64)
            .filter(|_| {
                // Other tests reach code of their own.
                pages.settled = pages.settled.map(|_| u64::MAX);
                pages.look()
            })
            .collect();
        assert_eq!(given_back, [1, 2, 4, 8, 16, 32, 64]);
        pages.settled = Some(0);
        assert!(pages.look(), "all that is mapped is too much");
    }
}
