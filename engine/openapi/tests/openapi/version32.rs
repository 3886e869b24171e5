//! What OpenAPI 3.2 adds.

use mocker_openapi::model::{ExampleValue, Method, Place, SecurityScheme};

use crate::disk::{assert_clean, load_text};

#[test]
fn what_3_2_adds_is_read() {
    let loaded = load_text(
        "openapi: 3.2.0
info: { title: T, version: '1' }
$self: https://example.com/api.yaml
paths:
  /a:
    query:
      parameters:
      - { name: all, in: querystring, content: { application/x-www-form-urlencoded: { schema: { type: object } } } }
      security: [{ '#/components/x-schemes/key': [] }]
      responses:
        '200':
          description: events
          content:
            text/event-stream: { itemSchema: { type: object } }
            application/json: { $ref: '#/components/mediaTypes/shared' }
    additionalOperations:
      COPY: { responses: { '204': { description: none } } }
components:
  x-schemes: { key: { type: apiKey, in: header, name: K } }
  mediaTypes:
    shared:
      schema: { $ref: 'https://example.com/api.yaml#/components/schemas/A' }
      examples:
        data: { dataValue: { a: 1 } }
        text: { serializedValue: 'a=1' }
  schemas:
    A: { type: object }
",
    );
    assert_clean(&loaded);
    let document = loaded.document.unwrap();
    let [query, copy] = &document.operations[..] else { panic!("two operations") };
    assert_eq!((&query.method, &copy.method), (&Method::Query, &Method::Other("COPY".into())));
    assert_eq!(query.parameters[0].place, Place::QueryString);
    assert!(query.parameters[0].content.is_some());
    assert_eq!(
        document.security_schemes[0].1,
        SecurityScheme::ApiKey { place: Place::Header, name: "K".into() }
    );
    let [events, json] = &query.responses[0].1.content[..] else { panic!("two media types") };
    assert!(events.item_schema.is_some() && events.schema.is_none() && json.schema.is_some());
    assert_eq!(json.examples[0].value, ExampleValue::Json(r#"{"a":1}"#.into()));
    assert_eq!(json.examples[1].value, ExampleValue::Serialized("a=1".into()));
}
