//! Functions of Rhai on texts whose results could grow beyond all bounds before Rhai looks at their size.

use rhai::plugin::*;
use rhai::{Array, Dynamic, EvalAltResult, ImmutableString, Position};

use crate::script::objects::Failure;

fn too_large(what: &str) -> Failure {
    EvalAltResult::ErrorDataTooLarge(what.to_owned(), Position::NONE).into()
}

/// Replaces, unless the result is longer than a text may be.
fn replaced(
    context: &NativeCallContext<'_>,
    text: &mut ImmutableString,
    find: &str,
    with: &str,
) -> Result<(), Failure> {
    if find == with {
        return Ok(());
    }
    let most = context.engine().max_string_size();
    if most > 0 && with.len() > find.len() {
        // An empty text is found between all characters.
        let count = text.matches(find).count();
        if text.len().saturating_add(count.saturating_mul(with.len() - find.len())) > most {
            return Err(too_large("Length of string"));
        }
    }
    *text = text.replace(find, with).into();
    Ok(())
}

/// Collects parts, unless there are more than an array may have.
fn collected<'t>(
    context: &NativeCallContext<'_>,
    parts: impl Iterator<Item = &'t str>,
) -> Result<Array, Failure> {
    let most = match context.engine().max_array_size() {
        0 => usize::MAX,
        most => most,
    };
    let mut array = Array::new();
    for part in parts {
        if array.len() >= most {
            return Err(too_large("Size of array/BLOB"));
        }
        array.push(Dynamic::from(ImmutableString::from(part)));
    }
    Ok(array)
}

/// Texts: what Rhai has of its own, kept within budgets.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod bounded_strings {
    use rhai::INT;

    #[rhai_fn(name = "replace", return_raw)]
    pub fn replace(
        context: NativeCallContext,
        text: &mut ImmutableString,
        find: &str,
        with: &str,
    ) -> Result<(), Failure> {
        replaced(&context, text, find, with)
    }

    #[rhai_fn(name = "replace", return_raw)]
    pub fn replace_with_char(
        context: NativeCallContext,
        text: &mut ImmutableString,
        find: &str,
        with: char,
    ) -> Result<(), Failure> {
        replaced(&context, text, find, with.encode_utf8(&mut [0; 4]))
    }

    #[rhai_fn(name = "replace", return_raw)]
    pub fn replace_char(
        context: NativeCallContext,
        text: &mut ImmutableString,
        find: char,
        with: &str,
    ) -> Result<(), Failure> {
        replaced(&context, text, find.encode_utf8(&mut [0; 4]), with)
    }

    #[rhai_fn(name = "split", pure, return_raw)]
    pub fn split(context: NativeCallContext, text: &mut ImmutableString, at: &str) -> Result<Array, Failure> {
        collected(&context, text.split(at))
    }

    #[rhai_fn(name = "split", pure, return_raw)]
    pub fn split_whitespace(
        context: NativeCallContext,
        text: &mut ImmutableString,
    ) -> Result<Array, Failure> {
        collected(&context, text.split_whitespace())
    }

    #[rhai_fn(name = "split", pure, return_raw)]
    pub fn split_char(
        context: NativeCallContext,
        text: &mut ImmutableString,
        at: char,
    ) -> Result<Array, Failure> {
        collected(&context, text.split(at))
    }

    #[rhai_fn(name = "split_rev", pure, return_raw)]
    pub fn split_rev(
        context: NativeCallContext,
        text: &mut ImmutableString,
        at: &str,
    ) -> Result<Array, Failure> {
        collected(&context, text.rsplit(at))
    }

    #[rhai_fn(name = "split_rev", pure, return_raw)]
    pub fn split_rev_char(
        context: NativeCallContext,
        text: &mut ImmutableString,
        at: char,
    ) -> Result<Array, Failure> {
        collected(&context, text.rsplit(at))
    }

    #[rhai_fn(name = "split", pure, return_raw)]
    pub fn split_most(
        context: NativeCallContext,
        text: &mut ImmutableString,
        at: &str,
        most: INT,
    ) -> Result<Array, Failure> {
        collected(&context, text.splitn(usize::try_from(most).unwrap_or(1).max(1), at))
    }

    #[rhai_fn(name = "to_chars", return_raw)]
    pub fn to_chars(context: NativeCallContext, text: ImmutableString) -> Result<Array, Failure> {
        let most = context.engine().max_array_size();
        match most > 0 && text.chars().count() > most {
            true => Err(too_large("Size of array/BLOB")),
            false => Ok(text.chars().map(Dynamic::from).collect()),
        }
    }
}
