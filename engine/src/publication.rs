//! What is served, published as one: compiled aside, taken up by every worker at its next request.

use std::cell::{OnceCell, RefCell, RefMut};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use mocker_plan::Plan;
use mocker_scripting::{Context, Fault, ScriptId, Scripts, TemplateId};

use crate::access::Access;
use crate::behaviour::{Behaviours, Exhaustion, Spender};
use crate::chaos::{Fidelity, Lateness};
use crate::crowd::Crowd;
use crate::metrics::{Metrics, Part};
use crate::settings::Settings;

/// All that decides about answers. Never changed: another is published in its place.
pub struct Deployment {
    /// Routes and answers
    pub plan: Arc<Plan>,
    /// What the user decided about how requests are treated
    pub settings: Settings,
    /// What the user added to operations
    pub behaviours: Behaviours,
}

impl Deployment {
    /// The answers of a plan, and nothing beyond.
    pub fn new(plan: Arc<Plan>, settings: Settings) -> Deployment {
        Deployment { plan, settings, behaviours: Behaviours::default() }
    }
}

/// The deployment that is served, shared by all workers. A request that begins after [`Publication::publish`] has
/// returned sees the new one, on connections that were there before too; one that has begun is finished on the old.
pub struct Publication {
    /// Read at each request; the lock is taken only where it has changed
    revision: AtomicU64,
    current: Mutex<Arc<Deployment>>,
    /// Those before it: large ones take a while to take apart, which is no work for a worker
    replaced: Mutex<Vec<Arc<Deployment>>>,
    metrics: Option<Metrics>,
    access: Arc<Access>,
    /// Requests that are being answered
    crowd: Crowd,
    /// How exact each worker's delays are
    lateness: Mutex<Vec<Arc<Lateness>>>,
}

impl Publication {
    /// Serves `deployment` first.
    pub fn new(deployment: Deployment) -> Publication {
        let current = Mutex::new(Arc::new(deployment));
        let revision = AtomicU64::new(0);
        Publication {
            revision,
            current,
            replaced: Mutex::default(),
            metrics: None,
            access: Arc::default(),
            crowd: Crowd::default(),
            lateness: Mutex::default(),
        }
    }

    /// The same, and what becomes of requests is counted.
    pub fn counting(self) -> Publication {
        Publication { metrics: Some(Metrics::default()), ..self }
    }

    /// What was counted, where it is.
    pub fn metrics(&self) -> Option<&Metrics> {
        self.metrics.as_ref()
    }

    /// The access log's rings, and its switch.
    pub fn access(&self) -> &Arc<Access> {
        &self.access
    }

    /// Requests that are being answered.
    pub(crate) fn crowd(&self) -> &Crowd {
        &self.crowd
    }

    /// What one more worker writes down how late delayed answers are.
    pub(crate) fn lateness(&self) -> Arc<Lateness> {
        let lateness = Arc::new(Lateness::default());
        self.lateness.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&lateness));
        lateness
    }

    /// How late delayed answers were, of all workers together, since the start.
    pub fn fidelity(&self) -> Fidelity {
        let all = self.lateness.lock().unwrap_or_else(PoisonError::into_inner);
        Fidelity::of(all.iter().map(|one| &**one))
    }

    /// Serves `deployment` from now on. Gives its number.
    pub fn publish(&self, deployment: Deployment) -> u64 {
        // One assignment is done under the lock: poisoned or not, what it guards is whole.
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *current, Arc::new(deployment));
        self.replaced.lock().unwrap_or_else(PoisonError::into_inner).push(before);
        self.revision.fetch_add(1, Ordering::Release) + 1
    }

    /// Lets go of what was served before and no worker serves any more. To be called now and then, by no worker.
    pub fn let_go(&self) {
        if let Some(metrics) = &self.metrics {
            metrics.close();
        }
        let mut replaced = self.replaced.lock().unwrap_or_else(PoisonError::into_inner);
        replaced.retain(|deployment| Arc::strong_count(deployment) > 1);
    }

    /// What is served, and its number.
    pub fn current(&self) -> (u64, Arc<Deployment>) {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        (self.revision.load(Ordering::Acquire), Arc::clone(&current))
    }

    #[inline]
    fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }
}

/// A deployment as one worker serves it; requests hold on to it until they are answered.
pub(crate) struct Served {
    revision: u64,
    deployment: Arc<Deployment>,
    /// The worker's own: compiled when first called
    scripts: OnceCell<RefCell<Scripts>>,
    /// Where this worker counts, if anything is counted
    part: Option<Arc<Part>>,
    exhaustion: Exhaustion,
}

impl Served {
    /// What is served now.
    pub(crate) fn latest(publication: &Publication) -> Rc<Served> {
        let (revision, deployment) = publication.current();
        let part = publication.metrics().map(|metrics| metrics.open(&deployment));
        Rc::new(Served {
            revision,
            deployment,
            scripts: OnceCell::new(),
            part,
            exhaustion: Exhaustion::default(),
        })
    }

    /// Where this worker counts.
    #[inline]
    pub(crate) fn part(&self) -> Option<&Part> {
        self.part.as_deref()
    }

    /// Has a script do something; that is counted.
    pub(crate) fn call<T>(
        &self,
        script: ScriptId,
        act: impl FnOnce(&mut Scripts) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.exhaustion.admit(Spender::Script(script))?;
        let begun = Instant::now();
        let result = act(&mut self.scripts());
        if let Some(part) = self.part() {
            part.called(script, begun.elapsed(), result.is_err());
        }
        if let Err(fault) = &result {
            self.exhaustion.failed(Spender::Script(script), begun.elapsed(), fault);
        }
        result
    }

    /// Has a template written behind what is in `out`.
    pub(crate) fn render(
        &self,
        template: TemplateId,
        context: &Rc<Context>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        self.exhaustion.admit(Spender::Template(template))?;
        let begun = Instant::now();
        let result = self.behaviours.templates.render(template, context, out);
        if let Err(fault) = &result {
            self.exhaustion.failed(Spender::Template(template), begun.elapsed(), fault);
        }
        result
    }

    /// The scripts of this worker.
    fn scripts(&self) -> RefMut<'_, Scripts> {
        let compile = || {
            let scripts = Scripts::new(Arc::clone(&self.behaviours.library), Instant::now);
            RefCell::new(match self.behaviours.log {
                None => scripts,
                Some(tell) => scripts.with_log(move |log| {
                    tell(&format!("{}:{}: {}: {}", log.file, log.line, log.level, log.text));
                }),
            })
        };
        self.scripts.get_or_init(compile).borrow_mut()
    }

    /// Whether nothing was published since.
    #[inline]
    pub(crate) fn is_latest(&self, publication: &Publication) -> bool {
        self.revision == publication.revision()
    }
}

impl std::ops::Deref for Served {
    type Target = Deployment;

    #[inline]
    fn deref(&self) -> &Deployment {
        &self.deployment
    }
}
