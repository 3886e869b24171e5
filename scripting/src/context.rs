//! What the host lends to scripts and templates while they answer one request.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use mocker_schema::generate::Key;
use mocker_state::Store;
use serde_json::Value;

use crate::script::json;
use crate::{Request, Response};

/// What the engine can do for the operation being answered.
pub trait Answers {
    /// The operation, as `GET /pets/{petId}`.
    fn operation(&self) -> &str;

    /// The answer that would be given without a script, or the one described for a status.
    ///
    /// # Errors
    /// When the document describes none; the text says what it has.
    fn generate(&self, code: Option<u16>) -> Result<Response, String>;

    /// The answer with the example of this name.
    ///
    /// # Errors
    /// When there is none; the text names those that there are.
    fn example(&self, name: &str) -> Result<Response, String>;

    /// A parameter, typed as the document declares it; `None` where it is not declared or not sent.
    fn parameter(&self, name: &str) -> Option<Value>;
}

/// What the host lends for one request.
pub struct Context {
    /// The request
    pub request: Rc<Request>,
    /// What the engine can do
    pub answers: Rc<dyn Answers>,
    /// Random values of this request are made from it: the same in every run with the same seed
    pub key: Key,
    /// Whose state it is: the session's name, else the client's address
    pub scope: Box<str>,
    /// What the clock says, in milliseconds since 1970
    pub now: i64,
    /// State that outlives the request, of all scopes
    pub store: Arc<Store>,
    /// Names and values of the environment that the user let scripts see
    pub environment: Arc<BTreeMap<String, String>>,
    /// Values drawn from the key so far
    drawn: Cell<u64>,
    /// What was asked for by `sleep`
    delay: Cell<Duration>,
    /// How much of it the script that runs may ask for
    most_delay: Cell<Duration>,
    /// What hooks of scripts share while they answer this request
    pub(crate) vars: Rc<RefCell<rhai::Map>>,
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<Context>>> = const { RefCell::new(None) };
}

impl Context {
    /// A context in which nothing was drawn and nobody slept.
    pub fn new(
        request: Rc<Request>,
        answers: Rc<dyn Answers>,
        key: Key,
        scope: &str,
        now: i64,
        store: Arc<Store>,
    ) -> Context {
        Context {
            request,
            answers,
            key,
            scope: scope.into(),
            now,
            store,
            environment: Arc::default(),
            drawn: Cell::new(0),
            delay: Cell::new(Duration::ZERO),
            most_delay: Cell::new(Duration::MAX),
            vars: Rc::default(),
        }
    }

    /// The same for a request that `before` changed: what was drawn, slept and kept so far counts on.
    pub fn successor(&self, request: Rc<Request>, answers: Rc<dyn Answers>) -> Context {
        Context {
            request,
            answers,
            key: self.key,
            scope: self.scope.clone(),
            now: self.now,
            store: Arc::clone(&self.store),
            environment: Arc::clone(&self.environment),
            drawn: self.drawn.clone(),
            delay: self.delay.clone(),
            most_delay: self.most_delay.clone(),
            vars: Rc::clone(&self.vars),
        }
    }

    /// Gives a value to the scripts of this request, as `ctx.vars.NAME`.
    pub fn set_var(&self, name: &str, value: &Value) {
        self.vars.borrow_mut().insert(name.into(), json::from_value(value));
    }

    /// The key of the next random value.
    pub fn draw(&self) -> Key {
        self.drawn.set(self.drawn.get() + 1);
        self.key.with_number(self.drawn.get())
    }

    /// Has the answer wait for so much longer.
    pub fn sleep(&self, time: Duration) {
        self.delay.set(self.delay.get().saturating_add(time));
    }

    /// Delays up to now are allowed, and so much more.
    pub(crate) fn allow_delay(&self, most: Duration) {
        self.most_delay.set(self.delay.get().saturating_add(most));
    }

    /// The longest delay that is allowed.
    pub(crate) fn most_delay(&self) -> Duration {
        self.most_delay.get()
    }

    /// How long the answer is to wait.
    pub fn delay(&self) -> Duration {
        self.delay.get()
    }
}

/// Runs `act` with `context` as the current one of this thread. What ran before is current again afterwards, also
/// when `act` panics.
pub fn with<T>(context: &Rc<Context>, act: impl FnOnce() -> T) -> T {
    struct Restore(Option<Rc<Context>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            let before = self.0.take();
            CURRENT.with(|current| *current.borrow_mut() = before);
        }
    }
    let _restore = Restore(CURRENT.with(|current| current.borrow_mut().replace(Rc::clone(context))));
    act()
}

/// The current context; `None` where nothing is being answered, as while a script is compiled.
pub fn current() -> Option<Rc<Context>> {
    CURRENT.with(|current| current.borrow().clone())
}
