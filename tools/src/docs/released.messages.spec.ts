import { describe, expect, it } from '@jest/globals';
import { asyncApiDocument, asyncApiFaults, type AsyncApiDocument } from './asyncapi.document.ts';
import { breaks, lastRelease } from './released.messages.ts';

/** What a change names: `any` stands for a part of the document, whatever it is. */
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
  it('is AsyncAPI', () => {
    expect(asyncApiFaults(asyncApiDocument())).toEqual([]);
    expect(
      asyncApiFaults(changed((document) => delete document.channels.outcomes.bindings.kafka.bindingVersion)),
    ).toEqual([]);
    expect(
      asyncApiFaults(changed((document) => (document.operations['ledger-sends-outcomes'].action = 'sends'))),
    ).not.toEqual([]);
  });

  it('still says what the last release said', () => {
    expect(breaks(lastRelease().document, asyncApiDocument())).toEqual([]);
  });

  it.each<[what: string, change: (document: Any) => void]>([
    ['an optional field', (document) => (claim(document).properties.note = { type: 'string' })],
    ['a message', (document) => (document.components.messages['voucher.moved.v1'] = { headers: {}, payload: {} })],
    ['other words', (document) => (claim(document).description = 'Otherwise')],
    ['a field in place of a noun', (document) => (claimed(document).properties.claim = claim(document))],
  ])('%s may come', (_what, change) => {
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
      'a field is needed that was not',
      'voucher.claimed.v1: /claim/lock is needed, and was not',
      (document) => claim(document).required.push('lock'),
    ],
    [
      'a new field is needed',
      'voucher.claimed.v1: /claim/note is needed, and was not',
      (document) => {
        claim(document).properties.note = { type: 'string' };
        claim(document).required.push('note');
      },
    ],
    [
      'a field may be absent that was always there',
      'voucher.claimed.v1: /claim/heldAt may be absent, and was always there',
      (document) => (claim(document).required = claim(document).required.filter((name: string) => name !== 'heldAt')),
    ],
    [
      'fewer values are told',
      'voucher.claimed.v1: /before enum was ["held","locked","redeemed","expired","released","revoked"], and is ["held"]',
      (document) => (claimed(document).properties.before.enum = ['held']),
    ],
    [
      'a type is another',
      'voucher.claimed.v1: /claim/uses type was "integer", and is "string"',
      (document) => (claim(document).properties.uses.type = 'string'),
    ],
    [
      'a header is gone',
      'voucher.claimed.v1, headers: /ce_sequence is gone',
      (document) => delete document.components.messages['voucher.claimed.v1'].headers.properties.ce_sequence,
    ],
    [
      'an event is gone from its topic',
      'voucher.outcomes.v1 no longer holds voucher.claimed.v1',
      (document) => delete document.channels.outcomes.messages['voucher.claimed.v1'],
    ],
    ['a topic is gone', 'topic voucher.pages.v1 is gone', (document) => delete document.channels.pages],
  ])('it is told where %s', (_what, fault, change) => {
    expect(breaks(asyncApiDocument(), changed(change))).toContain(fault);
  });
});
