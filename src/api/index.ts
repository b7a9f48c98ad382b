/** The public API as an h3 app, and a server for it. */

export type { CustomsApiOptions } from "./customs/options.ts";
export { createApiHandler } from "./handler.ts";
export type { RateLimitOptions } from "./http/rate-limit.ts";
export type { FetchPicture, PictureResponse } from "./images/fetch-picture.ts";
export type { ApiHandlerOptions, ApiOptions } from "./options.ts";
export { createLabels, type Labels, type PlaceNames } from "./schema/labels.ts";
export { type ApiServer, type ServeOptions, startServer } from "./start-server.ts";
