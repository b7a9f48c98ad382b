import { Migration } from "@mikro-orm/migrations";

/** What a token may read, and which key its hash was made with. */
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
