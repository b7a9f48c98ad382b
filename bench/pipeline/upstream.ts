// The upstream of the benchmarks, in a child process: prepared pages of `offers` listings and `changes` changes, each sent
// after `latencyMs`.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { innerIdOf, piecesOf, renderTemplates } from "./documents.ts";

export interface UpstreamOptions {
  readonly offers: number;
  readonly changes: number;
  readonly latencyMs: number;
}

const PAGE_SIZE = 20;
const FIRST_CHANGE = 1_000;
const options = JSON.parse(process.argv[2] ?? "") as UpstreamOptions;
const templates = await renderTemplates(200);

/** Of 100 changes, 70 change the price and two more fields, 15 add a listing, 15 remove one. */
function changeRecord(index: number): Buffer[] {
  // A prime, so that changes spread over all listings.
  const number = 1 + ((index * 7_919) % options.offers);
  const kind = index % 20 < 14 ? "changed" : index % 20 < 17 ? "added" : "removed";
  const head = `{"id":${FIRST_CHANGE + index},"inner_id":"${innerIdOf(number)}","change_type":"${kind}","created_at":"2025-06-15T09:00:00Z","data":`;
  if (kind === "removed") {
    return [Buffer.from(`${head}{}}`)];
  }
  if (kind === "changed") {
    return [
      Buffer.from(
        `${head}{"new_price":${index},"new_km_age":${index * 7},"new_description":"车况 ${index}"}}`,
      ),
    ];
  }
  const data = templates[index % templates.length]?.data ?? {};
  return [Buffer.from(`${head}${JSON.stringify(data)}}`)];
}

function list(records: Iterable<Buffer>[], meta: object): Buffer {
  const pieces: Buffer[] = [Buffer.from('{"result":[')];
  for (const [index, record] of records.entries()) {
    pieces.push(Buffer.from(index === 0 ? "" : ","), ...record);
  }
  pieces.push(Buffer.from(`],"meta":${JSON.stringify(meta)}}`));
  return Buffer.concat(pieces);
}

const numbers = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

/** A rendered page and the offsets of its ids: rendering each page would cost as much as loading it. */
interface Sheet {
  readonly bytes: Buffer;
  readonly places: readonly { readonly at: number; readonly record: number }[];
}

function renderSheet(first: number): Sheet {
  const pieces: Buffer[] = [Buffer.from('{"result":[')];
  const places: { at: number; record: number }[] = [];
  let at = pieces[0]?.length ?? 0;
  for (let record = 0; record < PAGE_SIZE; record += 1) {
    const template = templates[(first + record) % templates.length]?.record ?? [];
    for (const [index, piece] of template.entries()) {
      if (index > 0) {
        places.push({ at, record });
      }
      const before = Buffer.from(index > 0 ? innerIdOf(1) : record > 0 ? "," : "");
      pieces.push(before, piece);
      at += before.length + piece.length;
    }
  }
  return { bytes: Buffer.concat(pieces), places };
}

/** By first template; several of each, because the last one may still be in flight. */
const sheets = new Map<number, Sheet[]>();

function sheetFor(from: number): Sheet {
  const first = from % templates.length;
  const copies = sheets.get(first) ?? [];
  sheets.set(first, copies);
  const sheet = (copies.length === 4 ? copies.shift() : undefined) ?? renderSheet(first);
  copies.push(sheet);
  for (const { at, record } of sheet.places) {
    sheet.bytes.write(innerIdOf(from + record + 1), at, "latin1");
  }
  return sheet;
}

function offersPage(page: number): Buffer[] {
  const from = (page - 1) * PAGE_SIZE;
  const next = from + PAGE_SIZE < options.offers ? page + 1 : null;
  const meta = { page, next_page: next, limit: PAGE_SIZE };
  if (from + PAGE_SIZE <= options.offers) {
    return [sheetFor(from).bytes, Buffer.from(`],"meta":${JSON.stringify(meta)}}`)];
  }
  const records = numbers(from, options.offers).map((index) =>
    piecesOf(templates[index % templates.length]?.record ?? [], index + 1),
  );
  return [list(records, meta)];
}

function changesPage(position: number): Buffer {
  const from = position - FIRST_CHANGE;
  const to = Math.min(from + PAGE_SIZE, options.changes);
  const meta = { cur_change_id: position, next_change_id: to < options.changes ? FIRST_CHANGE + to : null };
  return list(numbers(from, to).map(changeRecord), { ...meta, limit: PAGE_SIZE });
}

const changePages = new Map(
  numbers(0, Math.ceil(options.changes / PAGE_SIZE)).map((page) => {
    const position = FIRST_CHANGE + page * PAGE_SIZE;
    return [position, changesPage(position)];
  }),
);

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://upstream");
  const number = (name: string) => Number(url.searchParams.get(name));
  const answer = (): Buffer[] => {
    if (url.pathname.endsWith("/offers")) return offersPage(number("page"));
    if (url.pathname.endsWith("/changes")) return [changePages.get(number("change_id")) ?? list([], {})];
    return [Buffer.from(`{"change_id":${FIRST_CHANGE}}`)];
  };
  const body = answer();
  const length = body.reduce((sum, piece) => sum + piece.length, 0);
  const send = () => {
    response.writeHead(200, { "content-type": "application/json", "content-length": length });
    for (const piece of body) {
      response.write(piece);
    }
    response.end();
  };
  if (options.latencyMs > 0) setTimeout(send, options.latencyMs);
  else send();
});
server.listen(0, "127.0.0.1", () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2/che168`);
});
