// Decides all that happened to each voucher again, by the versions that were in force: the ledger must find no difference.
import { setTimeout as pause } from 'node:timers/promises';
import type { List, Simulation, Voucher } from '@vouchers/contracts';
import type { Access } from './replay.ts';
import { ask } from './service-calls.ts';

/** Vouchers whose simulations wait at the same time. The ledger lets ten wait. */
const AT_ONCE = 5;
const LOOK_MS = 25;
/** Fields of a voucher that no spec has, and its goods, which a simulation leaves out. */
const NOT_OF_SPEC = ['id', 'version', 'state', 'team', 'createdAt', 'updatedAt', 'updatedBy', 'goods'];

export interface Identity {
  vouchers: number;
  /** Decisions that were made again. */
  decisions: number;
  /** Decisions that came out otherwise. */
  differences: number;
  /** Decisions that would differ if the last version had been in force from the beginning. */
  changed: number;
  failed: string[];
}

/** Simulates each voucher by its last version. @returns the sums over all of them */
export async function decideAgain(access: Access, signal: AbortSignal): Promise<Identity> {
  const vouchers = (await allVouchers(access, signal)).filter(({ state }) => state !== 'draft').values();
  const sum: Identity = { vouchers: 0, decisions: 0, differences: 0, changed: 0, failed: [] };
  const work = async (): Promise<void> => {
    for (const voucher of vouchers) {
      const { state, identity, classes, failure } = await simulated(voucher, access, signal);
      sum.vouchers += 1;
      sum.decisions += identity?.decisions ?? 0;
      sum.differences += identity?.differences ?? 0;
      sum.changed += classes ? classes.exact + classes.consequent : 0;
      if (state !== 'done') sum.failed.push(`${voucher.id} ${voucher.name}: ${state} ${failure?.detail ?? ''}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return sum;
}

async function allVouchers({ config, token }: Access, signal: AbortSignal): Promise<Voucher[]> {
  const vouchers: Voucher[] = [];
  for (let after: string | null = ''; after !== null;) {
    const url: string = `${config}/v1/vouchers?limit=200${after && `&after=${after}`}`;
    const call = { method: 'GET', url, headers: { Authorization: `Bearer ${token}` } } as const;
    const { body }: { body: List<Voucher> } = await ask<List<Voucher>>(call, [200], signal);
    vouchers.push(...body.items);
    after = body.next;
  }
  return vouchers;
}

async function simulated(voucher: Voucher, { ledger, token }: Access, signal: AbortSignal): Promise<Simulation> {
  const headers = { Authorization: `Bearer ${token}` };
  const spec = Object.fromEntries(Object.entries(voucher).filter(([name]) => !NOT_OF_SPEC.includes(name)));
  const url = `${ledger}/v1/vouchers/${voucher.id}/simulations`;
  // 202 is the answer, so it is not asked again.
  const { body } = await ask<Simulation>({ method: 'POST', url, headers, body: { spec } }, [202], signal);
  for (;;) {
    const one = { method: 'GET', url: `${ledger}/v1/simulations/${body.id}`, headers } as const;
    const { body: simulation } = await ask<Simulation>(one, [200], signal);
    if (simulation.state !== 'queued' && simulation.state !== 'running') return simulation;
    await pause(LOOK_MS, undefined, { signal });
  }
}
