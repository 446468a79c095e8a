import { describe, expect, it } from '@jest/globals';
import { BloomFilter } from './bloom.filter.ts';
import { NEW_USER, VoucherUsers } from './voucher.users.ts';

const once = { pushed: false, claims: 1 };
const twice = { pushed: true, claims: 2 };

describe('the users of a voucher that are looked up ahead', () => {
  it('are known once they are answered, with a row or without', () => {
    const users = new VoucherUsers(false);
    for (const userId of ['alice', 'bob']) users.askAhead(userId);
    expect(users.get('alice')).toBeUndefined();
    users.learnAhead('alice', once);
    users.learnAhead('bob');
    expect([users.get('alice'), users.get('bob')]).toEqual([once, NEW_USER]);
  });

  it.each(['only looked up', 'read for a filter'])('keep what was written after they were asked for, if %s', (how) => {
    const users = new VoucherUsers(false);
    if (how === 'read for a filter') {
      users.gather(new BloomFilter());
      users.complete();
      users.wrote('alice', once);
    }
    users.askAhead('alice');
    users.wrote('alice', twice);
    users.learnAhead('alice', once);
    expect(users.get('alice')).toEqual(twice);
  });

  it('do not come back after they were forgotten again', () => {
    const users = new VoucherUsers(false);
    users.askAhead('alice');
    users.wrote('alice', twice);
    // The cache drops them after this many others.
    for (let number = 0; number < 10_000; number += 1) {
      users.learn(`user ${number}`);
      if (number % 2_500 === 0) users.trim();
    }
    users.learnAhead('alice', once);
    expect(users.get('alice')).toBeUndefined();
  });
});
