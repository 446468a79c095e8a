import { describe, expect, it } from '@jest/globals';
import { AtOnce } from './at-once.ts';

const refused = { detail: 'At most 2 (SOME_SETTING).', retryAfterSeconds: 5 };

describe('the limit of things at once', () => {
  it('counts per key', () => {
    const atOnce = new AtOnce({ each: 2 }, refused);
    atOnce.enter('alice');
    const leave = atOnce.enter('alice');
    expect(() => atOnce.enter('alice')).toThrow(
      expect.objectContaining({ status: 429, about: { detail: refused.detail, headers: { 'retry-after': '5' } } }),
    );
    atOnce.enter('bob');
    leave();
    leave();
    atOnce.enter('alice');
    expect(() => atOnce.enter('alice')).toThrow(refused.detail);
  });

  it('counts in total', () => {
    const atOnce = new AtOnce({ each: 2, all: 2 }, refused);
    const leave = atOnce.enter('alice');
    atOnce.enter('bob');
    expect(() => atOnce.enter('carol')).toThrow(refused.detail);
    leave();
    atOnce.enter('carol');
    expect(() => atOnce.enter('alice')).toThrow(refused.detail);
  });
});
