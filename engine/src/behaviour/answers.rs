//! What the engine answers where no script does, and what it lends to scripts.

use std::cell::OnceCell;
use std::rc::Rc;

use bumpalo::Bump;
use mocker_http::request::{self, Head, Known, Progress, Slots};
use mocker_plan::request::Sent;
use mocker_plan::route::{Captures, Outcome as Routed, Request};
use mocker_plan::{Reply, Wish};
use mocker_scripting::{Answers, Context, Fault, Response, TemplateId, context};

use super::{Behaviour, Content, ExampleAt, Stub, Templated, Text, made};
use crate::dispatch::Answer;
use crate::publication::Served;

/// The answers of one operation to one request.
pub(super) struct Described {
    pub(super) served: Rc<Served>,
    pub(super) operation: u32,
    pub(super) wish: Wish<'static>,
    /// The request's head as it came
    pub(super) head: Box<[u8]>,
    /// What the document answers
    pub(super) answer: Answer,
    /// What the user wrote for this request
    pub(super) stub: OnceCell<Option<Stub>>,
}

impl Described {
    fn behaviour(&self) -> Option<&Behaviour> {
        self.served.behaviours.of(self.operation)
    }

    fn stub(&self) -> Option<&Stub> {
        self.stub.get()?.as_ref()
    }

    /// Whether the answer differs from the document's.
    pub(super) fn is_changed(&self) -> bool {
        self.stub().is_some() || self.template(&self.answer.reply).is_some()
    }

    /// The answer where no script makes one.
    pub(super) fn usual(&self, context: &Rc<Context>) -> Result<Response, Fault> {
        match self.stub() {
            Some(stub) => self.stubbed(stub, context),
            None => self.document(self.answer.reply, context),
        }
    }

    /// An answer of the document; examples that are templates are rendered.
    fn document(&self, reply: Reply, context: &Rc<Context>) -> Result<Response, Fault> {
        let described = || made::of_answer(&Answer { reply, ..self.answer.clone() });
        let Some(templated) = self.template(&reply) else { return Ok(described()) };
        let head = || Response { body: Vec::new(), ..described() };
        let mut response = match reply.locale() {
            None => templated.head.get_or_init(head).clone(),
            // Its fields are made in the client's language.
            Some(_) => head(),
        };
        self.render(templated.template, context, &mut response.body)?;
        Ok(response)
    }

    fn template(&self, reply: &Reply) -> Option<&Templated> {
        let examples = &self.behaviour()?.examples;
        if examples.is_empty() {
            return None;
        }
        let (response, media, example) = self.served.plan.operation(self.operation).example_of(reply)?;
        let at = ExampleAt { response, media, example };
        // A status of its own, and the head is another.
        examples.iter().find(|templated| templated.at == at && reply.status().is_none())
    }

    fn render(&self, template: TemplateId, context: &Rc<Context>, out: &mut Vec<u8>) -> Result<(), Fault> {
        self.served.render(template, context, out)
    }

    fn stubbed(&self, stub: &Stub, context: &Rc<Context>) -> Result<Response, Fault> {
        let mut response = match &stub.body {
            Content::Described => match stub.status.map(|status| self.reply(Some(status), None)) {
                None => self.document(self.answer.reply, context)?,
                Some(Ok(reply)) => self.document(reply, context)?,
                Some(Err(_)) => Response::default(),
            },
            Content::Example(name) => {
                let reply = self.reply(None, Some(name)).map_err(|message| self.fault(message))?;
                self.document(reply, context)?
            }
            Content::Bytes { media, bytes } => of_bytes(media, bytes.to_vec()),
            Content::Template { media, template } => {
                let mut body = Vec::new();
                self.render(*template, context, &mut body)?;
                of_bytes(media, body)
            }
        };
        response.status = stub.status.unwrap_or(response.status);
        for (name, text) in &stub.fields {
            match text {
                Text::Plain(text) => response.set_field(name, text.as_bytes()),
                Text::Template(template) => {
                    let mut value = Vec::new();
                    self.render(*template, context, &mut value)?;
                    response.set_field(name, &value);
                }
            }
        }
        context.sleep(stub.delay);
        Ok(response)
    }

    pub(super) fn fault(&self, message: String) -> Fault {
        let file = self.behaviour().map_or_else(Box::default, |behaviour| behaviour.name.clone());
        Fault { file, line: 0, column: 0, message, budget: None, kind: Default::default() }
    }

    /// The document's reply under another status or with another example.
    fn reply(&self, code: Option<u16>, example: Option<&str>) -> Result<Reply, String> {
        let wish = Wish {
            code: code.or(self.wish.code),
            example: example.map(Into::into).or_else(|| self.wish.example.clone()),
            ..self.wish.clone()
        };
        let operation = self.served.plan.operation(self.operation);
        let reply = self.with_head(|head| operation.reply(&wish, head.fields.all(Known::Accept)));
        match reply {
            Some(Ok(reply)) => Ok(reply),
            Some(Err(why)) => Err(why.to_string()),
            None => Err("the request's head cannot be read again".to_owned()),
        }
    }

    fn with_head<T>(&self, act: impl FnOnce(&Head<'_>) -> T) -> Option<T> {
        let mut slots = Slots::new();
        let head =
            request::head(&self.head, &mut Progress::default(), &self.served.settings.limits, &mut slots);
        head.ok().flatten().map(|head| act(&head))
    }
}

impl Answers for Described {
    fn operation(&self) -> &str {
        self.behaviour().map_or("", |behaviour| &behaviour.name)
    }

    fn generate(&self, code: Option<u16>) -> Result<Response, String> {
        let context = context::current().ok_or("there is no request to answer")?;
        let response = match code {
            None => self.usual(&context),
            Some(_) => self.document(self.reply(code, None)?, &context),
        };
        response.map_err(|fault| fault.to_string())
    }

    fn example(&self, name: &str) -> Result<Response, String> {
        let context = context::current().ok_or("there is no request to answer")?;
        self.document(self.reply(None, Some(name))?, &context).map_err(|fault| fault.to_string())
    }

    fn parameter(&self, name: &str) -> Option<serde_json::Value> {
        let plan = &self.served.plan;
        let value = self.with_head(|head| {
            let query = head.target.query.unwrap_or_default();
            let request = Request { method: head.method_name.as_bytes(), path: head.target.path, query };
            let mut captures = Captures::new();
            let header = |name: &str| head.fields.find(name);
            let Routed::Operation(matched) = plan.find(&request, &header, &mut captures) else { return None };
            let alternatives = plan.operation(matched.operation).alternatives();
            let other = alternatives.iter().find(|alternative| alternative.operation == self.operation);
            let names = other.map_or_else(|| plan.names(matched), |alternative| &alternative.names);
            let (path, fields) = (head.target.path, &head.fields);
            let sent = Sent { captures: &captures, names, path, query, fields };
            let operation = plan.operation(self.operation);
            let arena = Bump::new();
            operation.rules().parameters.value(name, operation.schemas(), &sent, &arena).map(Into::into)
        });
        value.flatten()
    }
}

fn of_bytes(media: &str, body: Vec<u8>) -> Response {
    Response { status: 200, fields: vec![("Content-Type".into(), media.as_bytes().into())], body }
}
