// The page of the API reference. It requires a valid token before it shows anything. Script and style are separate files, so
// that the content security policy forbids inline scripts and all other hosts.

/** Allows this host's files and requests only. Swagger UI sets style attributes. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>che168-sync API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/page.css">
</head>
<body>
<form id="enter">
  <h1>che168-sync API</h1>
  <label for="token">Access token</label>
  <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" required>
  <button>Show the reference</button>
  <p id="message" role="alert"></p>
</form>
<div id="reference"></div>
<noscript>This page needs JavaScript. The API is described in openapi.json (requires a token).</noscript>
<script src="docs/swagger-ui-bundle.js" defer></script>
<script src="docs/page.js" defer></script>
</body>
</html>
`;

export const PAGE_CSS = `
body { margin: 0; font-family: system-ui, sans-serif; }
#enter { max-width: 24rem; margin: 4rem auto 2rem; padding: 0 1rem; display: grid; gap: 0.75rem; }
#enter h1 { font-size: 1.25rem; margin: 0; }
#enter input { font: inherit; padding: 0.5rem; border: 1px solid #888; border-radius: 4px; }
#enter button { font: inherit; padding: 0.5rem; border: 0; border-radius: 4px; background: #1f4b99; color: #fff; cursor: pointer; }
#message { margin: 0; color: #b00020; min-height: 1.5em; }
.entered #enter { display: none; }
`;

export const PAGE_JS = `"use strict";
// The token is kept in memory only, not in the browser's storage.
const form = document.getElementById("enter");
const message = document.getElementById("message");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = document.getElementById("token").value.trim();
  message.textContent = "";
  try {
    if (!/^[\\x21-\\x7e]+$/.test(token)) {
      throw new Error("A token consists of letters and digits.");
    }
    const response = await fetch("openapi.json", { headers: { authorization: "Bearer " + token } });
    const body = await response.json();
    if (!response.ok) {
      throw new Error(response.status === 401 ? "The token is invalid." : body.detail);
    }
    show(body, token);
  } catch (error) {
    message.textContent = error.message;
  }
});

function show(spec, token) {
  document.body.classList.add("entered");
  const ui = SwaggerUIBundle({
    spec,
    domNode: document.getElementById("reference"),
    validatorUrl: null,
    tryItOutEnabled: true,
    persistAuthorization: false,
    defaultModelsExpandDepth: 0,
    onComplete: () => {
      ui.preauthorizeApiKey("bearer", token);
    },
  });
}
`;
