//! State that outlives a request: keys and JSON values in scopes, atomic across cores, bounded in memory.
