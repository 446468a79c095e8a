import { describe, expect, it } from '@jest/globals';
import { createHmac, randomBytes } from 'node:crypto';
import { Signer, signingKeysIn, type SignedParts } from './signatures.ts';

const secret = randomBytes(32);
const key = { id: 'a', secret };
const signer = new Signer([key]);
const parts = { topic: 'submissions', key: 'voucher', type: 'claim', value: Buffer.from('{"n":1}') } as const;

describe('a signature', () => {
  it.each([0, 1, 100, 21_000, 22_000, 3_000_000])('is HMAC-SHA256, of %i bytes too', (bytes) => {
    const value = randomBytes(bytes);
    const head = '11:submissions7:voucher5:claim+';
    for (const each of [secret, randomBytes(64), randomBytes(65), randomBytes(200)]) {
      const mac = createHmac('sha256', each).update(head).update(value).digest('base64url');
      expect(new Signer([{ id: 'a', secret: each }]).signatureOf({ ...parts, value })).toBe(`a:${mac}`);
    }
  });

  it('of a text is that of its bytes in UTF-8', () => {
    const value = '满100减20 €';
    expect(signer.signatureOf({ ...parts, value })).toBe(signer.signatureOf({ ...parts, value: Buffer.from(value) }));
  });

  it('is right for its record', () => {
    expect(signer.faultOf(signer.signatureOf(parts), parts)).toBeUndefined();
    expect(signer.faultOf(undefined, parts)).toBe('missing');
  });

  it.each<[string, Partial<SignedParts>]>([
    ['topic', { topic: 'definitions' }],
    ['key', { key: 'other' }],
    ['key that is null', { key: null }],
    ['type', { type: 'lock' }],
    ['value', { value: Buffer.from('{"n":2}') }],
    ['value that is null', { value: null }],
    ['value that is empty', { value: Buffer.from('') }],
    ['border between topic and key', { topic: 'submission', key: 'svoucher' }],
    ['border between key and type', { key: 'vouch', type: 'erclaim' }],
    ['border between type and value', { type: 'clai', value: Buffer.from('m{"n":1}') }],
  ])('is wrong for another %s', (_, change) => {
    expect(signer.faultOf(signer.signatureOf(parts), { ...parts, ...change })).toBe('wrong');
  });

  it('covers the version of a deletion, and only that', () => {
    const deletion = { ...parts, value: null, version: '3' };
    expect(signer.faultOf(signer.signatureOf(deletion), deletion)).toBeUndefined();
    for (const version of ['4', '', undefined])
      expect(signer.faultOf(signer.signatureOf(deletion), { ...deletion, version })).toBe('wrong');
    expect(signer.faultOf(signer.signatureOf(parts), { ...parts, version: '4' })).toBeUndefined();
  });

  it.each([
    '',
    'a',
    'a:',
    ':',
    `a:${'x'.repeat(42)}`,
    `a:${'x'.repeat(43)}`,
    `a:${'x'.repeat(44)}`,
    'ä:b',
    '__proto__:x',
  ])('of another shape is wrong: %s', (signature) => {
    expect(signer.faultOf(signature, parts)).toBe('wrong');
  });

  it('is put into the headers, by the type and version that are there', () => {
    const headers = signer.signed(
      { ce_type: 'claim', ce_version: Buffer.from('3'), other: 'x' },
      { ...parts, value: null },
    );
    expect(headers).toMatchObject({ ce_type: 'claim', other: 'x' });
    expect(signer.faultOf(headers.ce_signature, { ...parts, value: null, version: '3' })).toBeUndefined();
  });
});

it('keys are rotated: all check, the first signs, and one that is dropped is unknown', () => {
  const next = { id: 'b', secret: randomBytes(32) };
  const [before, both, after] = [new Signer([key]), new Signer([key, next]), new Signer([next, key])];
  for (const [by, checks] of [
    [before, both],
    [both, before],
    [both, after],
    [after, both],
  ] as const)
    expect(checks.faultOf(by.signatureOf(parts), parts)).toBeUndefined();
  expect([both, after].map((each) => each.signatureOf(parts).split(':')[0])).toEqual(['a', 'b']);
  const dropped = new Signer([next]);
  expect(dropped.faultOf(after.signatureOf(parts), parts)).toBeUndefined();
  expect(dropped.faultOf(before.signatureOf(parts), parts)).toBe('unknown-key');
  expect(new Signer([{ id: 'a', secret: next.secret }]).faultOf(before.signatureOf(parts), parts)).toBe('wrong');
});

describe('keys', () => {
  const long = Buffer.alloc(32, 0xfb);
  it.each([
    `one:${long.toString('base64')},two:${long.toString('base64url')}`,
    ` one:${long.toString('base64')} ,\n two:${long.toString('base64url')}\n`,
  ])('are a list of id and secret', (text) => {
    expect(signingKeysIn(text)).toEqual([
      { id: 'one', secret: long },
      { id: 'two', secret: long },
    ]);
  });

  it.each([
    ['without an id', long.toString('base64url'), /id:secret.*key 1/],
    ['with an odd id', `one:${long.toString('base64url')},ä:x`, /id:secret.*key 2/],
    ['with a secret of odd characters', 'one:§§§', /base64 \(key 'one'\)/],
    ['with a short secret', `one:${long.subarray(1).toString('base64url')}`, /at least 32 bytes.*'one' has 31/],
    ['with an empty secret', 'one:', /base64/],
    ['with the same id twice', `one:${long.toString('hex')},one:${long.toString('hex')}`, /two keys 'one'/],
    ['that are too many', Array.from({ length: 11 }, (_, n) => `k${n}:${long.toString('hex')}`).join(), /at most 10/],
  ])('%s are refused, and no secret is told', (_, text, why) => {
    expect(() => signingKeysIn(text)).toThrow(why);
    expect(() => signingKeysIn(text)).not.toThrow(/-_v7|§|fbfb/);
  });

  it('are needed to sign', () => {
    expect(() => new Signer([])).toThrow('no key');
  });
});
