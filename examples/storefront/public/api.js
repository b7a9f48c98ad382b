// @ts-check
/** The API, through the proxy of the site, and its labels in the reader's language. */
import { createApiClient } from "che168-sync/api-client";

export { ApiParameterError } from "che168-sync/api-client";

/** Language of the site: that of labels, numbers and dates. */
export const LANG = "ru";

/** Without a token: the proxy adds it. */
export const api = createApiClient({
  baseUrl: new URL("api", document.baseURI).href,
  timeoutMs: 15_000,
  attempts: 2,
});

/**
 * The parameters of an address as a query of the client.
 *
 * @param {Iterable<[string, string]>} parameters
 * @returns {any}
 */
export const queryOf = (parameters) => ({ ...Object.fromEntries(parameters), lang: LANG });
