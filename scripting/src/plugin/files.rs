//! Where built-in plugins have keys and secrets from: plugins themselves read no files.

/// Reads files and the environment for a plugin that is being configured.
pub trait Files {
    /// The content of a file; a relative path begins where the configuration says.
    ///
    /// # Errors
    /// When it cannot be read; the text says why.
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String>;

    /// The value of an environment variable; `None` where it is not set or is not UTF-8.
    fn variable(&self, name: &str) -> Option<String>;
}
