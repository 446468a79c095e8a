import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually, startTestIssuer, type OddIssuer } from '@vouchers/testing';
import { thingsSettings } from '../testing/things.service.ts';
import { TokenVerifier, type VerifiedToken } from './verifier.ts';

const MINUTE_MS = 60_000;
const ACCEPTED = 'accepted';

let issuer: OddIssuer;
let verifier: TokenVerifier;
let askedKeys: jest.Spied<typeof fetch>;
const warned = jest.fn();
const connection = {};
beforeEach(async () => {
  issuer = await startTestIssuer();
  warned.mockClear();
  verifier = new TokenVerifier(thingsSettings(issuer.url), { warn: warned });
  await verifier.refreshKeys();
  askedKeys = jest.spyOn(globalThis, 'fetch');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await issuer.stop();
});

const later = (ms: number): void => {
  const then = Date.now() + ms;
  jest.spyOn(Date, 'now').mockReturnValue(then);
};
const token = (): Promise<string> => issuer.signToken({ scope: 'pages:read' });
const said = async (text: string, from: object = connection): Promise<string> => {
  try {
    await verifier.claimsOf(`Bearer ${text}`, from);
    return ACCEPTED;
  } catch (error) {
    return (error as Error).message;
  }
};
/** At once: nobody asks whether it is still good. */
const isRemembered = (text: string): boolean => {
  const claims = verifier.claimsOf(`Bearer ${text}`, connection);
  if (!(claims instanceof Promise)) return true;
  claims.catch(() => undefined);
  return false;
};

it('a failure to fetch the keys is logged each minute, and the next minute tries again', async () => {
  const text = await token();
  await said(text);
  await issuer.stop();
  const failed = (n: number) => eventually(`failure ${n} is logged`, () => warned.mock.calls.length === n);
  expect(warned).not.toHaveBeenCalled();
  later(MINUTE_MS);
  expect([isRemembered(text), isRemembered(text)]).toEqual([true, true]);
  await failed(1);
  expect(warned).toHaveBeenCalledWith({ err: expect.anything() }, 'the keys of the token issuer cannot be fetched');
  later(MINUTE_MS);
  expect(isRemembered(text)).toBe(true);
  await failed(2);
});

describe('a verified token', () => {
  it('is remembered for less than ten minutes', async () => {
    const text = await token();
    await said(text);
    expect(isRemembered(text)).toBe(true);
    later(10 * MINUTE_MS - 100);
    expect(isRemembered(text)).toBe(true);
    later(200);
    expect(isRemembered(text)).toBe(false);
  });

  it('tells how long what goes on may rely on it', async () => {
    const [long, short] = [await token(), await issuer.signToken({ scope: 'pages:read', lifetimeSeconds: 60 })];
    const goodFor = async (text: string): Promise<number> =>
      ((await verifier.claimsOf(`Bearer ${text}`, connection)) as VerifiedToken).goodUntil - Date.now();
    expect(Math.abs((await goodFor(long)) - 10 * MINUTE_MS)).toBeLessThan(2_000);
    expect(Math.abs((await goodFor(short)) - MINUTE_MS)).toBeLessThan(4_000);
  });

  it('is forgotten as soon as a token of another key shows that the keys have changed', async () => {
    const old = await token();
    await said(old);
    await issuer.replaceKey();
    expect(isRemembered(old)).toBe(true);
    later(6_000);
    expect(await said(await token(), {})).toBe(ACCEPTED);
    expect(isRemembered(old)).toBe(false);
    expect(await said(old)).toMatch(/bearer token/);
  });

  it('is forgotten some time after its key was taken away, also if no other token comes', async () => {
    const old = await token();
    await said(old);
    await issuer.replaceKey();
    later(MINUTE_MS);
    expect(isRemembered(old)).toBe(true);
    await eventually('the keys are asked for, and it is refused', async () => (await said(old)) !== ACCEPTED);
  });

  it('is kept while the issuer says the same, and while it is away', async () => {
    const text = await token();
    await said(text);
    later(MINUTE_MS);
    expect(isRemembered(text)).toBe(true);
    await eventually('the keys are asked for', () => askedKeys.mock.calls.length > 0);
    await Promise.allSettled(askedKeys.mock.results.map(({ value }) => value));
    expect(isRemembered(text)).toBe(true);
    await issuer.stop();
    later(MINUTE_MS);
    expect(isRemembered(text)).toBe(true);
    expect(isRemembered(text)).toBe(true);
  });

  it('is one of a bounded number', async () => {
    const attrs = { long: 'x'.repeat(100_000) };
    const texts = await Promise.all(
      Array.from({ length: 200 }, (_, n) => issuer.signToken({ scope: 'pages:read', sub: `user-${n}`, attrs })),
    );
    for (const text of texts) expect(await said(text, {})).toBe(ACCEPTED);
    const kept = texts.filter((text) => isRemembered(text)).length;
    expect(kept).toBeLessThan(130);
  });
});
