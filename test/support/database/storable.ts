/** Whether PostgreSQL can store every text in the value: none contains a NUL or a lone surrogate; escapes of these are allowed. */
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
