import { describe, expect, it } from '@jest/globals';
import { readTraceparent, traceparentOf } from './traceparent.ts';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';

describe('traceparent', () => {
  it.each(['00', '01', 'ff'])('is written as it was read, with the flags %s', (flags) => {
    const text = `00-${trace}-${span}-${flags}`;
    expect(traceparentOf(readTraceparent(text)!)).toBe(text);
  });

  it.each([
    undefined,
    null,
    '',
    `00-${trace}-${span}`,
    `01-${trace}-${span}-01`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace}-${span}-01-more`,
    `00-${trace}-${span}-01\n`,
  ])('is not valid: %j', (text) => {
    expect(readTraceparent(text)).toBeUndefined();
  });
});
