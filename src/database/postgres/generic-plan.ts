import type { PoolClient } from "pg";

/** A connection of node-postgres, as its class `Query` uses it. */
interface Wire {
  /** Texts of prepared statements by name. */
  readonly parsedStatements: Record<string, string>;
  parse(message: { readonly name: string; readonly text: string }): void;
  bind(message: { readonly statement: string }): void;
  execute(message: object): void;
}

type Done = (error: Error | null | undefined, result: { rows: unknown[]; rowCount: number | null }) => void;

/** The driver's class `Query`: sends one statement, and is called with the messages of its response. */
interface DriverQuery {
  prepare(connection: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
}
type QueryClass = new (
  config: { readonly name: string; readonly text: string; readonly values: unknown[] },
  done: Done,
) => DriverQuery;

const NAME = "che168_generic_plan";
/**
 * The plan outlives the size that the tables had when it was made: a scan of an empty table would become one of 250,000 rows.
 * Both settings apply until the end of the transaction, which is the statement itself outside of an explicit one.
 */
const TEXT =
  "select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)";

/** A subclass that sends {@link TEXT} before the statement, in the same packet, and skips its response. */
function withGenericPlan(Query: QueryClass): QueryClass {
  return class extends Query {
    #isSet = false;

    override prepare(connection: Wire): void {
      if (connection.parsedStatements[NAME] === undefined) {
        connection.parse({ name: NAME, text: TEXT });
      }
      connection.bind({ statement: NAME });
      connection.execute({});
      super.prepare(connection);
    }

    override handleDataRow(message: unknown): void {
      if (this.#isSet) {
        super.handleDataRow(message);
      }
    }

    override handleCommandComplete(message: unknown, connection: Wire): void {
      if (this.#isSet) {
        super.handleCommandComplete(message, connection);
      } else {
        this.#isSet = true;
        connection.parsedStatements[NAME] = TEXT;
      }
    }
  };
}

const subclasses = new WeakMap<QueryClass, QueryClass>();

/**
 * Runs a named statement with the plan that the connection has kept for it: planning the statement for one listing takes
 * PostgreSQL twice as long as executing it. In the API's sessions every execution is planned anew, which lists need: see
 * `API_SERVER_SETTINGS`.
 *
 * @returns false when the driver has no class for it, such as `pg-native`; nothing is sent then
 */
export function queryWithGenericPlan(
  client: PoolClient,
  statement: { readonly name: string; readonly text: string; readonly values: unknown[] },
  done: Done,
): boolean {
  const { Query } = client.constructor as { Query?: QueryClass };
  if (typeof Query?.prototype.prepare !== "function") {
    return false;
  }
  let Generic = subclasses.get(Query);
  if (Generic === undefined) {
    Generic = withGenericPlan(Query);
    subclasses.set(Query, Generic);
  }
  client.query(new Generic(statement, done) as unknown as Parameters<PoolClient["query"]>[0]);
  return true;
}
