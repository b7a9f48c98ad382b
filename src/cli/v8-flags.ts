import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

// Call these only in a command's own process: the flags apply to the whole of it.

/**
 * Keeps V8's young generation at its present size: a page is garbage as soon as it is stored, so a larger one saves no work,
 * while a small one fits the processor's cache and saves about 30 MB.
 */
function limitSemiSpace(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/**
 * Tunes garbage collection for a stream of pages. Page bodies are buffers outside the heap, but V8 counts them and would
 * mark the small heap incrementally about ten times a second, which costs as much CPU as all other work
 * (`npm run bench -- load`).
 */
export function tuneHeapForPages(): void {
  limitSemiSpace();
  limitHeapGrowth();
  setFlagsFromString("--no-incremental-marking");
}

/** Both halves, in bytes. */
const YOUNG_GENERATION = 16 * 1_048_576;
/** V8 allocates the second half at the first collection. */
const INITIAL_YOUNG_GENERATION = 2 * 1_048_576;
/** Far more than it takes to make V8 enlarge the young generation. */
const MAX_KEPT_OBJECTS = 500_000;

/**
 * Tunes garbage collection for batches of documents. In the initial young generation of 2 MB nearly every document survives two
 * collections and is promoted, which costs a fifth of the CPU time of `normalize` and 40 MB. Without a limit V8 takes 100 MB for
 * it. Its size can only be set when a process starts, so it is made to grow here.
 */
export function tuneHeapForDocuments(): void {
  const factor = YOUNG_GENERATION / Math.max(youngGenerationSize(), INITIAL_YOUNG_GENERATION);
  if (factor > 1) {
    setFlagsFromString(`--semi-space-growth-factor=${Math.floor(factor)}`);
    const kept: object[] = [];
    // It grows at a collection that more objects survive than it has room for.
    while (youngGenerationSize() < YOUNG_GENERATION && kept.length < MAX_KEPT_OBJECTS) {
      for (let count = 0; count < 10_000; count += 1) {
        kept.push({ count });
      }
    }
  }
  limitSemiSpace();
  collectSooner();
}

const youngGenerationSize = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_size ?? 0;

/**
 * Tunes garbage collection for a daily file, whose buffers are reused. Collecting the heap sooner keeps a comparison of 250,000
 * listings at 145 MB instead of 225 (`npm run bench -- export --memory`).
 */
function tuneHeapForFile(): void {
  limitSemiSpace();
  collectSooner();
}

/** Tunes garbage collection for a command that reads the catalogue page by page, or a daily file. */
export function tuneHeapForCatalogue(source: "pages" | "file"): void {
  if (source === "pages") {
    tuneHeapForPages();
  } else {
    tuneHeapForFile();
  }
}

/** Collects the heap when it has grown by 30 %: for commands whose garbage is mostly collected young. */
function collectSooner(): void {
  setFlagsFromString("--heap-growing-percent=30");
}

/**
 * Lets the heap grow to 1.7 times its live objects before it is collected. V8's default on a machine with much memory is four
 * times, which saves 5 % of the CPU time and takes two thirds more memory.
 */
export function limitHeapGrowth(): void {
  setFlagsFromString("--heap-growing-percent=70");
}
