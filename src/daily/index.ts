/** Update and normalisation in one run, once or on a schedule. */
export { type DailyOptions, type DailyResult, runDaily } from "./run-daily.ts";
export { isTimeOfDay, type Schedule, type ScheduleOptions, scheduleDaily } from "./schedule-daily.ts";
