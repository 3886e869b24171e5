//! Requests that nobody sent, for who wants to see what an operation makes of its entities.

use mocker_schema::generate::Key;

use super::{Asked, Site, What};
use crate::resources::Role;
use crate::world::kind::some_parents;
use crate::world::matter::scaled;
use crate::world::paging::Wanted;
use crate::world::scenery::Address;

impl Site {
    /// What request number `sample` asks for, the first of them the first entities; `None` where the answer is not
    /// made of entities.
    pub(crate) fn sample(&self, sample: u64) -> Option<Asked> {
        let scenery = self.scenery().filter(|_| self.is_made())?;
        let matter = &scenery.kind.matter;
        let parents = some_parents(&self.world.resources, self.found(), sample, &|resource| {
            self.world.matter(resource)
        });
        let some =
            |end| if sample == 0 { 0 } else { scaled(Key(0).with(b"sample").with_number(sample), end) };
        let sent = |identity| What::Sent { identity, prefix: "".into(), is_bare: false };
        let what = match self.role() {
            Role::List => {
                let limit = scenery.paging.wanted(b"", matter, scenery.most).limit;
                let wanted = Wanted { offset: some(matter.size), limit, ..Wanted::default() };
                let path = self.paths().pop().unwrap_or_default();
                let address = Address { path: &path, query: b"", host: "a.b", is_secure: false };
                What::Page(scenery.extent(&self.world.document.schemas, &parents, &wanted, address))
            }
            Role::Read | Role::Delete => What::One(matter.codec.text(some(matter.size)).into()),
            _ if self.writing().is_none() => return None,
            Role::Create => sent(None),
            Role::Replace if self.item.is_none() => sent(None),
            Role::Replace | Role::Change => sent(Some(matter.codec.text(some(matter.size)).into())),
        };
        Some(Asked { parents, what, lines: Vec::new() })
    }
}
