//! Names of the faults that this crate reports. Each has a fixture in `specs/invalid/`.

/// The root file cannot be read
pub const FILE_UNREADABLE: &str = "file-unreadable";
/// A file, or all of them together, is larger than [`crate::limits`] allows
pub const FILE_LIMIT: &str = "file-limit";
/// The file is something else than an API description
pub const NOT_OPENAPI: &str = "not-openapi";
/// Swagger 1.x
pub const SWAGGER_1: &str = "swagger-1";
/// Neither `openapi` nor `swagger`
pub const VERSION_MISSING: &str = "version-missing";
/// A version that does not exist, or not yet
pub const VERSION_UNKNOWN: &str = "version-unknown";
/// More diagnostics than [`crate::limits::DIAGNOSTICS`]
pub const TOO_MANY_FAULTS: &str = "too-many-faults";

/// A `$ref` points at nothing
pub const REF_NOT_FOUND: &str = "ref-not-found";
/// References lead to each other and never to a value
pub const REF_CYCLE: &str = "ref-cycle";
/// The file that a `$ref` names cannot be read
pub const REF_UNREADABLE: &str = "ref-unreadable";
/// A `$ref` that may not or cannot be followed
pub const REF_REFUSED: &str = "ref-refused";
/// A `$ref` written in a way that only custom understands
pub const REF_SLOPPY: &str = "ref-sloppy";
/// A `$ref` of a referenced file that means the root file
pub const REF_IN_ROOT: &str = "ref-in-root";
/// An example that is a reference where only a value may stand
pub const EXAMPLE_REF: &str = "example-ref";

/// A value of the wrong type where the meaning is still clear
pub const WRONG_TYPE: &str = "wrong-type";
/// `info` or `info.title` is missing
pub const INFO_MISSING: &str = "info-missing";
/// No `paths`
pub const PATHS_MISSING: &str = "paths-missing";

/// A path that does not begin with `/`
pub const PATH_NO_SLASH: &str = "path-no-slash";
/// A path with a query string
pub const PATH_QUERY: &str = "path-query";
/// A path with a fragment
pub const PATH_FRAGMENT: &str = "path-fragment";
/// Two paths that are one once their oddities are taken away
pub const PATH_DUPLICATE: &str = "path-duplicate";
/// Two paths that differ in the names of variables only
pub const PATH_SIMILAR: &str = "path-similar";
/// A brace without its partner, a variable without name, or twice the same
pub const PATH_TEMPLATE: &str = "path-template";
/// A path item that is no object
pub const PATH_ITEM_INVALID: &str = "path-item-invalid";
/// A member of a path item that is neither method nor field
pub const PATH_ITEM_UNKNOWN_KEY: &str = "path-item-unknown-key";

/// A method in capitals
pub const METHOD_CASE: &str = "method-case";
/// A method that this version of the specification does not know
pub const METHOD_VERSION: &str = "method-version";
/// A method that HTTP does not allow
pub const METHOD_INVALID: &str = "method-invalid";
/// More operations than [`crate::limits::OPERATIONS`]
pub const TOO_MANY_OPERATIONS: &str = "too-many-operations";
/// More parameters than [`crate::limits::PARAMETERS`]
pub const TOO_MANY_PARAMETERS: &str = "too-many-parameters";
/// An operation that is no object
pub const OPERATION_INVALID: &str = "operation-invalid";
/// An `operationId` used twice
pub const OPERATION_ID_DUPLICATE: &str = "operation-id-duplicate";

/// A parameter without a name or a place
pub const PARAMETER_INVALID: &str = "parameter-invalid";
/// A variable of the path that no parameter describes
pub const PARAMETER_MISSING: &str = "parameter-missing";
/// A path parameter that the path does not hold
pub const PARAMETER_NOT_IN_PATH: &str = "parameter-not-in-path";
/// Twice the same parameter in one list
pub const PARAMETER_DUPLICATE: &str = "parameter-duplicate";
/// A `style` or `collectionFormat` that does not exist or not there
pub const PARAMETER_STYLE: &str = "parameter-style";
/// A type written beside `schema` instead of inside
pub const PARAMETER_TYPE: &str = "parameter-type";
/// More than one body, or a body beside form fields
pub const BODY_DUPLICATE: &str = "body-duplicate";

/// A callback's key that no URL can come of
pub const CALLBACK_EXPRESSION: &str = "callback-expression";

/// No `responses`
pub const RESPONSES_MISSING: &str = "responses-missing";
/// A response that is no object
pub const RESPONSE_INVALID: &str = "response-invalid";
/// A response's key that is no status
pub const STATUS_INVALID: &str = "status-invalid";
/// `schema` beside `content` instead of inside
pub const RESPONSE_SCHEMA: &str = "response-schema";
/// A key of `content` that is no media type
pub const MEDIA_TYPE_INVALID: &str = "media-type-invalid";

/// `examples` that is no map of Example Objects
pub const EXAMPLES_SHAPE: &str = "examples-shape";
/// An Example Object that holds no value
pub const EXAMPLE_EMPTY: &str = "example-empty";
/// The file that `externalValue` names cannot be read
pub const EXAMPLE_UNREADABLE: &str = "example-unreadable";

/// A list of servers, security requirements, callbacks or saved responses beyond [`crate::limits`]
pub const LIST_TOO_LONG: &str = "list-too-long";
/// A security requirement that names no scheme
pub const SECURITY_UNKNOWN: &str = "security-unknown";
/// A security scheme that cannot be understood
pub const SECURITY_SCHEME_INVALID: &str = "security-scheme-invalid";
/// A server URL that is none
pub const SERVER_INVALID: &str = "server-invalid";
/// A variable of a server URL without a value
pub const SERVER_VARIABLE: &str = "server-variable";

/// A Postman collection of version 1
pub const POSTMAN_1: &str = "postman-1";
/// No `item` in a Postman collection
pub const ITEMS_MISSING: &str = "items-missing";
/// An item of a Postman collection that is neither a folder nor a request
pub const ITEM_INVALID: &str = "item-invalid";
/// Folders nested deeper than [`crate::limits::FOLDER_DEPTH`]
pub const FOLDER_DEPTH: &str = "folder-depth";
/// A request without a URL
pub const REQUEST_URL: &str = "request-url";
/// A variable of a path for which the collection has no value
pub const VARIABLE_UNKNOWN: &str = "variable-unknown";
/// Variables whose values grow beyond [`crate::limits::VARIABLE_BYTES`]
pub const VARIABLE_LIMIT: &str = "variable-limit";
/// A saved body that says it is JSON and is not
pub const BODY_NOT_JSON: &str = "body-not-json";
