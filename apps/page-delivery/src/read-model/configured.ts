// Reads the records that config publishes, of any release. Undefined if a record does not have the contract's form.
import type { Definition, Page } from '@vouchers/contracts';
import { asRead, DEFINITION, PAGE } from '@vouchers/contracts/schemas';
import { recordCheck } from '@vouchers/service/thread';
import { objectIn } from './json-object.ts';

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
