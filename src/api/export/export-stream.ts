import { encodeUtf8 } from "../../util/utf8.ts";
import type { StreamedBody } from "../http/response.ts";
import type { ExportedRow } from "./export-rows.ts";
import type { ExportFormat } from "./formats.ts";

/**
 * The text of an export, read as fast as the client takes it. The first rows are read before the stream is returned, so that an
 * unavailable database is still a response with its status; a later failure cuts the connection, without the end of the body.
 *
 * @param onEnd called once, however the stream ends, also when the first rows cannot be read
 */
export async function exportStream(
  rows: AsyncGenerator<readonly ExportedRow[]>,
  { head, format }: ExportFormat,
  onEnd: () => void,
): Promise<StreamedBody["stream"]> {
  const endOnFailure = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      onEnd();
      throw error;
    }
  };
  let current = await endOnFailure(() => rows.next());
  let text = head;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: (controller) =>
        endOnFailure(async () => {
          if (!current.done) {
            text += format(current.value);
            current = await rows.next();
          }
          if (text !== "") {
            controller.enqueue(encodeUtf8([text]));
            text = "";
          }
          if (current.done) {
            onEnd();
            controller.close();
          }
        }),
      cancel: async () => {
        onEnd();
        await rows.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
