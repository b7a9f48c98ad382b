import { Migration } from "@mikro-orm/migrations";

/** Every table of the first release. */
export class InitialSchema extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      create table raw_data (
        id serial primary key,
        inner_id varchar(255) not null,
        change_type varchar(16) not null,
        created_at timestamptz not null,
        data jsonb not null,
        first_loaded_at timestamptz not null default now(),
        last_updated_at timestamptz not null default now(),
        source varchar(16) not null,
        active_status int not null default 0,
        is_processed boolean not null default false,
        change_id bigint null,
        completeness varchar(16) not null default 'complete',
        constraint raw_data_inner_id_unique unique (inner_id)
      )`);
    this.addSql("create index raw_data_unprocessed on raw_data (id) where not is_processed");
    this.addSql("create index raw_data_incomplete on raw_data (id) where completeness <> 'complete'");

    this.addSql(`
      create table processed_data (
        id serial primary key,
        inner_id varchar(255) not null,
        active_status int not null default 0,
        is_incomplete boolean not null default false,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        mark text null, model text null, model_latin text null, series text null, model_year int null,
        trim text null, generation int null, title text null, year int null, color text null,
        price int null, msrp int null, km_age int null,
        engine_type text null, transmission_type text null, body_type text null, drive_type text null,
        displacement numeric(5,2) null, displacement_cc int null, power int null, power_kw int null,
        torque_nm int null, aspiration text null, cylinders int null, doors int null, seats int null,
        emission_standard text null, car_class text null, manufacturer text null, is_import boolean null,
        address text null, province text null, city text null, district text null,
        seller_type text null, is_dealer boolean null, section text null, salon_id text null, specid text null,
        url text null, vin text null, description text null,
        offer_created date null, first_registration date null,
        images jsonb null, options jsonb null, normalized_data jsonb not null,
        search tsvector null, rules_version int not null,
        constraint processed_data_inner_id_unique unique (inner_id)
      )`);
    // Long values are stored out of line, so that the columns of lists and filters stay in memory.
    this.addSql(
      "alter table processed_data set (toast_tuple_target = 128, autovacuum_vacuum_scale_factor = 0.01)",
    );
    // Short ones stay in the row: out of line, each takes more space and four page reads.
    const short = ["mark", "model", "trim", "title", "url", "address", "province", "city", "district"];
    for (const column of [...short, "manufacturer"]) {
      this.addSql(`alter table processed_data alter column ${column} set storage main`);
    }
    // Index-only scans need a fresh visibility map; the feed updates 6 % of the rows a day.
    this.addSql("alter table raw_data set (autovacuum_vacuum_scale_factor = 0.05)");
    if (await this.serverHasLz4()) {
      this.addSql("alter table raw_data alter column data set compression lz4");
      for (const column of ["normalized_data", "images", "options", "description"]) {
        this.addSql(`alter table processed_data alter column ${column} set compression lz4`);
      }
    }

    const listed = "where active_status = 0 and not is_incomplete";
    const filters = [
      ...["mark", "model", "color", "body_type", "engine_type", "transmission_type", "drive_type"],
      ...["seller_type", "province", "city", "year", "price", "km_age", "power", "displacement"],
    ];
    for (const key of ["created_at", "price", "year", "km_age"]) {
      const included = filters.filter((column) => column !== key).join(", ");
      this.addSql(
        `create index processed_data_by_${key} on processed_data (${key}, id) include (${included}) ${listed}`,
      );
    }
    this.addSql(
      `create index processed_data_mark_model on processed_data (mark, model, created_at, id) ${listed}`,
    );
    for (const column of ["city", "color", "body_type", "engine_type"]) {
      this.addSql(`create index processed_data_${column} on processed_data (${column}) ${listed}`);
    }
    this.addSql(`create index processed_data_search on processed_data using gin (search) ${listed}`);
    this.addSql("create index processed_data_rules_version on processed_data (rules_version)");
    this.addSql(
      "create statistics processed_data_mark_model_related (dependencies, mcv, ndistinct) on mark, model from processed_data",
    );

    this.addSql(`
      create table api_tokens (
        id serial primary key,
        token varchar(255) not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz null,
        description text null,
        last_used_at timestamptz null,
        constraint api_tokens_token_unique unique (token)
      )`);
    // Unlogged: counters of one minute need no WAL, and may be lost in a crash.
    this.addSql(`
      create unlogged table api_rate_limits (
        key varchar(255) primary key,
        points int not null default 0,
        expire bigint null
      )`);
    this.addSql(`
      create table operations_log (
        id serial primary key,
        operation_type varchar(32) not null,
        started_at timestamptz not null default now(),
        duration int null,
        status varchar(8) not null,
        details text null
      )`);
    this.addSql("create index operations_log_latest on operations_log (operation_type, id desc)");
    this.addSql(`
      create table sync_state (
        id int primary key,
        last_successful_date date null,
        last_change_id bigint null,
        updated_at timestamptz not null default now(),
        constraint sync_state_one_row check (id = 1)
      )`);
    this.addSql(`
      create table load_state (
        id int primary key,
        walk varchar(8) not null default 'load',
        next_page int null,
        started_at timestamptz not null,
        finished_at timestamptz null,
        last_pages int null,
        last_records int null,
        records int not null default 0,
        removed_meanwhile int not null default 0,
        constraint load_state_one_row check (id = 1)
      )`);
    this.addSql(`
      create table failed_pages (
        page int primary key,
        failed_at timestamptz not null default now(),
        reason text not null
      )`);
    this.addSql(`
      create table rejected_records (
        id serial primary key,
        rejected_at timestamptz not null default now(),
        source varchar(16) not null,
        reason text not null,
        inner_id text null,
        change_id bigint null,
        record text not null,
        fingerprint varchar(64) not null,
        constraint rejected_records_fingerprint_unique unique (fingerprint)
      )`);
    this.addSql(`
      create table data_version (
        id int primary key,
        version bigint not null default 0,
        constraint data_version_one_row check (id = 1)
      )`);
    this.addSql("insert into data_version (id, version) values (1, 0)");
  }

  override down(): void {
    for (const table of [
      ...["raw_data", "processed_data", "api_tokens", "operations_log", "sync_state", "load_state"],
      ...["failed_pages", "rejected_records", "data_version", "api_rate_limits"],
    ]) {
      this.addSql(`drop table ${table}`);
    }
  }

  /** A server built without lz4 (the embedded one, some distributions) keeps pglz; the stored values are the same. */
  private async serverHasLz4(): Promise<boolean> {
    const rows = await this.execute(
      "select 'lz4' = any(enumvals) as lz4 from pg_settings where name = 'default_toast_compression'",
    );
    return rows.some((row) => (row as { lz4?: unknown }).lz4 === true);
  }
}
