import { MikroORM, type Options } from "@mikro-orm/core";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import { onTestFinished } from "vitest";

/** An ORM of an application, without an entity of this package; closed at the end of the test. */
export async function openApplicationOrm(
  url: string,
  options: Pick<Partial<Options>, "pool"> = {},
): Promise<MikroORM> {
  const orm = await MikroORM.init({
    driver: PostgreSqlDriver,
    clientUrl: url,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    ...options,
  });
  onTestFinished(() => orm.close(true));
  return orm;
}
