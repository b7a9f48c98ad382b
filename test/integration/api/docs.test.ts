import { H3 } from "h3";
import { expect, test } from "vitest";
import { openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

onEachDatabase("/docs and mounting", ({ database }) => {
  test("/docs needs no token, shows no part of the API, and contacts no other host", async () => {
    const api = await openApi(database());
    const page = await api.app.request("/docs");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).not.toMatch(/https?:|\/\//);
    for (const [, path = ""] of html.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)) {
      const file = await api.app.request(`/${path}`);
      expect(file.status).toBe(200);
      expect(Number(file.headers.get("content-length"))).toBeGreaterThan(100);
      const again = await api.app.request(`/${path}`, {
        headers: { "if-none-match": file.headers.get("etag") ?? "" },
      });
      expect(again.status).toBe(304);
    }
    for (const path of [
      "/docs/package.json",
      "/docs/..%2fpackage.json",
      "/docs/%2e%2e/package.json",
      "/docs/__proto__",
    ]) {
      expect((await api.app.request(path)).status).not.toBe(200);
    }
  });

  test("/dashboard needs no token, shows no data, and allows no inline script or style", async () => {
    const api = await openApi(database());
    const page = await api.app.request("/dashboard");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("style-src 'self';");
    const html = await page.text();
    expect(html).not.toMatch(/https?:|\/\/|<script>|style=/);
    const files = [...html.matchAll(/(?:src|href)="(dashboard\/[^"]+)"/g)].map(([, path]) => path);
    for (const path of [...files, "dashboard/plots.js", "dashboard/texts.js"]) {
      const file = await api.app.request(`/${path}`);
      expect(file.status, path).toBe(200);
      expect(file.headers.get("content-type")).toMatch(/^text\/(?:javascript|css)/);
    }
    expect((await api.app.request("/dashboard/page.html")).status).not.toBe(200);
    expect((await api.app.request("/dashboard/")).headers.get("location")).toBe("../dashboard");
    const hidden = await openApi(database(), { dashboard: false });
    expect((await hidden.ask("/dashboard")).status).toBe(404);
    expect((await hidden.app.request("/dashboard/app.js")).status).toBe(401);
  });

  test("/ redirects browsers to /docs, and gives programs the addresses of the descriptions", async () => {
    const api = await openApi(database());
    const page = await api.app.request("/", { headers: { accept: "text/html,*/*;q=0.8" } });
    expect([page.status, page.headers.get("location")]).toEqual([302, "docs"]);
    const program = await api.app.request("/");
    expect([program.status, await program.json()]).toEqual([200, { docs: "docs", openapi: "openapi.json" }]);
  });

  test("/docs can be disabled", async () => {
    const api = await openApi(database(), { docs: false });
    expect((await api.ask("/docs")).status).toBe(404);
    expect((await api.app.request("/docs/page.js")).status).toBe(401);
    expect((await api.app.request("/", { headers: { accept: "text/html" } })).status).toBe(401);
  });

  test("the handler can be mounted at a path of another app", async () => {
    const api = await openApi(database());
    const outer = new H3().mount("/cars", api.app);
    const response = await outer.request("/cars/offers?limit=3", { headers: { "x-api-key": api.token } });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ meta: { limit: 3 } });
    expect((await outer.request("/cars/offers")).status).toBe(401);
  });
});
