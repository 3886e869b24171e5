//! `schemes`, `host` and `basePath`.

use mocker_source::{Diagnostic, Node};

use crate::codes;
use crate::model::Server;
use crate::reader::Reader;
use crate::server_url::base_path;
use crate::{Location, location::scheme};

/// One server for each scheme; none where the description says nothing about it.
pub(crate) fn servers(reader: &mut Reader<'_, '_>) -> Vec<Server> {
    let root = reader.root;
    let host = reader.text(root, "host").unwrap_or_default().trim();
    let path = base(reader, root);
    if host.is_empty() {
        return if path.is_empty() { Vec::new() } else { server(reader, root, path).into_iter().collect() };
    }
    let list = reader.array(root, "schemes");
    let mut schemes: Vec<&str> = list.into_iter().flat_map(Node::items).filter_map(Node::as_str).collect();
    if schemes.is_empty() {
        schemes.push(match reader.location {
            Location::Url(url) => scheme(url).unwrap_or("https"),
            Location::File(_) => "https",
        });
    }
    // `host: https://example.com` is common
    let host = host.split_once("://").map_or(host, |(_, host)| host).trim_end_matches('/');
    let urls = schemes.into_iter().map(|scheme| format!("{scheme}://{host}{path}"));
    urls.collect::<Vec<_>>().into_iter().filter_map(|url| server(reader, root, url)).collect()
}

fn base(reader: &mut Reader<'_, '_>, root: Node<'_>) -> String {
    let Some(node) = root.get("basePath") else { return String::new() };
    let written = node.scalar_text().unwrap_or_default().trim();
    let plain = written.trim_matches('/');
    if !written.is_empty() && !written.starts_with('/') {
        let message = format!("the basePath `{written}` does not begin with `/`");
        reader.report(
            Diagnostic::warning(codes::SERVER_INVALID, node, message).with_help(format!("write `/{plain}`")),
        );
    }
    if plain.is_empty() { String::new() } else { format!("/{plain}") }
}

fn server(reader: &mut Reader<'_, '_>, root: Node<'_>, url: String) -> Option<Server> {
    match base_path(&url, reader.location) {
        Ok(base_path) => Some(Server { template: url.clone(), url, base_path }),
        Err(reason) => {
            let at = root.get("host").or_else(|| root.get("basePath")).unwrap_or(root);
            let message = format!("`{url}` cannot be a server: {reason}");
            reader.report(
                Diagnostic::warning(codes::SERVER_INVALID, at, message)
                    .with_help("write `host: api.example.com`"),
            );
            None
        }
    }
}
