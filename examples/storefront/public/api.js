// @ts-check
/** Requests to the API, through the proxy of the site. */

const BASE = new URL("api/", document.baseURI);

/** A response other than 200, with the text of its problem document. */
export class ApiFailure extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * @param {string} path without a slash at its start
 * @param {URLSearchParams | Record<string, string>} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, query = {}, signal) {
  const url = new URL(path, BASE);
  url.search = new URLSearchParams([...new URLSearchParams(query), ["lang", "ru"]]).toString();
  const response = await fetch(url, { signal, headers: { accept: "application/json" } });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new ApiFailure(response.status, body.detail ?? `Ошибка ${response.status}`);
  }
  return body;
}

/**
 * The same, or null where the API does not have it: an older version, or a listing that is gone.
 *
 * @param {string} path
 * @param {Record<string, string>} [query]
 * @param {AbortSignal} [signal]
 */
export async function getOptional(path, query, signal) {
  try {
    return await get(path, query, signal);
  } catch (error) {
    if (error instanceof ApiFailure) {
      return null;
    }
    throw error;
  }
}
