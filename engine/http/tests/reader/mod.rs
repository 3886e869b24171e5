//! Reading one answer as it comes in pieces.

use mocker_http::answer::{Answer, Fault, Reader};

/// Reads one answer out of pieces: what it was, and how many bytes it took. `None` waits for more.
pub(crate) fn read<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
    to_head: bool,
) -> Result<Option<(Answer, usize)>, Fault> {
    let mut reader = Reader::new();
    reader.begin(to_head);
    let (mut input, mut taken) = (Vec::new(), 0);
    for piece in pieces {
        input.extend_from_slice(piece);
        let step = reader.feed(&input)?;
        taken += step.consumed;
        input.drain(..step.consumed);
        if let Some(answer) = step.answer {
            return Ok(Some((answer, taken)));
        }
    }
    match reader.end(!input.is_empty()) {
        Ok(answer) => Ok(Some((answer, taken))),
        Err(Fault::NoAnswer | Fault::Incomplete) => Ok(None),
        Err(fault) => Err(fault),
    }
}
