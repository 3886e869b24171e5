//! Pages of the program's file that are mapped, and given back where they were needed only once.

#![allow(unsafe_code)] // madvise has no safe wrapper in std

use std::io;

/// Gives back the pages of code and constants that are mapped now: most of them were needed to start. What is reached
/// again is mapped again, from the page cache.
///
/// Only mappings that nothing was written to since they were made from a file are touched: their pages are the file's.
///
/// # Errors
/// When the process cannot read what it has mapped.
pub fn release_file_pages() -> io::Result<()> {
    let maps = std::fs::read_to_string("/proc/self/smaps")?;
    for range in pristine(&maps) {
        // SAFETY: the range is one private mapping of a file, not writable and without a page of its own: dropping its
        // pages loses nothing, an access reads them from the file again (madvise(2), MADV_DONTNEED).
        unsafe { libc::madvise(range.start as *mut libc::c_void, range.len(), libc::MADV_DONTNEED) };
    }
    Ok(())
}

/// Address ranges of private mappings of files that are not writable and have no page of their own, in the words of
/// proc_pid_smaps(5).
fn pristine(maps: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut candidate = None;
    for line in maps.lines() {
        match line.split_once(':') {
            Some(("Anonymous", size)) if size.trim() == "0 kB" => found.extend(candidate.take()),
            _ => candidate = header(line).unwrap_or(candidate),
        }
    }
    found
}

/// The range that a mapping's first line tells, if it is of a file and cannot be written; `None` for another line.
fn header(line: &str) -> Option<Option<std::ops::Range<usize>>> {
    let mut words = line.split_ascii_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    let address = |text: &str| usize::from_str_radix(text, 16).ok();
    let range = address(start)?..address(end)?;
    let permissions = words.next()?;
    let is_file = words.nth(3).is_some_and(|path| path.starts_with('/'));
    Some((is_file && matches!(permissions, "r--p" | "r-xp")).then_some(range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_the_files_is_given_back() {
        let maps = "\
1000-2000 r--p 00000000 08:01 7 /usr/bin/mocker
Rss: 4 kB
Anonymous:             0 kB
VmFlags: rd mr mw me
2000-3000 r-xp 00001000 08:01 7 /usr/bin/mocker
Anonymous:             0 kB
3000-4000 r--p 00002000 08:01 7 /usr/bin/mocker
Anonymous:             4 kB
4000-5000 rw-p 00003000 08:01 7 /usr/bin/mocker
Anonymous:             0 kB
5000-6000 r--p 00000000 00:00 0
Anonymous:             0 kB
6000-7000 r-xp 00000000 00:00 0 [vdso]
Anonymous:             0 kB
7000-8000 r--s 00000000 08:01 9 /var/shared
Anonymous:             0 kB
";
        assert_eq!(pristine(maps), [0x1000..0x2000, 0x2000..0x3000]);
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
