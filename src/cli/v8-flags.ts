import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8's young generation as small as it begins. What a page or a batch leaves behind is gone with it, so a larger
 * one saves no work; a small one stays in the processor's cache, and saves some 30 MB.
 *
 * For the process of a command that does nothing else.
 */
export function limitSemiSpace(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/**
 * Lets V8 collect garbage as a stream of pages wants it. Pages are buffers outside of its heap, which is small beside
 * them; V8 counts them all the same, and would mark the whole heap in steps some ten times a second. Without the steps
 * it does so when they are really many; the steps take as much processor time as all else
 * (`npm run bench -- load`).
 */
export function tuneHeapForPages(): void {
  limitSemiSpace();
  setFlagsFromString("--no-incremental-marking");
}
