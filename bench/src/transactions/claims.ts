// One transaction per claim, in a Nest service with TypeORM, as fast as possible: prepared statements, one round trip
// per statement, and the hot row locked last and only until the commit.
import { hash } from 'node:crypto';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { createDatabase, conflict, notFound } from '@vouchers/service';
import pg from 'pg';
import { DataSource, QueryFailedError } from 'typeorm';
import { ClaimRow, VoucherRow } from './tables.entity.ts';
import { TransactionsSettings } from './transactions.settings.ts';

const UNIQUE_VIOLATION = '23505';

/** Names each statement, so that Postgres parses and plans it once. TypeORM does not name them. */
class PreparingClient extends pg.Client {
  override query(...args: unknown[]): never {
    const [text, values, ...rest] = args;
    const query = super.query.bind(this) as (...args: unknown[]) => never;
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return query(...args);
    return query({ name: nameOf(text), text, values }, ...rest);
  }
}

const names = new Map<string, string>();
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = hash('sha256', text).slice(0, 32)));
  return name;
}

/** Undoes the transaction, since one more claim of this voucher would break a rule. */
class Refused extends Error {}

@Injectable()
export class Claims implements OnModuleInit, OnApplicationShutdown {
  private readonly source: DataSource;

  constructor(private readonly settings: TransactionsSettings) {
    this.source = new DataSource({
      type: 'postgres',
      url: settings.databaseUrl,
      entities: [VoucherRow, ClaimRow],
      synchronize: true,
      poolSize: settings.poolSize,
      logging: false,
      extra: { Client: PreparingClient },
    });
  }

  async onModuleInit(): Promise<void> {
    await createDatabase(this.settings.databaseUrl);
    await this.source.initialize();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.source.destroy();
  }

  /** Takes a unit for the user, or returns the claim that this submission made before. @throws ProblemError 404, 409 */
  async take(claim: ClaimRow): Promise<ClaimRow> {
    try {
      await this.source.transaction(async (manager) => {
        await manager.createQueryBuilder().insert().into(ClaimRow).values(claim).updateEntity(false).execute();
        const { affected } = await manager
          .createQueryBuilder()
          .update(VoucherRow)
          .set({ claimed: () => 'claimed + 1' })
          .where('id = :id AND enabled AND claimed < quantity AND :at >= valid_from AND :at < valid_to', {
            id: claim.voucherId,
            at: claim.heldAt,
          })
          .execute();
        if (affected !== 1) throw new Refused();
      });
      return claim;
    } catch (error) {
      if (error instanceof Refused) throw await this.whyRefused(claim);
      const { code } = error instanceof QueryFailedError ? (error.driverError as { code?: string }) : {};
      if (code !== UNIQUE_VIOLATION) throw error;
      const before = await this.source.manager.findOneBy(ClaimRow, { submissionId: claim.submissionId });
      if (!before) throw conflict('per-user-limit');
      return before;
    }
  }

  private async whyRefused({ voucherId, heldAt }: ClaimRow): Promise<Error> {
    const voucher = await this.source.manager.findOneBy(VoucherRow, { id: voucherId });
    if (!voucher) return notFound('unknown-voucher');
    if (!voucher.enabled) return conflict('not-enabled');
    return conflict(heldAt < voucher.validFrom || heldAt >= voucher.validTo ? 'outside-valid-window' : 'sold-out');
  }
}
