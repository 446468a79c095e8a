import { expect, it } from '@jest/globals';
import { argumentsOf } from './arguments.ts';
import { Hint } from './hint.ts';

const USAGE = 'npm run count -- [--to 3]';
const read = (...args: string[]): unknown =>
  ({ ...argumentsOf({ args, options: { to: { type: 'string' } } }, USAGE).values }) as unknown;

it('reads what a command takes', () => {
  expect(read('--to', '3')).toEqual({ to: '3' });
});

it.each([[['--help']], [['--from', '3']], [['3']], [['--to']]])('answers %j with how the command is called', (args) => {
  expect(() => read(...args)).toThrow(Hint);
  expect(() => read(...args)).toThrow(`usage: ${USAGE}`);
});
