/** Every reason of `status --check`. */
export const CHECK_REASONS = [
  "failed",
  "stale",
  "stuck",
  "rejected",
  "feed_gap",
  "feed_restarted",
  "feed_silent",
  "volume_low",
  "fill_rate",
  "mass_removal",
  "tariffs_expired",
] as const;

/** Why a monitor should raise an alarm. */
export interface CheckReason {
  readonly code: (typeof CHECK_REASONS)[number];
  readonly message: string;
  /** The message without the text of an error, which may contain text of the service; the API serves this. */
  readonly summary?: string | undefined;
  /** What to do, in one line. */
  readonly remedy: string;
}
