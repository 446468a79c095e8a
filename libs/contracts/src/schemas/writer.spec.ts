import { describe, expect, it } from '@jest/globals';
import { arrayOf, choice, COUNT, FLAG, mapOf, maybe, NUMBER, record, text, TIME } from './schema.ts';
import { remembered, writerOf, writtenOnce } from './writer.ts';

const THING = record({
  name: text(),
  count: COUNT,
  part: maybe(record({ isIn: FLAG, at: TIME, deeper: maybe(record({ kind: choice('a', 'b') })) })),
  list: maybe(arrayOf(NUMBER)),
  labels: maybe(mapOf(text())),
});
const full = {
  name: '"\u2028\ud800 券',
  count: 7,
  part: { isIn: true, at: '2026-11-01T00:00:00.000Z', deeper: { kind: 'a' as const } },
  list: [1.5, 2],
  labels: { '"': '\n' },
};

describe('a writer', () => {
  it.each([
    ['nothing that may be absent', { name: '', count: 0 }],
    ['everything', full],
    ['a part without a part', { ...full, part: { isIn: false, at: '' } }],
    ['what is undefined', { ...full, list: undefined, part: undefined }],
  ])('writes as JSON.stringify does: %s', (_, thing) => {
    const plain = writerOf(THING);
    const own = writerOf(THING, { part: JSON.stringify, list: writtenOnce(), labels: remembered() });
    for (const write of [plain, own, plain, own]) expect(write(thing)).toBe(JSON.stringify(thing));
  });

  it('leaves out fields that the schema has not', () => {
    expect(writerOf(record({ name: text() }))({ name: 'a', secret: 'b' } as { name: string })).toBe('{"name":"a"}');
  });

  it('is not made for an object whose first field may be absent', () => {
    expect(() => writerOf(record({ name: maybe(text()), count: COUNT }))).toThrow('name comes first');
  });

  it('writes an object once if nobody changes it', () => {
    const [once, last] = [writtenOnce(), remembered()];
    const list = [1];
    expect([once(list), last(list)]).toEqual(['[1]', '[1]']);
    list.push(2);
    expect([once(list), last(list), once([...list]), last([...list])]).toEqual(['[1]', '[1]', '[1,2]', '[1,2]']);
  });
});
