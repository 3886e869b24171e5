//! Pages of the program's file that are mapped, and given back where they were needed only once.

#![allow(unsafe_code)] // madvise has no safe wrapper in std

use std::io;

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
        let mapped = || {
            let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
            let line = status.lines().find_map(|line| line.strip_prefix("RssFile:")).expect("Linux 4.5");
            line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number")
        };
        let before = mapped();
        release_file_pages().expect("Linux");
        assert!(mapped() < before, "{} of {before} kB are mapped", mapped());
        assert_eq!(format!("{:.3}", 1.0_f64.exp()), "2.718");
    }
}
