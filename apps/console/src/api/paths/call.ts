// How openapi-fetch wants a call to be described, in short.

interface Parameters<Path, Query, Header> {
  path?: Path;
  query?: Query;
  header?: Header;
}

/** A call without a body. */
export interface Call<Answer, Path = never, Query = never, Header = never> {
  parameters: Parameters<Path, Query, Header>;
  responses: { 200: { content: { 'application/json': Answer } } };
}

/** A call with a JSON body. */
export interface CallWith<Body, Answer, Path = never, Query = never, Header = never> extends Call<
  Answer,
  Path,
  Query,
  Header
> {
  requestBody: { content: { 'application/json': Body } };
}
