import { InitialSchema } from "./0001-initial-schema.ts";

/** Every schema step in order. A name, once released, is neither changed nor reused. */
export const migrations = [{ name: "0001-initial-schema", class: InitialSchema }];
