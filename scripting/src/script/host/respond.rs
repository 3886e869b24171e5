//! Builders of responses.

use rhai::plugin::*;
use rhai::{Dynamic, INT, Map};

use crate::script::answer;
use crate::script::objects::{Failure, Fields, ResponseObject, failure};

fn made(status: INT, body: Dynamic) -> Result<ResponseObject, Failure> {
    let status = answer::status(status).map_err(failure)?;
    answer::plain(status, body).map(ResponseObject::new).map_err(failure)
}

fn with_field(response: ResponseObject, name: &str, value: &str) -> Result<ResponseObject, Failure> {
    Fields::Response(response.clone()).set(name, &value.into())?;
    Ok(response)
}

/// A problem document (RFC 9457).
fn problem_of(status: INT, members: Map) -> Result<ResponseObject, Failure> {
    let mut body = Map::from([("type".into(), "about:blank".into()), ("status".into(), status.into())]);
    body.extend(members);
    with_field(made(status, body.into())?, "content-type", "application/problem+json")
}

/// What a status is called (RFC 9110, section 15).
fn reason(status: INT) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        422 => "Unprocessable Content",
        _ => "Error",
    }
}

fn refusal(status: INT, detail: &str) -> Result<ResponseObject, Failure> {
    problem_of(status, Map::from([("title".into(), reason(status).into()), ("detail".into(), detail.into())]))
}

fn redirection(status: INT, url: &str) -> Result<ResponseObject, Failure> {
    with_field(made(status, Dynamic::UNIT)?, "location", url)
}

/// Responses, ready to return. All of them are response values: `respond(201, pet).header("x-a", "b")`.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod builders {
    /// A response of a status and nothing else.
    ///
    /// ```rhai
    /// return respond(202);
    /// ```
    #[rhai_fn(name = "respond", return_raw)]
    pub fn respond(status: INT) -> Result<ResponseObject, Failure> {
        made(status, Dynamic::UNIT)
    }

    /// A response of a status and a body: a map, array, number or boolean is JSON, a text is text, a blob is bytes.
    ///
    /// ```rhai
    /// return respond(201, #{ id: 1, name: "Rex" });
    /// ```
    #[rhai_fn(name = "respond", return_raw)]
    pub fn respond_with(status: INT, body: Dynamic) -> Result<ResponseObject, Failure> {
        made(status, body)
    }

    /// A response whose body is JSON, also where it is a text.
    ///
    /// ```rhai
    /// return respond_json(200, "a JSON text");
    /// ```
    #[rhai_fn(name = "respond_json", return_raw)]
    pub fn respond_json(status: INT, body: Dynamic) -> Result<ResponseObject, Failure> {
        let text = crate::script::json::to_text(&body).map_err(failure)?;
        with_field(made(status, text.into())?, "content-type", "application/json")
    }

    /// 201 with a body, and where the new resource is.
    ///
    /// ```rhai
    /// return created(`/pets/${id}`, #{ id: id });
    /// ```
    #[rhai_fn(name = "created", return_raw)]
    pub fn created(location: &str, body: Dynamic) -> Result<ResponseObject, Failure> {
        with_field(made(201, body)?, "location", location)
    }

    /// 204, no body.
    ///
    /// ```rhai
    /// return no_content();
    /// ```
    #[rhai_fn(name = "no_content", return_raw)]
    pub fn no_content() -> Result<ResponseObject, Failure> {
        made(204, Dynamic::UNIT)
    }

    /// 302 to another address.
    ///
    /// ```rhai
    /// return redirect("/login");
    /// ```
    #[rhai_fn(name = "redirect", return_raw)]
    pub fn redirect(url: &str) -> Result<ResponseObject, Failure> {
        redirection(302, url)
    }

    /// To another address, with a status of your choice.
    ///
    /// ```rhai
    /// return redirect(308, "https://example.com/pets");
    /// ```
    #[rhai_fn(name = "redirect", return_raw)]
    pub fn redirect_with(status: INT, url: &str) -> Result<ResponseObject, Failure> {
        redirection(status, url)
    }

    /// A problem document (RFC 9457) with a title.
    ///
    /// ```rhai
    /// return problem(409, "the cart is closed");
    /// ```
    #[rhai_fn(name = "problem", return_raw)]
    pub fn problem(status: INT, title: &str) -> Result<ResponseObject, Failure> {
        problem_of(status, Map::from([("title".into(), title.into())]))
    }

    /// A problem document with a title and a detail.
    ///
    /// ```rhai
    /// return problem(422, "no such size", "sizes are S, M and L");
    /// ```
    #[rhai_fn(name = "problem", return_raw)]
    pub fn problem_detailed(status: INT, title: &str, detail: &str) -> Result<ResponseObject, Failure> {
        problem_of(status, Map::from([("title".into(), title.into()), ("detail".into(), detail.into())]))
    }

    /// A problem document with members of your choice.
    ///
    /// ```rhai
    /// return problem(402, #{ title: "no credit", balance: 3 });
    /// ```
    #[rhai_fn(name = "problem", return_raw)]
    pub fn problem_with(status: INT, members: Map) -> Result<ResponseObject, Failure> {
        problem_of(status, members)
    }

    /// 400 as a problem document.
    ///
    /// ```rhai
    /// return bad_request("limit must be positive");
    /// ```
    #[rhai_fn(name = "bad_request", return_raw)]
    pub fn bad_request(detail: &str) -> Result<ResponseObject, Failure> {
        refusal(400, detail)
    }

    /// 401 as a problem document.
    ///
    /// ```rhai
    /// return unauthorized("log in first");
    /// ```
    #[rhai_fn(name = "unauthorized", return_raw)]
    pub fn unauthorized(detail: &str) -> Result<ResponseObject, Failure> {
        refusal(401, detail)
    }

    /// 403 as a problem document.
    ///
    /// ```rhai
    /// return forbidden("this cart is not yours");
    /// ```
    #[rhai_fn(name = "forbidden", return_raw)]
    pub fn forbidden(detail: &str) -> Result<ResponseObject, Failure> {
        refusal(403, detail)
    }

    /// 404 as a problem document.
    ///
    /// ```rhai
    /// return not_found(`there is no pet ${id}`);
    /// ```
    #[rhai_fn(name = "not_found", return_raw)]
    pub fn not_found(detail: &str) -> Result<ResponseObject, Failure> {
        refusal(404, detail)
    }

    /// 409 as a problem document.
    ///
    /// ```rhai
    /// return conflict("somebody was faster");
    /// ```
    #[rhai_fn(name = "conflict", return_raw)]
    pub fn conflict(detail: &str) -> Result<ResponseObject, Failure> {
        refusal(409, detail)
    }
}
