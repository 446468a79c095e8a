import { describe, expect, it } from '@jest/globals';
import type { TFunction } from 'i18next';
import { ApiProblem, problemFrom } from '../api/api-problem.ts';
import { nameIn } from './kept-user.ts';
import { signInProblem } from './sign-in-problem.ts';

const t = ((key: string) => key) as unknown as TFunction;
const named = (name: string, fields: object = {}): Error => Object.assign(new Error('words'), { name, ...fields });
const shown = (error: unknown) => {
  const { status, title, detail } = problemFrom(signInProblem(error, t));
  return [status, title, detail];
};

describe('a sign-in that fails', () => {
  it.each<[string, unknown, unknown[]]>([
    [
      'by the issuer',
      named('ErrorResponse', { error: 'access_denied', error_description: 'Not in the group' }),
      [400, 'frame.signInRefused', 'access_denied: Not in the group'],
    ],
    [
      'without a description',
      named('ErrorResponse', { error: 'invalid_scope', error_description: null }),
      [400, 'frame.signInRefused', 'invalid_scope'],
    ],
    ['by a callback that was used before', named('Error'), [400, 'frame.signInRefused', 'words']],
    ['because the issuer is away', named('TypeError'), [0, '', 'words']],
    ['because the issuer is silent', named('ErrorTimeout'), [0, '', 'words']],
    ['by a service', new ApiProblem({ status: 503, title: 'Away' }), [503, 'Away', undefined]],
  ])('%s says so', (_, error, expected) => {
    expect(shown(error)).toEqual(expected);
  });
});

describe('the name of a person', () => {
  it.each([
    [{ name: 'Ann Lee', preferred_username: 'ann' }, 'Ann Lee'],
    [{ preferred_username: 'ann' }, 'ann'],
    [{ name: ' ' }, undefined],
    [{ name: 7 as unknown as string, preferred_username: 'ann' }, 'ann'],
    [undefined, undefined],
  ])('in %j is %s', (profile, name) => {
    expect(nameIn(profile)).toBe(name);
  });
});
