/** In place of a secret. */
export const HIDDEN = "[hidden]";

/** The password of a URL, and query parameters that hold a secret. */
export const URL_PASSWORD = /^([a-z][\w+.-]*:\/\/[^/?#:]*:)([^/?#]+)(?=@)/i;
const URL_PARAMETER = /([?&][^=&#]*(?:key|token|secret|password|sig)[^=&#]*=)([^&#]+)/gi;

/** Hides the password and secret parameters of a URL. */
export const maskUrl = (url: string): string =>
  url.replace(URL_PASSWORD, `$1${HIDDEN}`).replace(URL_PARAMETER, `$1${HIDDEN}`);
