//! Where in the value the validator stands: a list linked through the stack.

/// One step from the value's root, or the root itself.
#[derive(Clone, Copy)]
pub(crate) enum Path<'p> {
    /// The whole value
    Root,
    /// A member of the object at the parent
    Member(&'p Path<'p>, &'p str),
    /// An element of the array at the parent
    Element(&'p Path<'p>, usize),
}

impl Path<'_> {
    /// What the names on the way take.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Path::Root => 0,
            Path::Member(parent, name) => parent.bytes() + name.len(),
            Path::Element(parent, _) => parent.bytes(),
        }
    }

    /// The tokens of the JSON pointer, unescaped.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let mut tokens = Vec::new();
        let mut here = self;
        loop {
            here = match here {
                Path::Root => break,
                Path::Member(parent, name) => {
                    tokens.push((*name).to_owned());
                    parent
                }
                Path::Element(parent, index) => {
                    tokens.push(index.to_string());
                    parent
                }
            };
        }
        tokens.reverse();
        tokens
    }
}
