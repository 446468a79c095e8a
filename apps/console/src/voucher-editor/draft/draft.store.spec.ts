import { expect, it } from '@jest/globals';
import type { VoucherSpec } from '@vouchers/contracts';
import { Draft } from './draft.store.ts';

const base = { name: 'a', quantities: { push: null, claim: 5, redeem: null }, goods: [] } as unknown as VoucherSpec;
const draft = () => new Draft({ base, version: 1, tag: '"1"' });

it('calls its listeners for each real change', () => {
  const edited = draft();
  let calls = 0;
  const stop = edited.subscribe(() => calls++);
  edited.set('/name', 'a');
  expect(calls).toBe(0);
  edited.set('/name', 'b');
  expect([calls, edited.changes.length, edited.spec.name]).toEqual([1, 1, 'b']);
  stop();
  edited.set('/name', 'c');
  expect(calls).toBe(1);
});

it('a change removes the faults of its field and of enclosing fields; other faults stay', () => {
  const edited = draft();
  edited.setFaults([
    { pointer: '/quantities/claim', message: 'from 1' },
    { pointer: '/name', message: 'is required' },
  ]);
  expect(edited.faultAt('/quantities')?.message).toBe('from 1');
  edited.set('/quantities/claim', 6);
  expect([edited.faultAt('/quantities/claim'), edited.faultAt('/name')?.message]).toEqual([undefined, 'is required']);
});

it('an invalid input changes no value, and any value removes it, even the same one', () => {
  const edited = draft();
  edited.setUnread('/quantities/claim', { pointer: '/quantities/claim', message: 'a number' });
  expect([edited.unread, edited.faultAt('/quantities/claim')?.message, edited.changes.length]).toEqual([
    '/quantities/claim',
    'a number',
    0,
  ]);
  edited.set('/quantities/claim', 5);
  expect(edited.unread).toBeUndefined();
});

it('discarding restores the state of the beginning', () => {
  const edited = draft();
  edited.set('/name', 'b');
  edited.setUnread('/quantities/claim', { pointer: '/quantities/claim', message: 'a number' });
  edited.discard();
  expect([edited.spec, edited.changes, edited.unread]).toEqual([base, [], undefined]);
});
