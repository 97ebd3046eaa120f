// Where k6's tools look for the types of an extension.
/// <reference path="./sse.d.ts" />
