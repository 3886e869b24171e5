//! The Server Object (OpenAPI 3.1 §4.8.5).

use mocker_source::{Diagnostic, Kind, Node};

use super::Reader;
use crate::codes;
use crate::kind::kind_name;
use crate::limits::SERVERS;
use crate::model::Server;
use crate::server_url::base_path;

impl<'t> Reader<'_, 't> {
    /// `servers` of the document, a path item or an operation.
    pub(super) fn servers(&mut self, holder: Node<'t>) -> Vec<Server> {
        if self.family == crate::version::Family::Swagger2 {
            return Vec::new();
        }
        let Some(list) = self.array(holder, "servers") else { return Vec::new() };
        if let Some(known) = self.server_lists.get(&list.id()) {
            return known.clone();
        }
        if list.len() > SERVERS {
            let message = format!("more than {SERVERS} servers; the rest is left out");
            self.report(Diagnostic::warning(codes::LIST_TOO_LONG, list, message));
        }
        let servers: Vec<Server> = list.items().take(SERVERS).filter_map(|node| self.server(node)).collect();
        self.server_lists.insert(list.id(), servers.clone());
        servers
    }

    fn server(&mut self, node: Node<'t>) -> Option<Server> {
        let node = self.deref(node)?;
        let template = if node.kind() == Kind::Object { self.text(node, "url") } else { None };
        let Some(template) = template else {
            let message = match node.kind() {
                Kind::Object => "a server without `url`".to_owned(),
                _ => format!("a server should be an object, this is {}", kind_name(node)),
            };
            self.report(
                Diagnostic::warning(codes::SERVER_INVALID, node, message)
                    .with_help("write `- url: https://...`"),
            );
            return None;
        };
        let url = self.substituted(node, template);
        let base_path = match base_path(&url, self.location) {
            Ok(path) => path,
            Err(reason) => {
                let at = node.get("url").unwrap_or(node);
                let message = format!("`{url}` cannot be a server: {reason}");
                self.report(
                    Diagnostic::warning(codes::SERVER_INVALID, at, message)
                        .with_help("write `https://host/path` or `/path`"),
                );
                return None;
            }
        };
        Some(Server { template: template.into(), url, base_path })
    }

    /// The variables replaced by their defaults.
    fn substituted(&mut self, node: Node<'t>, template: &str) -> String {
        let variables = self.object(node, "variables");
        let mut url = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else { break };
            url.push_str(before);
            match variables.and_then(|variables| self.variable(variables, name)) {
                Some(value) => url.push_str(value),
                None => {
                    let message = format!("the variable `{{{name}}}` has no value and is left out");
                    let help = format!("add `variables: {{ {name}: {{ default: ... }} }}`");
                    let at = node.get("url").unwrap_or(node);
                    self.report(Diagnostic::warning(codes::SERVER_VARIABLE, at, message).with_help(help));
                }
            }
            rest = behind;
        }
        url + rest
    }

    fn variable(&mut self, variables: Node<'t>, name: &str) -> Option<&'t str> {
        let variable = variables.get(name)?;
        let default = if variable.kind() == Kind::Object { self.text(variable, "default") } else { None };
        default.or_else(|| variable.get("enum")?.at(0)?.scalar_text())
    }
}
