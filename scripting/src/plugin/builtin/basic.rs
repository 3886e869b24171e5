//! `basic`: user names and passwords (RFC 7617).

use serde_json::Value;

use super::authorization::credentials;
use super::secrets::Secrets;
use super::settings::text;
use crate::Request;
use crate::host::base64;
use crate::plugin::limits::{CREDENTIAL_BYTES, SECRETS};
use crate::plugin::refusal::challenge;
use crate::plugin::{Misconfiguration, Notes, Verdict};

/// Checks user names and passwords.
#[derive(Debug)]
pub(super) struct Basic {
    /// `name:password`
    users: Secrets,
    realm: Box<str>,
}

impl Basic {
    pub(super) fn configure(config: &Value) -> Result<Basic, Vec<Misconfiguration>> {
        let users = config["users"].as_object();
        let users: Vec<(&String, &str)> = users
            .into_iter()
            .flatten()
            .map(|(name, password)| (name, password.as_str().unwrap_or_default()))
            .collect();
        if users.len() > SECRETS {
            let message = format!("there are {} users; {SECRETS} are allowed", users.len());
            return Err(vec![Misconfiguration::new("/users", message)]);
        }
        let pairs: Vec<String> = users.iter().map(|(name, password)| format!("{name}:{password}")).collect();
        let named = pairs.iter().zip(&users).map(|(pair, (name, _))| (pair.as_bytes(), name.as_str()));
        let realm = text(config, "realm").unwrap_or_default().into();
        Ok(Basic { users: Secrets::new(named), realm })
    }

    pub(super) fn before(&self, request: &Request) -> Verdict {
        let user = match credentials(request, "Basic") {
            None => return self.refuse("This operation needs a user name and a password."),
            Some(sent) if sent.len() > CREDENTIAL_BYTES => None,
            Some(sent) => base64::decode(&sent).ok().and_then(|pair| self.users.name(&pair)),
        };
        match user {
            Some(user) => Verdict::Pass(Notes { user: Some(user.into()), ..Notes::default() }),
            None => self.refuse("The user name or the password is wrong."),
        }
    }

    fn refuse(&self, detail: &str) -> Verdict {
        Verdict::Answer(challenge("Basic", &[("realm", &self.realm), ("charset", "UTF-8")], detail))
    }
}
