/**
 * Version of the rules and vocabularies that make a listing. Raised whenever the same raw data may give another
 * result, so that rows normalised before can be told from those after.
 */
export const RULES_VERSION = 1;
