import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isKeptUserKey, keptUser, onlyKeptUser, secondsLeft } from './kept-user.ts';

// An entry as oidc-client-ts 3.5 writes it. The storage is an object whose keys are its items, like in a browser.
const USER = { access_token: 'a.b.c', refresh_token: 'r', token_type: 'Bearer', expires_at: 2_000_000_000 };
const before = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');

function store(items: Record<string, unknown>): void {
  storeTexts(Object.fromEntries(Object.entries(items).map(([key, value]) => [key, JSON.stringify(value)])));
}

function storeTexts(texts: Record<string, string>): void {
  const value = Object.assign(Object.create({ getItem: (key: string) => texts[key] ?? null }) as object, texts);
  Object.defineProperty(globalThis, 'localStorage', { value, configurable: true });
}

beforeEach(() => store({}));
afterEach(() => {
  if (before) Object.defineProperty(globalThis, 'localStorage', before);
});

describe('the user who is signed in', () => {
  it('is read from the entry that the library stored', () => {
    store({ 'oidc.user:http://issuer:console': USER, 'console.language': 'en' });
    expect(keptUser('http://issuer', 'console')).toEqual(USER);
    expect(keptUser('http://other', 'console')).toBeUndefined();
    expect(onlyKeptUser()).toEqual(USER);
  });

  it('is undefined if there is no entry, or if there are two', () => {
    expect(onlyKeptUser()).toBeUndefined();
    store({ 'oidc.user:http://issuer:console': USER, 'oidc.user:http://other:console': USER });
    expect(onlyKeptUser()).toBeUndefined();
    expect(keptUser('http://other', 'console')).toEqual(USER);
  });

  it.each(['', '{', 'null', '7', '{"access_token":7}'])('is undefined if the entry is damaged: %s', (text) => {
    storeTexts({ 'oidc.user:http://issuer:console': text });
    expect([onlyKeptUser(), keptUser('http://issuer', 'console')]).toEqual([undefined, undefined]);
  });

  it('has the seconds until the token expires', () => {
    expect(secondsLeft({ ...USER, expires_at: Date.now() / 1_000 + 60 })).toBeCloseTo(60, 0);
    expect(secondsLeft({ access_token: 'a' })).toBe(Infinity);
    expect([isKeptUserKey('oidc.user:x:y'), isKeptUserKey('oidc.state'), isKeptUserKey(null)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
