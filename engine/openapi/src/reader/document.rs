//! The OpenAPI Object (OpenAPI 3.1 §4.8.1).

use mocker_schema::Schemas;
use mocker_source::Diagnostic;

use super::Reader;
use crate::codes;
use crate::model::Document;
use crate::postman;
use crate::suggest::nearest;
use crate::swagger2;
use crate::version::{Family, Version};

impl<'t> Reader<'_, 't> {
    pub(super) fn document(&mut self, version: &Version) -> Document {
        if self.family == Family::Postman {
            return postman::document(self, version);
        }
        let title = self.title();
        self.schemes = self.security_schemes();
        let servers = match self.family {
            Family::Swagger2 => swagger2::servers(self),
            _ => self.servers(self.root),
        };
        let operations = self.paths();
        Document {
            title,
            version: version.text.clone(),
            servers,
            operations,
            schemas: Schemas::default(),
            security_schemes: std::mem::take(&mut self.schemes).known,
        }
    }

    fn title(&mut self) -> String {
        let info = self.object(self.root, "info");
        let title = info.and_then(|info| self.text(info, "title"));
        if title.is_none() {
            let node = info.unwrap_or(self.root);
            let help = "add `info: { title: ..., version: ... }`";
            self.report(
                Diagnostic::warning(codes::INFO_MISSING, node, "`info.title` is missing").with_help(help),
            );
        }
        title.unwrap_or_default().to_owned()
    }

    /// Reports that there are no paths, where there should be.
    pub(super) fn report_no_paths(&mut self) {
        let instead = ["webhooks", "components"].iter().any(|key| self.root.get(key).is_some());
        if self.family >= Family::V31 && instead {
            return;
        }
        let near = nearest("paths", self.root.entries().map(|(key, _)| key));
        let help = near.map_or("add `paths`".to_owned(), |near| format!("is `{near}` meant to be `paths`?"));
        self.report(
            Diagnostic::warning(codes::PATHS_MISSING, self.root, "there are no `paths`, so no operations")
                .with_help(help),
        );
    }
}
