//! What is wrong with the configuration of a plugin.

use mocker_source::{Diagnostic, Position};

/// One fault of a plugin's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misconfiguration {
    /// JSON pointer (RFC 6901) into the configuration; empty for the whole
    pub pointer: String,
    /// What is wrong, in one sentence without a final stop
    pub message: String,
    /// What would be right
    pub help: Option<String>,
}

impl Misconfiguration {
    /// A fault of the value under a pointer.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Misconfiguration {
        Misconfiguration { pointer: pointer.into(), message: message.into(), help: None }
    }

    /// With what would be right.
    pub fn with_help(mut self, help: impl Into<String>) -> Misconfiguration {
        self.help = Some(help.into());
        self
    }

    /// The fault as it is told. `place` gives the position of the value, or of the key, under a pointer into the
    /// configuration; where it knows none, the nearest value around it is asked for.
    pub fn diagnostic(self, plugin: &str, place: &dyn Fn(&str) -> Option<Position>) -> Diagnostic {
        let mut pointer = &*self.pointer;
        let position = loop {
            match (place(pointer), pointer.rfind('/')) {
                (None, Some(end)) => pointer = &pointer[..end],
                (position, _) => break position,
            }
        };
        let message = format!("the configuration of the plugin `{plugin}`: {}", self.message);
        Diagnostic {
            pointer: self.pointer,
            help: self.help,
            ..Diagnostic::error_at("plugin-config", position, message)
        }
    }
}

#[cfg(test)]
mod tests {
    use mocker_source::{FileId, Position};

    use super::Misconfiguration;

    #[test]
    fn the_nearest_place_is_told() {
        let at = |line| Some(Position { file: FileId(0), line, column: 1 });
        let place = |pointer: &str| match pointer {
            "" => at(1),
            "/users" => at(2),
            "/users/ann" => at(3),
            _ => None,
        };
        for (pointer, line) in [("", 1), ("/users", 2), ("/users/ann", 3), ("/users/bob/0", 2), ("/none", 1)]
        {
            let told = Misconfiguration::new(pointer, "wrong").with_help("right").diagnostic("basic", &place);
            assert_eq!((told.position, &*told.pointer), (at(line), pointer));
            assert_eq!(told.message, "the configuration of the plugin `basic`: wrong");
            assert_eq!(told.help.as_deref(), Some("right"));
        }
        let told = Misconfiguration::new("/a", "wrong").diagnostic("basic", &|_| None);
        assert_eq!(told.position, None);
    }
}
