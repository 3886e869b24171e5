//! Time of the store's operations.

fn main() {}
