//! Keywords of arrays.

use mocker_source::{Kind, Node};

use super::schema::Draft;
use super::{Lowering, Resolve};
use crate::node::ArrayRules;

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    /// `minItems maxItems uniqueItems contains minContains maxContains unevaluatedItems`
    pub(super) fn array_rule(&mut self, draft: &mut Draft<'t>, keyword: &str, value: Node<'t>) {
        match keyword {
            "uniqueItems" => {
                let mut unique = false;
                self.flag(value, keyword, &mut unique);
                if unique {
                    rules(draft).unique = true;
                }
            }
            "contains" => rules(draft).contains = Some(self.id_of(value)),
            "unevaluatedItems" => rules(draft).unevaluated = Some(self.id_of(value)),
            _ => {
                let Some(count) = self.count(value, keyword) else { return };
                let rules = rules(draft);
                match keyword {
                    "minItems" => rules.min_items = count,
                    "maxItems" => rules.max_items = Some(count),
                    "minContains" => rules.min_contains = count,
                    _ => rules.max_contains = Some(count),
                }
            }
        }
    }

    /// `prefixItems`, or the list form of `items` with `additionalItems` (before 2020-12).
    pub(super) fn array_shape(&mut self, draft: &mut Draft<'t>) {
        let (mut prefix, mut rest) = (draft.prefix_items, draft.items);
        if let Some(list) = rest.filter(|items| items.kind() == Kind::Array) {
            prefix = prefix.or(Some(list));
            rest = draft.additional_items;
        }
        if let Some(list) = prefix.filter(|list| !list.is_empty())
            && let Some(members) = self.schema_list(list, "prefixItems")
        {
            rules(draft).prefix = members;
        }
        if let Some(rest) = rest {
            rules(draft).items = Some(self.id_of(rest));
        }
    }
}

fn rules<'d>(draft: &'d mut Draft<'_>) -> &'d mut ArrayRules {
    draft.node.array.get_or_insert_with(|| Box::new(ArrayRules { min_contains: 1, ..ArrayRules::default() }))
}
