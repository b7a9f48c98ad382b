import { scanText, scanValue } from "../../../src/upstream/json/json-scan.ts";

/** The nesting depth of a JSON text, as scanned; undefined if it is invalid. */
export function depthOf(text: string): number | undefined {
  const bytes = Buffer.from(text);
  let depth = 0;
  try {
    scanText(bytes, (start) => {
      const value = scanValue(bytes, start);
      depth = value.depth;
      return value.end;
    });
    return depth;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** Whether `JSON.parse` accepts a text. */
export const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
