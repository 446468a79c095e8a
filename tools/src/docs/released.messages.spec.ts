import { describe, expect, it } from '@jest/globals';
import { asyncApiDocument, asyncApiFaults, type AsyncApiDocument } from './asyncapi.document.ts';
import { breaks, lastRelease } from './released.messages.ts';

/** A part of the document, of any type. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Any = any;
const changed = (change: (document: Any) => void): AsyncApiDocument => {
  const document = JSON.parse(JSON.stringify(asyncApiDocument())) as AsyncApiDocument;
  change(document);
  return document;
};
const claim = (document: Any): Any => document.components.schemas.Claim;
const claimed = (document: Any): Any => document.components.schemas['voucher.claimed.v1'];

describe('the document of the topics', () => {
  it('is valid AsyncAPI', () => {
    expect(asyncApiFaults(asyncApiDocument())).toEqual([]);
    expect(
      asyncApiFaults(changed((document) => delete document.channels.outcomes.bindings.kafka.bindingVersion)),
    ).toEqual([]);
    expect(
      asyncApiFaults(changed((document) => (document.operations['ledger-sends-outcomes'].action = 'sends'))),
    ).not.toEqual([]);
  });

  it('names each type, so that no generator has to invent a name', () => {
    const unnamed: string[] = [];
    const look = (part: Any, at: string): void => {
      if (typeof part !== 'object' || part === null || '$ref' in part) return;
      const isType = 'enum' in part || 'const' in part || 'properties' in part || 'anyOf' in part || 'oneOf' in part;
      if (isType && !part.title) unnamed.push(at);
      for (const [key, inner] of Object.entries(part)) if (key !== 'examples') look(inner, `${at}/${key}`);
    };
    const { schemas, messages } = asyncApiDocument().components;
    look(schemas, 'schemas');
    for (const [type, { headers, payload }] of Object.entries(messages)) look({ headers, payload }, type);
    expect(unnamed.filter((at) => !at.endsWith('/properties'))).toEqual([]);
  });

  it('is compatible with the last release', () => {
    expect(breaks(lastRelease().document, asyncApiDocument())).toEqual([]);
  });

  it.each<[what: string, change: (document: Any) => void]>([
    ['an optional field', (document) => (claim(document).properties.note = { type: 'string' })],
    ['a message', (document) => (document.components.messages['voucher.moved.v1'] = { headers: {}, payload: {} })],
    ['other words', (document) => (claim(document).description = 'Otherwise')],
    ['an inlined schema', (document) => (claimed(document).properties.claim = claim(document))],
    [
      'another value of a list that may grow',
      (document) => document.components.schemas['voucher.lock-refused.v1'].properties.reason.enum.push('new'),
    ],
  ])('allows %s', (_what, change) => {
    expect(breaks(asyncApiDocument(), changed(change))).toEqual([]);
  });

  it.each<[what: string, fault: string, change: (document: Any) => void]>([
    [
      'a field is renamed',
      'voucher.claimed.v1: /claim/heldAt is gone',
      (document) => {
        const { properties } = claim(document);
        properties.since = properties.heldAt;
        delete properties.heldAt;
      },
    ],
    [
      'an optional field becomes required',
      'voucher.claimed.v1: /claim/lock is needed, and was not',
      (document) => claim(document).required.push('lock'),
    ],
    [
      'a new field is required',
      'voucher.claimed.v1: /claim/note is needed, and was not',
      (document) => {
        claim(document).properties.note = { type: 'string' };
        claim(document).required.push('note');
      },
    ],
    [
      'a required field becomes optional',
      'voucher.claimed.v1: /claim/heldAt may be absent, and was always there',
      (document) => (claim(document).required = claim(document).required.filter((name: string) => name !== 'heldAt')),
    ],
    [
      'fewer values are possible',
      'voucher.claimed.v1: /before enum was ["held","locked","redeemed","expired","released","revoked"], and is ["held"]',
      (document) => (claimed(document).properties.before.enum = ['held']),
    ],
    [
      'a type changes',
      'voucher.claimed.v1: /claim/uses type was "integer", and is "string"',
      (document) => (claim(document).properties.uses.type = 'string'),
    ],
    [
      'a header is removed',
      'voucher.claimed.v1, headers: /ce_sequence is gone',
      (document) => delete document.components.messages['voucher.claimed.v1'].headers.properties.ce_sequence,
    ],
    [
      'an event is removed from its topic',
      'voucher.outcomes.v1 no longer holds voucher.claimed.v1',
      (document) => delete document.channels.outcomes.messages['voucher.claimed.v1'],
    ],
    ['a topic is gone', 'topic voucher.pages.v1 is gone', (document) => delete document.channels.pages],
  ])('reports it if %s', (_what, fault, change) => {
    expect(breaks(asyncApiDocument(), changed(change))).toContain(fault);
  });
});
