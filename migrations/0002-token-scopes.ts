import { Migration } from "@mikro-orm/migrations";

/** Scopes of tokens, and the id of the key of their hashes. */
export class TokenScopes extends Migration {
  override up(): void {
    this.addSql(`
      alter table api_tokens
        add column scopes text[] not null default '{read,ops}',
        add column key_id varchar(16) null`);
  }

  override down(): void {
    this.addSql("alter table api_tokens drop column key_id, drop column scopes");
  }
}
