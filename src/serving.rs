//! What is served, and the plugins around it: told once that requests come, and once that no more do.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::anyhow;
use mocker_engine::{Deployment, Publication};

use crate::behaviours;
use crate::deployment::PLUGIN;

/// A publication whose plugins are told when they begin and end.
pub(crate) struct Serving {
    publication: Arc<Publication>,
    /// Whether the end was told. The lock is held while plugins are told and deployments change places, so that none
    /// comes behind the end.
    has_ended: Mutex<bool>,
}

impl Serving {
    /// Serves `deployment` first; what becomes of requests is counted if `counts`.
    ///
    /// # Errors
    /// When `init` of a plugin fails.
    pub(crate) fn begin(deployment: Deployment, counts: bool) -> anyhow::Result<Serving> {
        behaviours::begin(&deployment.behaviours).map_err(|_| anyhow!(PLUGIN))?;
        let publication = Publication::new(deployment);
        let publication = Arc::new(if counts { publication.counting() } else { publication });
        Ok(Serving { publication, has_ended: Mutex::new(false) })
    }

    /// What workers serve from.
    pub(crate) fn publication(&self) -> Arc<Publication> {
        Arc::clone(&self.publication)
    }

    /// Serves `deployment` from now on. Gives what was served before; `None` where the server has ended, and nothing
    /// is replaced any more.
    ///
    /// # Errors
    /// When `init` of a plugin fails; then what is served stays.
    pub(crate) fn replace(&self, mut deployment: Deployment) -> anyhow::Result<Option<Arc<Deployment>>> {
        let has_ended = self.has_ended.lock().unwrap_or_else(PoisonError::into_inner);
        if *has_ended {
            return Ok(None);
        }
        behaviours::begin(&deployment.behaviours).map_err(|_| anyhow!(PLUGIN))?;
        let (_, before) = self.publication.current();
        deployment.behaviours.follow(&before.behaviours);
        self.publication.publish(deployment);
        behaviours::end(&before.behaviours);
        Ok(Some(before))
    }

    /// Tells the plugins that nothing more comes; a second time it does nothing.
    pub(crate) fn end(&self) {
        let mut has_ended = self.has_ended.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut *has_ended, true) {
            behaviours::end(&self.publication.current().1.behaviours);
        }
    }
}

/// Where the start fails behind [`Serving::begin`], plugins are told all the same.
impl Drop for Serving {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use mocker_plan::{Options, Plan};

    use super::*;

    #[test]
    fn nothing_takes_the_place_of_what_has_ended() {
        let deployment = || {
            let (plan, _) = Plan::compile(&[], &Options::default());
            Deployment::new(Arc::new(plan), mocker_engine::Settings::default())
        };
        let serving = Serving::begin(deployment(), false).unwrap();
        let revision = || serving.publication().current().0;
        assert!(serving.replace(deployment()).unwrap().is_some());
        assert_eq!(revision(), 1);
        serving.end();
        assert!(serving.replace(deployment()).unwrap().is_none());
        assert_eq!(revision(), 1);
    }
}
