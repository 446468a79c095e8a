// Reads the records that config publishes, of any release. Undefined if a record does not have the contract's form.
import type { Definition, Page } from '@vouchers/contracts';
import { asRead, DEFINITION, PAGE } from '@vouchers/contracts/schemas';
import { recordCheck } from '@vouchers/service/thread';
import { objectIn } from './json-object.ts';

/** The keys of the two topics. */
export const VOUCHER_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const SLUG = /^[a-z0-9-]{1,80}$/;

const definitionFault = recordCheck(asRead(DEFINITION));
const pageFault = recordCheck(asRead(PAGE));

export function definitionIn(voucherId: string, value: Buffer): Definition | undefined {
  const definition = objectIn(value);
  if (definitionFault(definition) !== undefined || definition?.['voucherId'] !== voucherId) return undefined;
  return definition as unknown as Definition;
}

export function pageIn(slug: string, value: Buffer): Page | undefined {
  const page = objectIn(value);
  if (pageFault(page) !== undefined || page?.['slug'] !== slug) return undefined;
  return page as unknown as Page;
}
