import { describe, expect, it } from '@jest/globals';
import { asJudged, asRead, closed, judged, maybe, named, record, text, TIME, whole, withFields } from './schema.ts';

const NAME = judged(text(200), { minLength: 1, format: 'words' });
const THING = named('Thing', record({ name: NAME, at: TIME, count: maybe(judged(whole(1), whole(1, 9))) }));

describe('a schema with keywords for judges', () => {
  it('has none of them in documents', () => {
    expect(JSON.parse(JSON.stringify(THING))).toEqual({
      title: 'Thing',
      type: 'object',
      required: ['name', 'at'],
      properties: {
        name: { type: 'string', maxLength: 200 },
        at: { type: 'string', format: 'date-time' },
        count: { type: 'integer', minimum: 1 },
      },
    });
  });

  it('has them for judges, at any depth and after other changes', () => {
    const { properties } = asJudged(closed(withFields(THING, { again: judged(text(), NAME) })));
    expect(properties).toEqual({
      name: { type: 'string', minLength: 1, maxLength: 200, format: 'words' },
      at: { type: 'string', format: 'date-time' },
      count: { type: 'integer', minimum: 1, maximum: 9 },
      again: { type: 'string', minLength: 1, maxLength: 200, format: 'words' },
    });
  });

  it('asks readers neither for lengths nor for what texts mean', () => {
    expect(asRead(THING)['properties']).toEqual({
      name: { type: 'string' },
      at: { type: 'string', format: 'readable-time' },
      count: { type: 'integer', minimum: 1, maximum: 9 },
    });
  });

  it('takes other fields in place of its own', () => {
    const changed = withFields(THING, { at: maybe(TIME), more: text() });
    expect(changed['required']).toEqual(['name', 'more']);
  });
});
