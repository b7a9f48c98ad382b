/** Whether PostgreSQL can hold every text in it: none has a NUL, or half of a surrogate pair (their escapes are texts like all). */
export function isStorable(value: unknown): boolean {
  if (typeof value === "string") {
    return !value.includes("\0") && value.isWellFormed();
  }
  return (
    typeof value !== "object" ||
    value === null ||
    Object.entries(value).every((pair) => pair.every(isStorable))
  );
}
