import { expect, it } from '@jest/globals';
import type { VoucherSpec } from '@vouchers/contracts';
import { Draft } from './draft.store.ts';

const base = { name: 'a', quantities: { push: null, claim: 5, redeem: null }, goods: [] } as unknown as VoucherSpec;
const draft = () => new Draft({ base, version: 1, tag: '"1"' });

it('tells who listens of a change, and of none that is none', () => {
  const edited = draft();
  let told = 0;
  const stop = edited.subscribe(() => told++);
  edited.set('/name', 'a');
  expect(told).toBe(0);
  edited.set('/name', 'b');
  expect([told, edited.changes.length, edited.spec.name]).toEqual([1, 1, 'b']);
  stop();
  edited.set('/name', 'c');
  expect(told).toBe(1);
});

it('a fault goes with the field that is changed, or that holds it; others stay', () => {
  const edited = draft();
  edited.setFaults([
    { pointer: '/quantities/claim', message: 'from 1' },
    { pointer: '/name', message: 'is required' },
  ]);
  expect(edited.faultAt('/quantities')).toBe('from 1');
  edited.set('/quantities/claim', 6);
  expect([edited.faultAt('/quantities/claim'), edited.faultAt('/name')]).toEqual([undefined, 'is required']);
});

it('what cannot be read yet is no value, and a value ends it, the same one too', () => {
  const edited = draft();
  edited.setUnread('/quantities/claim', 'a number');
  expect([edited.unread, edited.faultAt('/quantities/claim'), edited.changes.length]).toEqual([
    '/quantities/claim',
    'a number',
    0,
  ]);
  edited.set('/quantities/claim', 5);
  expect(edited.unread).toBeUndefined();
});

it('discarded, it is as it began', () => {
  const edited = draft();
  edited.set('/name', 'b');
  edited.setUnread('/quantities/claim', 'a number');
  edited.discard();
  expect([edited.spec, edited.changes, edited.unread]).toEqual([base, [], undefined]);
});
