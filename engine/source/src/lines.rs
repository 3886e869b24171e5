//! Offsets in a text to lines and columns, without keeping the text.

use memchr::memchr2_iter;

/// Bytes whose characters are counted together.
const BLOCK: usize = 64;

/// Where each line starts, in characters from the start of the file.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// Line and column, both from 1, of a character.
    pub(crate) fn place(&self, offset: u32) -> (u32, u32) {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        (line as u32, offset - self.starts[line - 1] + 1)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.starts.capacity() * size_of::<u32>()
    }
}

/// Turns byte offsets into character offsets.
pub(crate) struct Measure<'a> {
    text: &'a [u8],
    /// Characters before each block; `None` for ASCII, where bytes are characters.
    before: Option<Vec<u32>>,
}

impl<'a> Measure<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let text_bytes = text.as_bytes();
        let before = (!text.is_ascii()).then(|| {
            let mut total = 0;
            text_bytes
                .chunks(BLOCK)
                .map(|block| {
                    let start = total;
                    total += characters(block);
                    start
                })
                .collect()
        });
        Measure { text: text_bytes, before }
    }

    /// Characters before byte `offset`; an offset beyond the end counts as the end.
    pub(crate) fn characters_before(&self, offset: u32) -> u32 {
        let offset = (offset as usize).min(self.text.len());
        let Some(before) = &self.before else { return offset as u32 };
        let block = (offset / BLOCK).min(before.len() - 1);
        before[block] + characters(&self.text[block * BLOCK..offset])
    }

    /// The line table; `\n`, `\r\n` and a lone `\r` end a line.
    pub(crate) fn lines(&self) -> Lines {
        let ends = memchr2_iter(b'\n', b'\r', self.text)
            .filter(|&at| self.text[at] == b'\n' || self.text.get(at + 1) != Some(&b'\n'));
        let mut starts = vec![0];
        starts.extend(ends.map(|at| self.characters_before(at as u32 + 1)));
        starts.shrink_to_fit();
        Lines { starts }
    }
}

/// UTF-8 characters that start in `bytes`.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| (byte as i8) >= -0x40).count() as u32
}
